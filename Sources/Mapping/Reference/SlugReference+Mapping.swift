import Core

/// Slugs of diagnostics: what is said of a file before any record is read.
extension SlugReference {
  static let fileSlugs: [Entry] = [
    Entry(
      .yamlSyntax,
      "The file is no YAML that these files use: a syntax error, an anchor, alias or tag, a second document, invalid UTF-8.",
      example: "email: {from: email", fix: "Fix what stands at the place; quote texts that have ': ' or '#' in them."),
    Entry(
      .duplicateKey, "A key stands twice in one map, so that one of the two would be lost.",
      example: "email: email … email: emailLowerCase", fix: "Keep one of them, or rename the other."),
    Entry(
      .unknownKey, "The language has no such key here. Nothing is ignored: a misspelt key would change what the mapping does.",
      example: "on_eror: nullify", fix: "Spell it as the hint says, or leave it out."),
    Entry(
      .wrongKind,
      "Something else is expected here: text, a number, a list, a map. Plain words that YAML 1.1 reads as a boolean or number must be quoted where text is meant.",
      example: "region: NO", fix: "Write the kind that is asked for; quote texts: region: \"NO\"."),
    Entry(
      .missingKeyword, "A map lacks a key that it cannot do without.", example: "source: {key: id}",
      fix: "Add the key: source: {entity: contact, key: id}."),
    Entry(
      .inputMissing, "A file that is needed is not there, cannot be read or is empty.",
      example: "schema: schemas/contact.json, which does not exist",
      fix: "Fix the path; inside a file, paths are relative to that file."),
    Entry(
      .outsideProject,
      "A file refers to a file outside the project folder, or to a pipe or a device. Links are resolved first. The project is the nearest folder above with a waybill.yaml, or the one given with --project; without either, it is the folder of the file you named.",
      example: "schema: ../../elsewhere/contact.json",
      fix: "Copy the file into the project, or name the project's folder with --project."),
    Entry(
      .notSupportedYet, "The word belongs to the language, and this version does not do it yet.",
      example: "where: \"type != 'internal'\"", fix: "Leave it out for now."),
    Entry(
      .schemaSyntax, "The schema file is no JSON, or no JSON Schema.", example: "\"type\": \"text\"",
      fix: "Fix what stands at the place; types are string, integer, number, boolean, array, object, null."),
    Entry(
      .schemaUnsupported, "The schema uses a keyword that this version does not check; it is refused rather than ignored.",
      example: "\"if\": {…}", fix: "Leave the keyword out of the copy that Waybill reads."),
    Entry(
      .literalSecret, "A secret stands in the file itself, where everyone who reads the file sees it.",
      example: "auth: {token: pit-1234}", fix: "Name where it is kept: {env: NAME}, {file: PATH} or {command: […]}."),
    Entry(
      .environmentMissing, "The file asks for an environment variable that is not set.",
      example: "base_url: ${APP_URL}", fix: "Set it, or give a default: ${APP_URL:-https://…}."),
  ]

