import Core

/// Slugs of diagnostics: what is reported about a file before any record is read.
extension SlugReference {
  static let fileSlugs: [Entry] = [
    Entry(
      .yamlSyntax,
      "The file is not in the subset of YAML that Waybill reads: it has a syntax error, an anchor, alias or tag, a second document, or invalid UTF-8.",
      example: "email: {from: email", fix: "Fix the text at the given place; quote texts that contain ': ' or '#'."),
    Entry(
      .duplicateKey, "A key occurs twice in one map, so one of the two would be lost.",
      example: "email: email … email: emailLowerCase", fix: "Keep one of them, or rename the other."),
    Entry(
      .unknownKey, "The language has no such key here. Nothing is ignored: a misspelled key would change what the mapping does.",
      example: "on_eror: nullify", fix: "Spell it as in the hint, or remove it."),
    Entry(
      .wrongKind,
      "Something else is expected here: text, a number, a list, a map. Plain words that YAML 1.1 reads as a boolean or number must be quoted if text is meant.",
      example: "region: NO", fix: "Write the expected kind; quote texts: region: \"NO\"."),
    Entry(
      .missingKeyword, "A map lacks a required key.", example: "source: {key: id}",
      fix: "Add the key: source: {entity: contact, key: id}."),
    Entry(
      .inputMissing, "A required file does not exist, cannot be read or is empty.",
      example: "schema: schemas/contact.json, which does not exist",
      fix: "Fix the path; inside a file, paths are relative to that file."),
    Entry(
      .outsideProject,
      "A file refers to a file outside the project folder. Links are resolved first. The project is the nearest folder above with a waybill.yaml, or the one given with --project; without either, it is the folder of the file you named.",
      example: "schema: ../../elsewhere/contact.json",
      fix: "Copy the file into the project, or name the project's folder with --project."),
    Entry(
      .notRegularFile,
      "A file refers to a pipe, a socket or a device. Reading it might never end.",
      example: "schema: pipe.json, which `mkfifo` made", fix: "Save the content to a regular file and name that file."),
    Entry(
      .notSupportedYet, "The word belongs to the language, but this version does not support it yet.",
      example: "source: {ghl: {locations: […]}}", fix: "Remove it for now."),
    Entry(
      .updateErases,
      "An update of an HTTP destination replaces the whole record, and the mapping does not write all of the fields that the target schema has. What other systems have written there is erased.",
      example: "update: \"PUT /contacts/{remote_id}\", and no field 'phone' in the mapping",
      fix: "Map the fields, or write update_style: merge if the destination keeps them, or update_style: read-merge-put."),
    Entry(
      .ghlIgnores,
      "The mapping writes a field that GHL does not accept, or accepts only for new records. GHL refuses a whole record because of one unknown field, so such a field is never sent.",
      example: "additionalEmails: emails, in a mapping `to: contacts`",
      fix: "Remove the field from the mapping, or map it to one that GHL accepts, such as a custom field."),
    Entry(
      .schemaSyntax, "The schema file is not JSON, or not a JSON Schema.", example: "\"type\": \"text\"",
      fix: "Fix the text at the given place; types are string, integer, number, boolean, array, object, null."),
    Entry(
      .schemaUnsupported,
      "The schema is written for a draft or vocabulary that Waybill does not read, refers to a document it cannot read, or is larger than 16 MiB. It is refused rather than checked in part. A pattern that Waybill cannot evaluate is a warning: records in which it would have to be matched are rejected.",
      example: "\"$schema\": \"http://json-schema.org/draft-04/schema#\"",
      fix: "Convert the schema to draft 2020-12, or pass --schema-root for the folder that has the document."),
    Entry(
      .schemaNoEffect,
      "Something in an OpenAPI document has no effect on what is valid: by the specification, or because it is an annotation.",
      example: "\"nullable\": true beside \"$ref\"",
      fix:
        "None needed if that is what you expect. Otherwise express it in another way, as the hint says, or convert the document to OpenAPI 3.1."
    ),
    Entry(
      .literalSecret, "A secret is written in the file itself, where everyone who reads the file can see it.",
      example: "auth: {token: pit-1234}", fix: "Name the place where it is kept: {env: NAME}, {file: PATH} or {command: […]}."),
    Entry(
      .environmentMissing, "The file uses an environment variable that is not set.",
      example: "base_url: ${APP_URL}", fix: "Set it, or give a default: ${APP_URL:-https://…}."),
    Entry(
      .placeholderLeft, "The location is still the placeholder from a template or an example. No request is sent with it.",
      example: "location: YOUR_LOCATION_ID", fix: "Put the location's ID there, or into the variable that the file names."),
  ]

