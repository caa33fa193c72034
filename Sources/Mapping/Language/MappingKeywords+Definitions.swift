import Core
import Transform

/// Parts of the language that occur in several places.
extension MappingKeywords {
  /// The type names of `source.extra`.
  static let types: [(name: String, type: ValueType)] = [
    ("any", .any), ("string", .string), ("integer", .integer), ("number", .number), ("decimal", .decimal),
    ("boolean", .boolean), ("list", .list(.any)), ("object", .object(ObjectShape([], others: .any))),
  ]

  static var definitions: [(name: String, schema: KeywordSchema.Definition)] {
    [
      ("field", .shape(fieldShape, "A path to copy; a map with `from` and the steps to apply; or a nested target.")),
      ("var", .shape(.anyOf([.word, .group(variableGroup)]), "A path, or a map with `from` and the steps to apply.")),
      (
        "default",
        .shape(
          .anyOf([.flat, .group(fallbackGroup), .map(.literal, atLeast: 0, except: ["from", "do"])]),
          "A literal, or a map with `from` and `do`.")
      ),
      (
        "lookup",
        .shape(
          .anyOf(lookupShapes),
          "A table: {KEY: VALUE, …}, or {file: CSV, key: COLUMN, values: COLUMNS}.")
      ),
      (
        "type",
        .shape(
          .anyOf([.words(types.map(\.name)), .list(.named("type"), counts: 1...1), .map(.named("type"), atLeast: 0)]),
          "A type's name, [TYPE] for a list, {MEMBER: TYPE} for an object.")
      ),
      (
        "privacy",
        .shape(
          .anyOf([.words(privacies), .map(.named("privacy"), atLeast: 0)]),
          "hash, last4, mask, never or show; a map for the members of a nested target.")
      ),
    ]
  }

  private static var lookupShapes: [KeywordShape] {
    let shapes: [KeywordShape] = [
      .group(lookupFileGroup), .group(lookupEntityGroup), .table(.scalar, without: ["file", "key"]),
    ]
    return shapes.filter { !$0.isReserved }
  }

  /// A nested target whose members are called like a word of the language is written `{fields: {…}}`: the compiler asks
  /// the target's schema which is meant, an editor cannot.
  private static var fieldShape: KeywordShape {
    .anyOf([
      .word, .group(fieldGroup),
      .group(
        KeywordGroup([Keyword("fields", .map(.named("field"), atLeast: 1), required: true, "The members of a nested target.")])),
      .map(.named("field"), atLeast: 1, except: fieldGroup.keywords.map(\.name) + ["fields"]),
    ])
  }

  static let lookupEntityGroup = KeywordGroup([
    Keyword("entity", .word, required: true, "An entity of the snapshot: user, business."),
    Keyword("key", .word, required: true, "The field that has the keys."),
    Keyword("values", .oneOrMore(.word), "The field (or fields) that have the values."),
    reviewKeyword,
  ])

  static let branchGroup = KeywordGroup([
    Keyword("when", .word, required: true, "A CEL condition."),
    Keyword("value", .literal, "The value if it holds."),
    Keyword("from", .word, "A path to read if it holds."),
    Keyword("expr", .word, "A CEL expression to evaluate if it holds."),
  ])

  static let ruleGroup = KeywordGroup([
    Keyword("id", .text, required: true, "The rule's name: its code in the ledger."),
    Keyword("assert", .word, required: true, "A CEL condition that must hold, on the target record."),
    Keyword("message", .text, "The message in the ledger if it does not hold."),
    Keyword("severity", .words(["error", "warning"]), "error rejects the record (the default); warning only reports it."),
  ])

  static let uniqueGroup = KeywordGroup([
    Keyword("fields", .oneOrMore(.word), required: true, "Target fields that are unique together."),
    Keyword("severity", .words(["error", "warning"]), "warning lets both records through."),
    Keyword("across", .words(["locations"]), "Unique across all locations, not within one."),
  ])

  static let mergeGroup = KeywordGroup([
    Keyword("by", .oneOrMore(.word), required: true, "Target fields that identify equal records."),
    Keyword("keep", .words(MergeRule.Keep.allCases.map(\.rawValue)), required: true, "Which of them survives."),
    Keyword(
      "fields", .map(.words(MergeRule.Preference.allCases.map(\.rawValue)), atLeast: 0),
      "Which record's value each field of the survivor takes."),
    Keyword("others", .words(MergeRule.Preference.allCases.map(\.rawValue)), "The same for all other fields."),
  ])

  static let testGroup = KeywordGroup(
    [
      Keyword("name", .text, required: true, "What the test is about."),
      Keyword("given", .map(.literal, atLeast: 0), "The source record."),
      Keyword("cases", .nonEmptyList(.group(caseGroup)), "A table of cases: each is merged over `given`."),
      Keyword("lookups", .map(.literal, atLeast: 0), "Tables that replace those of the mapping."),
      Keyword("settings", .group(settingsGroup), "Settings that replace those of the mapping."),
      Keyword("now", .word, "The start of the run."),
    ] + expectationKeywords)

  static let caseGroup = KeywordGroup(
    [
      Keyword("name", .text, "What the case is about."),
      Keyword("given", .map(.literal, atLeast: 0), "What differs in the source record."),
    ] + expectationKeywords)

  static let expectationKeywords: [Keyword] = [
    Keyword(
      "expect", .anyOf([.map(.literal, atLeast: 0), .list(.map(.literal, atLeast: 0))]),
      "Fields of the target record, with their values; a list if `each` produces several."),
    Keyword(
      "expect_exactly", .anyOf([.map(.literal, atLeast: 0), .list(.map(.literal, atLeast: 0))]),
      "The whole target record."),
    Keyword("expect_rejected", .anyOf([.word, .list(.word)]), "The codes of the errors that reject it."),
    Keyword("expect_filtered", .boolean, "Whether `where` leaves it out."),
    Keyword("expect_warnings", .anyOf([.word, .list(.word)]), "The codes of its warnings."),
  ]
}

extension KeywordShape {
  /// A group whose required key this version does not read.
  fileprivate var isReserved: Bool {
    if case .group(let group) = self { group.keywords.contains { $0.isRequired && $0.isReserved } } else { false }
  }
}