  static let nameSlugs: [Entry] = [
    Entry(
      .unknownSourceEntity, "The source has no such entity.", example: "source: {entity: contcat}",
      fix: "Name one that the message lists."),
    Entry(
      .unknownSourceField, "The source's records have no such field, so that the target would be empty for ever.",
      example: "from: fristName",
      fix: "Spell it as the hint says; a field that the built-in shape does not know is declared: source: {extra: {NAME: any}}."),
    Entry(
      .missingColumn,
      "The CSV file has no column that the mapping reads. It is reported before the first record, so that no field is silently empty.",
      example: "from: Fax, under the header id,Name,Phone",
      fix: "Spell it as the header does. If the column may be missing, set source: {optional: [Fax]}; it then reads as null."),
    Entry(
      DiagnosticCode.unknownCustomField,
      "No custom field has this key. Keys are those of the definitions (fieldKey without 'contact.'), not names or ids.",
      example: "from: custom.plan_teir", fix: "Spell it as the hint says; 'waybill list fields' prints all keys."),
    Entry(
      .unknownLookup, "The mapping declares no lookup of this name.", example: "do: [{lookup: statusses}]",
      fix: "Declare it under 'lookups', or spell it as the hint says."),
    Entry(
      .unknownVar, "The mapping declares no var of this name.", example: "from: vars.fullname",
      fix: "Declare it under 'vars', or spell it as the hint says."),
    Entry(
      .unknownColumn, "A lookup's file has no such column, or the lookup does not take it into its values.",
      example: "do: [{lookup: owners.taem}]", fix: "Name a column of the file's first line, and list it under 'values'."),
    Entry(
      .unknownFunction, "The library has no such function.", example: "do: [trimm]",
      fix: "'waybill functions' lists all of them."),
    Entry(
      .unknownWord, "Only certain words are possible here.", example: "on_error: skip",
      fix: "Write one of the words that the message lists."),
    Entry(
      .unknownTargetField, "The target schema declares no such field, and does not say that others are allowed.",
      example: "fields: {emial: email}", fix: "Spell it as the hint says, or add it to the schema."),
    Entry(
      .badPath, "A path is not written as paths are, or leads through a value that has no such part.",
      example: "from: tags.name", fix: "Dotted names, [n], [member=text], custom.KEY, vars.NAME; a list needs [n] first."),
    Entry(
      .similarNames,
      "Two keys of a lookup look the same but differ in their bytes: a different Unicode form, look-alike letters, invisible characters. Or a field that is written or read looks like a declared one, where other names are allowed.",
      example: "lookups: {plans: {\"caf\\u00e9\": a, \"cafe\\u0301\": b}}",
      fix: "Spell the name like the other one, as the hint shows; keep both if the data has both."),
    Entry(
      .unusedLookup, "A lookup that no field uses.", example: "lookups: {old: {a: b}}", fix: "Remove it, or use it."),
    Entry(
      .unusedVar, "A var that nothing reads.", example: "vars: {old: {from: city}}", fix: "Remove it, or read it as vars.NAME."),
    Entry(
      .unusedOptional, "source.optional names a column or field that nothing reads: it has no effect, or is misspelt.",
      example: "optional: [Fx], where the mapping reads Fax", fix: "Spell it as the mapping reads it, or leave it out."),
    Entry(
      .unmappedSourceField, "Source fields that the mapping does not read. That may be meant: it is a note.",
      example: "4 of 30 fields of ghl contact are not read: …", fix: "Map the field if Your App wants it."),
    Entry(
      .listOnlyField,
      "A field of contacts that only their lists give, in a pipeline that reads each contact by its id: it is null in every record.",
      example: "followers: followers, beside phone: phone",
      fix: "Leave it out, or leave out what is read of each contact: `waybill plan` shows which fields those are."),
    Entry(
      .customFieldsNotChecked,
      "The mapping reads custom fields, and no definitions are at hand to check their keys and types against.",
      example: "plan: custom.plan_tier", fix: "Extract once, or name the definitions: source: {custom_fields: FILE}."),
    Entry(
      .targetNotChecked, "The mapping names no target schema, so that nothing can be checked against it.",
      example: "target: {entity: contact, key: contactId}", fix: "Add schema: FILE to 'target'."),
    Entry(
      .personalKey,
      "The field that identifies a record is personal, and ledgers and outcomes name records by it, as it is: otherwise nobody could find them.",
      example: "source: {entity: contact, key: email}",
      fix: "Use an id as the key, or say pii: show for the field that the key feeds if that is meant."),
  ]