  static let nameSlugs: [Entry] = [
    Entry(
      .unknownSourceEntity, "The source has no such entity.", example: "source: {entity: contcat}",
      fix: "Name one that the message lists."),
    Entry(
      .unknownSourceField, "The source's records have no such field, so the target would always be empty.",
      example: "from: fristName",
      fix: "Spell it as in the hint; if the built-in shape does not have the field, declare it: source: {extra: {NAME: any}}."),
    Entry(
      .missingColumn,
      "The CSV file lacks a column that the mapping reads. This is reported before the first record, so that no field is silently empty.",
      example: "from: Fax, under the header id,Name,Phone",
      fix: "Spell it as the header does. If the column may be missing, set source: {optional: [Fax]}; it then reads as null."),
    Entry(
      DiagnosticCode.unknownCustomField,
      "No custom field has this key. Keys are those of the definitions (fieldKey without 'contact.'), not names or IDs.",
      example: "from: custom.plan_teir", fix: "Spell it as in the hint; 'waybill list fields' prints all keys."),
    Entry(
      .unknownLookup, "The mapping declares no lookup with this name.", example: "do: [{lookup: statusses}]",
      fix: "Declare it under 'lookups', or spell it as in the hint."),
    Entry(
      .unknownVar, "The mapping declares no var with this name.", example: "from: vars.fullname",
      fix: "Declare it under 'vars', or spell it as in the hint."),
    Entry(
      .unknownColumn, "A lookup's file has no such column, or the lookup does not list it under its values.",
      example: "do: [{lookup: owners.taem}]", fix: "Name a column of the file's first line, and list it under 'values'."),
    Entry(
      .unknownFunction, "The library has no such function.", example: "do: [trimm]",
      fix: "'waybill functions' lists all of them."),
    Entry(
      .unknownWord, "Only certain words are possible here.", example: "on_error: skip",
      fix: "Write one of the words that the message lists."),
    Entry(
      .unknownTargetField, "The target schema declares no such field, and does not allow others.",
      example: "fields: {emial: email}", fix: "Spell it as in the hint, or add it to the schema."),
    Entry(
      .badPath, "A path has invalid syntax, or leads through a value that has no such part.",
      example: "from: tags.name", fix: "Dotted names, [n], [member=text], custom.KEY, vars.NAME; a list needs [n] first."),
    Entry(
      .similarNames,
      "Two keys of a lookup look the same but differ in their bytes: a different Unicode form, look-alike letters, invisible characters. Or a field that is written or read looks like a declared one, where other names are allowed. Or an optional column is missing, and the input has one that looks like it.",
      example: "lookups: {plans: {\"caf\\u00e9\": a, \"cafe\\u0301\": b}}",
      fix: "Spell the name like the other one, as the hint shows; keep both if the data has both."),
    Entry(
      .lookupFile,
      "The file of a lookup was read, but something in it may be a mistake: a detected delimiter, skipped rows or empty cells are notes, "
        + "and quotes inside unquoted cells and control characters are warnings.",
      example: "lookup 'owners': 2 rows have a cell with a control character, which is kept",
      fix: "State how the file is written, such as file: {path: owners.csv, delimiter: \";\"}, or correct the file."),
    Entry(
      .unusedLookup, "No field uses the lookup.", example: "lookups: {old: {a: b}}", fix: "Remove it, or use it."),
    Entry(
      .unusedVar, "Nothing reads the var.", example: "vars: {old: {from: city}}", fix: "Remove it, or read it as vars.NAME."),
    Entry(
      .unusedOptional, "source.optional names a column or field that nothing reads: it has no effect, or is misspelled.",
      example: "optional: [Fx], where the mapping reads Fax", fix: "Spell it as the mapping reads it, or remove it."),
    Entry(
      .unmappedSourceField, "Source fields that the mapping does not read. That may be intended, so this is only a note.",
      example: "4 of 30 fields of ghl contact are not read: …", fix: "Map the field if the target needs it."),
    Entry(
      .listOnlyField,
      "A contact field that only lists return, in a pipeline that reads each contact by its ID: it is null in every record.",
      example: "followers: followers, beside phone: phone",
      fix: "Remove it, or remove the fields that need each contact to be read: `waybill plan` shows which ones those are."),
    Entry(
      .customFieldsNotChecked,
      "The mapping reads custom fields, but no definitions are available to check their keys and types against.",
      example: "plan: custom.plan_tier", fix: "Extract once, or name the definitions: source: {custom_fields: FILE}."),
    Entry(
      .sourceInferred,
      "Nothing describes the source: its fields were taken from the first records of the file, and may have any type. A field that they lack is not an error. A note at the path of a JSON file says that the file is one object with a list of objects, which may be the records.",
      example: "source: {entity: person, key: id}, over an NDJSON file",
      fix:
        "Describe the records with a JSON Schema: source: {schema: FILE}. For a list inside a document, add records: /LIST to the file."
    ),
    Entry(
      .targetNotChecked, "The mapping names no target schema, so its output cannot be checked.",
      example: "target: {entity: contact, key: contactId}", fix: "Add schema: FILE to 'target'."),
    Entry(
      .personalKey,
      "The field that identifies a record is personal data, and ledgers and outcomes name records by it, unmasked: otherwise nobody could find them.",
      example: "source: {entity: contact, key: email}",
      fix: "Use an ID as the key, or set pii: show on the field that the key feeds if this is intended."),
  ]

