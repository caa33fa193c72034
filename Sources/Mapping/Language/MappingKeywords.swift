import Core
import Records
import Transform

/// The keywords of the mapping language, version 1: one table for the parser, and for the editors' schema of `MappingSchema`.
/// A key that belongs to the language but is not supported by this version is `reserved`: the parser refuses it by name, and
/// the schema omits it; removing the flag makes both accept it.
enum MappingKeywords {
  static let documentGroup = KeywordGroup([
    Keyword("mapping", .integer(1...1), required: true, "The version of the mapping language: 1."),
    Keyword(
      "name", .text, required: true, "The mapping's name in files, ledgers and reports: letters, digits, '-', '_', '.'."),
    Keyword("source", .group(sourceGroup), required: true, "Which records it reads."),
    Keyword("target", .group(targetGroup), required: true, "Which records it writes."),
    Keyword("settings", .group(settingsGroup), "Settings for all fields: time zone, phone region, blank texts."),
    Keyword("lookups", .map(.named("lookup"), atLeast: 0), "Tables by name, for the function `lookup`."),
    Keyword("vars", .map(.named("var"), atLeast: 0), "Values that several fields share, read as `vars.NAME`."),
    Keyword("where", .word, "A CEL condition on the source record; other records are counted as `filtered`."),
    Keyword("fields", .map(.named("field"), atLeast: 1), required: true, "The target's fields, each with its source."),
    Keyword("validate", .list(.group(ruleGroup)), "Rules on the finished target record."),
    Keyword("unique", .list(.anyOf([.word, .group(uniqueGroup)])), "Fields whose values must be unique."),
    Keyword("merge", .group(mergeGroup), "Which of several source records for one target survives."),
    Keyword("pii", .map(.named("privacy"), atLeast: 0), "How values of target fields may look in ledgers, logs and reports."),
    Keyword("tests", .list(.group(testGroup)), "Examples with their expected results; `waybill test` runs them."),
  ])

  static let sourceGroup = KeywordGroup([
    Keyword("entity", .word, required: true, "The kind of record: contact, task, note, appointment, business, or your own."),
    Keyword("key", .word, "The field that identifies a record; never null. GHL's entities have `id`."),
    Keyword("updated_at", .word, "The field with the time of a record's last change."),
    Keyword("each", .word, "A list of the record: one target record per element; `item` is the element, `parent` the record."),
    Keyword("extra", .map(.named("type"), atLeast: 0), "Fields that the built-in schema does not know, with their types."),
    Keyword("schema", .text, "A JSON Schema file that describes the source, if it is not GHL's."),
    Keyword("custom_fields", .text, "A file with custom field definitions, if no snapshot has them."),
    Keyword("optional", .oneOrMore(.word), "Columns or fields that the input may lack; missing ones read as null."),
    Keyword(
      "on_bad_quote", .words(RecordReading.BadQuote.allCases.map(\.rawValue)),
      "What to do with CSV rows after a bad quoted cell: reject them (the default), or recover them with a warning."),
    Keyword(
      "max_record_bytes", .integer(RecordReading.recordBytes),
      "A record larger than this is skipped and rejected (default 16777216); a bad quoted cell of that size stops reading."),
    reviewKeyword,
  ])

  static let targetGroup = KeywordGroup([
    Keyword("entity", .word, "What the target calls such a record (default: the mapping's name)."),
    Keyword("key", .oneOrMore(.word), required: true, "The target field (or fields) that identifies a record."),
    Keyword("schema", .text, "The target's JSON Schema file; without it nothing is checked against the target."),
    reviewKeyword,
  ])

  static let settingsGroup = KeywordGroup([
    Keyword("timezone", .text, "The time zone of times without an offset: an IANA name such as Europe/Berlin, or location."),
    Keyword("region", .text, "The region of phone numbers without a country code: two capital letters, such as US."),
    Keyword("region_from", .word, "The source field whose country takes precedence over `region`."),
    Keyword("blank_is_null", .boolean, "Whether an empty text reads as null (default true)."),
    Keyword(
      "nulls", .words(["omit", "write"]), "Whether null is written (the default) or left out, unless a field says otherwise."),
  ])

  static let fieldGroup = KeywordGroup(
    [
      Keyword("from", .oneOrMore(.word), "A source path, or a list of paths that gives a list."),
      Keyword("const", .literal, "A value that is the same for every record."),
      Keyword("expr", .word, "A CEL expression."),
      Keyword("case", .nonEmptyList(.group(branchGroup)), "The value of the first condition that holds."),
      Keyword("else", .literal, "The value if no `case` holds."),
      Keyword("when", .word, "A CEL condition; if it is false, the field is missing."),
      Keyword("do", .list(.named("step")), "Functions that the value goes through, from left to right."),
      Keyword("default", .named("default"), "What replaces null: a literal, or a map with `from` and `do`."),
      Keyword("required", .boolean, "Whether a record without a value is rejected."),
      Keyword(
        "on_error", .words(FieldModel.OnError.allCases.map(\.rawValue)),
        "What an error in the chain does: reject the record (the default), nullify, use the default, or keep the source value."
      ),
      Keyword("write", .words(["create"]), "create: write the field only when the record is created."),
      Keyword("nulls", .words(["omit", "write"]), "Whether null is written or left out."),
      Keyword("references", .word, "A mapping that must have let through a record with the value as its key."),
      Keyword("pii", .words(privacies), "How the value may look in ledgers, logs and reports."),
      reviewKeyword,
    ], alternatives: ["from", "const", "expr", "case"])

  /// Keywords of a var: none that are about writing.
  static let variableGroup = fieldGroup.only(
    ["from", "const", "expr", "case", "else", "do", "default", "required", "on_error", "review"],
    alternatives: fieldGroup.alternatives)

  static let fallbackGroup = KeywordGroup([
    Keyword("from", .oneOrMore(.word), required: true, "A source path, or a list of paths that gives a list."),
    Keyword("do", .list(.named("step")), "Functions that the value goes through."),
  ])

  static let lookupFileGroup = KeywordGroup([
    Keyword(
      "file", FileKeywords.shape(.csv), required: true,
      "A CSV file, relative to the mapping, or a map of its path and how it is read."),
    Keyword("key", .word, required: true, "The column that has the keys."),
    Keyword("values", .oneOrMore(.word), "The column (or columns) that have the values (default: all others)."),
    reviewKeyword,
  ])

  /// `init` writes it next to everything it guesses; `check` reports it until a person removes it.
  static let reviewKeyword = Keyword(
    "review", .text, "Why this is a guess. `check` reports it as unreviewed-guess until you remove the key.")

  static let privacies = Privacy.allCases.map(\.rawValue)
}