  static let typeSlugs: [Entry] = [
    Entry(
      .typeMismatch,
      "A function or an operator cannot take the type of the value that reaches it, or a default, an else or a case's value has another "
        + "type than the values that it stands beside.",
      example: "from: dnd, do: [lower] (dnd is a boolean); from: dateAdded, do: [date], default: never",
      fix: "Leave the function out, or turn the value into what it takes first; write the literal as the field's type has it."),
    Entry(
      .notAssignable, "The value's type cannot go into the target field. Nothing is converted unless the mapping says so.",
      example: "createdAt: {from: dateAdded, do: [datetime]} into an integer",
      fix: "End the chain with the function that gives the target's type: int, decimal, bool, date, datetime, join."),
    Entry(
      .badArgument,
      "A function or setting has an argument that it cannot work with, or lacks one; or an expression fails for every record.",
      example: "{truncate: {max: 0}}",
      fix: "'waybill functions NAME' prints its parameters."),
    Entry(
      .enumMember, "A constant, a default or a lookup's value is none of those that the target's enum allows.",
      example: "{lead: prospct} into enum [prospect, active]", fix: "Write one of the enum's values."),
    Entry(
      .lookupDeadKey, "A lookup has a key that no value which reaches it can be, so that its entry never applies.",
      example: "do: [lower, {lookup: statuses}] with the key Lead",
      fix: "Write the key as the value looks when it gets there: lead."),
    Entry(
      .nullableIntoRequired,
      "The target requires the field, and its value may be null, or missing while the object around it is there: such records will be "
        + "rejected.",
      example: "name: firstName, where the schema requires name",
      fix: "Give a default, or say required: true if rejection is intended."),
    Entry(
      .nullableIntoNonNull,
      "The value may be null, but the target field, which is optional, does not take null: every record with an empty value will be "
        + "rejected.",
      example: "nick: firstName, where the schema has nick: {type: string}",
      fix:
        "Write nulls: omit to leave the field out where it is null (settings: {nulls: omit} for all fields), a default, or required: true "
        + "if rejection is intended. For a list's elements: end the chain with compact."),
    Entry(
      .requiredNotMapped, "The target requires a field that no entry of the mapping writes: every record would be rejected.",
      example: "required: [contactId, name], and only contactId is mapped",
      fix: "Map the field to a source field, or give it a const if every record has the same value."),
    Entry(
      .unreviewedGuess,
      "`waybill init` guessed this, and the key 'review' says why. It may be wrong for records that the sample does not have.",
      example: "name: {from: fullName, review: \"another name with the same meaning\"}",
      fix: "Check that the value is the one you want, and remove the key 'review'."),
    Entry(
      .twoWriters, "Two entries write one target field, or one a part of what the other writes whole.",
      example: "address.city: city … address: {city: town}", fix: "Keep one of them."),
    Entry(
      .cyclicVar, "Vars that read one another in a circle never have a value.", example: "a: {from: vars.b} … b: {from: vars.a}",
      fix: "Let one of them read the source."),
    Entry(
      .cyclicReferences,
      "Mappings run in the order of their references; mappings that reference one another in a circle have none.",
      example: "contactId: {from: contactId, references: contacts} in contacts itself",
      fix: "Leave 'references' out in one of them."),
    Entry(
      .tooLongForTarget, "A value is, or can be, longer than the target's maxLength.",
      example: "{truncate: 80} into maxLength 50",
      fix: "Cut it to what the target takes: {truncate: 50}."),
    Entry(
      .patternNeverMatches, "A value that the mapping itself writes does not match the target's pattern.",
      example: "const: abc into pattern ^[0-9]+$", fix: "Write a value that matches."),
    Entry(
      .expressionSyntax, "The text is no expression of CEL.", example: "when: \"type = 'lead'\"",
      fix: "Fix what stands at the place: equality is ==, and texts stand in quotes."),
    Entry(
      .expressionNotSupported, "A part of CEL that mappings do without: messages of protocol buffers, extensions.",
      example: "expr: \"Contact{name: 'Ada'}\"", fix: "Use the fields, functions and macros of the language."),
    Entry(
      .nullableOperand,
      "A value that may be null stands where null is no value: the record would be rejected whenever it is absent.",
      example: "when: \"size(tags) > 0\"", fix: "Say first that it is there: tags != null && size(tags) > 0."),
    Entry(
      .unreachableCase, "A branch of case can never be taken: one before it has the same condition.",
      example: "case: [{when: dnd, value: a}, {when: dnd, value: b}]", fix: "Leave it out, or fix its condition."),
    Entry(
      .constantCondition, "A condition comes out the same for every record.", example: "when: \"true\"",
      fix: "Leave it out, or name a field in it."),
    Entry(
      .constantOutsideTarget,
      "A value that the mapping itself writes is outside what the target allows: its range, length or format.",
      example: "const: 7 into maximum 5", fix: "Write a value that the target takes."),
  ]
}