  static let typeSlugs: [Entry] = [
    Entry(
      .typeMismatch,
      "A function or an operator does not accept the type of the value that reaches it, or a default, an else or a case's "
        + "value has a different type from the values beside it.",
      example: "from: dnd, do: [lower] (dnd is a boolean); from: dateAdded, do: [date], default: never",
      fix: "Remove the function, or convert the value to what it accepts first; write the literal in the field's type."),
    Entry(
      .notAssignable, "The value's type does not fit the target field. Nothing is converted unless the mapping requests it.",
      example: "createdAt: {from: dateAdded, do: [datetime]} into an integer",
      fix: "End the chain with the function that produces the target's type: int, decimal, bool, date, datetime, join."),
    Entry(
      .badArgument,
      "A function or setting has an argument that it cannot work with, or lacks one; or an expression fails for every record.",
      example: "{truncate: {max: 0}}",
      fix: "'waybill functions NAME' prints its parameters."),
    Entry(
      .enumMember, "A constant, a default or a lookup's value is not in the target's enum.",
      example: "{lead: prospct} into enum [prospect, active]", fix: "Write one of the enum's values."),
    Entry(
      .lookupDeadKey, "A lookup has a key that no value reaching it can equal, so its entry never applies.",
      example: "do: [lower, {lookup: statuses}] with the key Lead",
      fix: "Write the key in the form that the value has at that point: lead."),
    Entry(
      .nullableIntoRequired,
      "The target requires the field, and its value may be null, or missing while the object around it is present: such records will be "
        + "rejected.",
      example: "name: firstName, where the schema requires name",
      fix: "Give a default, or set required: true if rejection is intended."),
    Entry(
      .nullableIntoNonNull,
      "The value may be null, but the target field, which is optional, does not accept null: every record with an empty value will be "
        + "rejected.",
      example: "nick: firstName, where the schema has nick: {type: string}",
      fix:
        "Set nulls: omit to leave the field out when it is null (settings: {nulls: omit} for all fields), give a default, or set required: true "
        + "if rejection is intended. For a list's elements: end the chain with compact."),
    Entry(
      .requiredNotMapped, "The target requires a field that no entry of the mapping writes: every record would be rejected.",
      example: "required: [contactId, name], and only contactId is mapped",
      fix: "Map the field to a source field, or give it a const if every record has the same value."),
    Entry(
      .unreviewedGuess,
      "`waybill init` guessed this, and the key 'review' has the reason. It may be wrong for records that are not in the sample.",
      example: "name: {from: fullName, review: \"another name with the same meaning\"}",
      fix: "Check that the value is the one you want, and remove the key 'review'."),
    Entry(
      .twoWriters, "Two entries write the same target field, or one writes part of what the other writes as a whole.",
      example: "address.city: city … address: {city: town}", fix: "Keep one of them."),
    Entry(
      .cyclicVar, "Vars that read one another in a cycle never have a value.", example: "a: {from: vars.b} … b: {from: vars.a}",
      fix: "Let one of them read the source."),
    Entry(
      .cyclicReferences,
      "Mappings run in the order of their references; mappings that reference one another in a cycle have none.",
      example: "contactId: {from: contactId, references: contacts} in contacts itself",
      fix: "Remove 'references' from one of them."),
    Entry(
      .tooLongForTarget, "A value is, or can be, longer than the target's maxLength.",
      example: "{truncate: 80} into maxLength 50",
      fix: "Shorten it to what the target accepts: {truncate: 50}."),
    Entry(
      .patternNeverMatches, "A value that the mapping itself writes does not match the target's pattern.",
      example: "const: abc into pattern ^[0-9]+$", fix: "Write a value that matches."),
    Entry(
      .expressionSyntax, "The text is not a CEL expression.", example: "when: \"type = 'lead'\"",
      fix: "Fix the text at the given place: equality is ==, and texts are quoted."),
    Entry(
      .expressionNotSupported, "A part of CEL that mappings do not support: protocol buffer messages, extensions.",
      example: "expr: \"Contact{name: 'Ada'}\"", fix: "Use the supported fields, functions and macros."),
    Entry(
      .nullableOperand,
      "A value that may be null is used where null is not allowed: the record would be rejected whenever it is absent.",
      example: "when: \"size(tags) > 0\"", fix: "Test it first: tags != null && size(tags) > 0."),
    Entry(
      .unreachableCase, "A branch of case can never be taken: an earlier one has the same condition.",
      example: "case: [{when: dnd, value: a}, {when: dnd, value: b}]", fix: "Remove it, or fix its condition."),
    Entry(
      .constantCondition, "A condition has the same result for every record.", example: "when: \"true\"",
      fix: "Remove it, or use a field in it."),
    Entry(
      .constantOutsideTarget,
      "A value that the mapping itself writes is outside what the target allows: its range, length or format.",
      example: "const: 7 into maximum 5", fix: "Write a value that the target accepts."),
  ]
}
