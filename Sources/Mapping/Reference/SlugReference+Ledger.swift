import Core

/// Slugs of ledger lines: what is reported about a record.
extension SlugReference {
  static let recordSlugs: [Entry] = [
    Entry(
      .invalidJSON, "The record is not valid JSON; the file's other records are read. The message gives the line and the byte.",
      example: "{\"id\": \"c1\",}", fix: "Fix the line, or the program that writes the file."),
    Entry(
      .invalidUTF8, "The record contains bytes that are not UTF-8, or half of a surrogate pair.",
      example: "\"name\": \"\\ud800\"",
      fix: "Save the file as UTF-8, or declare its encoding: --encoding windows-1252, or encoding beside its path in a pipeline."),
    Entry(
      .duplicateMember, "A member that the mapping reads occurs twice in the record, so it is unclear which one is meant.",
      example: "{\"id\": 1, \"id\": 2}", fix: "Fix the program that writes the file."),
    Entry(
      .recordTooLarge,
      "The record is larger than max_record_bytes (16 MiB unless source says otherwise) and was skipped without being buffered, or a field produces more than 128 MiB of values from it.",
      example: "a line of 20 MB; vars that double a text again and again",
      fix: "Look for a missing line break or an open quote; split records that are meant to be this large."),
    Entry(
      .recordTooDeep, "The record is nested deeper than 1,024 levels.", example: "[[[[…]]]]",
      fix: "Fix the program that writes the file."),
    Entry(
      .notAnObject, "A line of the input is valid JSON, but not an object.", example: "[1, 2]", fix: "Write one object per line."),
    Entry(
      .raggedRow, "A row of the CSV file has more or fewer cells than its first line has names.",
      example: "a,b,c under the header id,name",
      fix: "Quote cells that contain commas or line breaks."),
    Entry(
      .invalidCSV,
      "A row of the CSV file has text after a closing quote, a quote that is never closed, or spaces before an opening quote; with 'quotes: strict' also a quote inside an unquoted cell. Reading resumes on the line after the opening quote.",
      example: "c1,\"5\" pipe\"",
      fix: "Quote the whole cell and double the quotes inside it: \"5\"\" pipe\"."),
    Entry(
      .csvBareQuote,
      "An unquoted cell of the CSV row contains a quote. The quote is taken as text, and the row is read. The message names the column.",
      example: "c1,6'2\"",
      fix:
        "None needed if the text is right; otherwise quote the cell and double the quotes inside it. 'quotes: strict' rejects such rows as invalid-csv."
    ),
    Entry(
      .repeatedHeader,
      "A row of the CSV file is its header again: several files were joined. In a file with one column, only a header after a byte order mark counts as one.",
      example: "cat january.csv february.csv > all.csv",
      fix: "None needed: the row is not a record. Join the files without their headers to get rid of the rejected rows."),
    Entry(
      .controlCharacter,
      "A text of the CSV row or JSON record contains a control character, such as NUL, or a byte order mark. It is kept. In JSON, only escapes (\\u0000) are reported; if there is a mapping, only those in what it reads. Characters from U+0080 to U+009F are usually punctuation of a windows-1252 file that was converted as if it were Latin-1.",
      example: "c1,\"Ann\\u0000\"",
      fix: "Fix the program that writes the file, or its encoding; remove the character in the mapping with replace."),
    Entry(
      .csvResynchronized,
      "The row is on lines that a quoted cell would have swallowed if its quote had been valid (see invalid-csv). It may be a row, or text that only looks like one.",
      example: "the rows after c1,\"5 pipe",
      fix:
        "Fix the quote that the message names. Once you have checked the rows, source: {on_bad_quote: recover} lets them through with a warning."
    ),
    Entry(
      .neverPresent, "The mapping reads a field that no record of the NDJSON or JSON input has.",
      example: "from: fax, where no record has a member fax",
      fix: "Check the spelling and the export. If the field may be missing from all records, set source: {optional: [fax]}."),
    Entry(
      .missingKey,
      "The record has no text or number at source.key, so it cannot be identified. The message says what is there instead.",
      example: "{\"name\": \"Ada\"}",
      fix: "Fix the record, or name the field that identifies it as source.key."),
    Entry(
      .duplicateRecord, "GHL returned this record more than once during the extraction; the first one counts.",
      example: "the contact c1 on two pages of a list",
      fix: "None needed: it happens when records are added while the pages are read. Nothing is lost."),
    Entry(
      .sourceUnreadable, "The source returned something that cannot be read as a record.", example: "a page without 'contacts'",
      fix: "Try again; if it persists, give the trace ID to the source's support."),
    Entry(
      .sourceRefused,
      "The source refused this record or list, returned another in its place, or returned something unreadable: it is missing.",
      example: "403 for one contact; contact c0 where c1 was requested",
      fix: "Check the token's scopes and the record's location; look for a proxy that mixes up responses."),
    Entry(
      .notExtracted,
      "The source has records that the pipeline leaves out: contacts that belong to no business, or to one that `businesses` does "
        + "not name. The snapshot's outside.ndjson lists them.",
      example: "40 contacts without a business under without_business: count",
      fix: "Set without_business: include, or name the business under businesses; leaving them out is also fine."),
    Entry(
      ProblemCode.unknownCustomField,
      "Contacts have a custom field with an ID that the location does not define. Their records are not affected; the snapshot's "
        + "problems have one note for each such ID.",
      example: "\"customFields\": [{\"id\": \"x9\"}]",
      fix: "None needed if the field was deleted. Extract again if it is new."),
  ]

  static let valueSlugs: [Entry] = [
    Entry(
      .required, "The field is required and its value is null or missing.", example: "name: {from: firstName, required: true}",
      fix: "Fix the record, give a default, or remove 'required'."),
    Entry(
      .wrongType,
      "A value has a type that the field or a function does not accept, or a path leads through a value of an unexpected shape: through text "
        + "where an object is expected, or to a custom field that occurs several times with different values. Null, \"\", [] and {} "
        + "count as missing instead.",
      example: "\"email\": 7; \"attributionSource\": \"x\" where the mapping reads attributionSource.url",
      fix: "Fix the record, or choose on_error: nullify, default or keep."),
    Entry(
      .lookupMiss, "The lookup has no entry for the value.", example: "\"vendor\" in {lead: prospect}",
      fix: "Add the entry, or choose what happens: {lookup: {table: NAME, else: VALUE}} or miss: keep, nullify."),
    Entry(
      .phoneInvalid, "The text is not a possible phone number in its region; the message gives the reason.",
      example: "\"555-2671\"",
      fix: "Set settings.region or region_from for national numbers; or on_error: nullify."),
    Entry(
      .phoneExtensionDropped,
      "The phone number was written in E.164 form, which has no place for its extension; or the text has more than a number and "
        + "its extension: a second number after a slash, or parameters such as a subaddress.",
      example: "\"+1 415 555 2671 ext. 12\" became +14155552671",
      fix: "Keep it: {phone: {extension: keep}} writes +14155552671;ext=12. If you do not need it, write extension: drop. "
        + "Anything more than an extension is reported in any case: split the text first, or clean the source."),
    Entry(.emailInvalid, "The text is not an e-mail address.", example: "\"ada@\"", fix: "Fix the record, or on_error: nullify."),
    Entry(
      .dateInvalid,
      "The value matches none of the formats, or names a day that does not exist. A bare number is never taken as a date: it "
        + "could be an Excel day count, seconds or milliseconds since 1970, or a date without separators.",
      example: "\"31/02/2024\"; 45361 without formats",
      fix: "Name the format: {date: {formats: [iso, \"dd/MM/yyyy\"]}}, and for numbers excel, excel_1904, epoch_s or epoch_ms."),
    Entry(
      .dateGap, "The local time does not exist in its zone: clocks were set forward past it.",
      example: "2024-03-10 02:30 in America/New_York",
      fix: "Choose gap: earlier or later."),
    Entry(
      .dateOverlap,
      "The local time occurs twice in its zone: clocks were set back. The earlier one is used unless the mapping chooses.",
      example: "2024-11-03 01:30 in America/New_York", fix: "Choose overlap: reject, earlier or later."),
    Entry(
      .numberInvalid,
      "The value is not a number of the expected kind, or is out of range. Marks, symbols, parentheses and exponents in a text have to be "
        + "declared; the message names the parameter. A text such as 4.41E+11 has lost digits, mostly to Excel.",
      example: "int of \"12.5\"; decimal of \"1,234.50\"",
      fix: "Declare how the numbers are written: {decimal: {group_mark: \",\"}}; or use decimal or number; or on_error: nullify."),
    Entry(
      .countryUnknown, "The text is neither an ISO 3166-1 country code nor a known country name.", example: "\"Atlantis\"",
      fix: "Put a lookup before it, or on_error: nullify."),
    Entry(
      .languageUnknown, "The text is not an ISO 639 code, a language tag, or a known language name.",
      example: "\"Klingonish\"", fix: "Put a lookup before it, or on_error: nullify."),
    Entry(
      .urlInvalid, "The text is not the URL of a web page; the message says what is wrong with it.",
      example: "\"ada@example.com\"",
      fix: "Fix the record, or on_error: nullify."),
    Entry(
      .postalCodeInvalid, "The text does not have the form of a postal code in its country.", example: "\"9410\" in the US",
      fix: "Set settings.region or region_from, so that the right country's form is used; or on_error: nullify."),
    Entry(
      .expressionError,
      "An expression has no value for this record: a division by zero, an overflow, a text that is not a number.",
      example: "expr: \"int(custom.size)\" on \"large\"",
      fix: "Test for it in the expression first, or set on_error to say what happens to such records."),
    Entry(
      .rule, "A rule under validate failed; ledger lines have the rule's own ID.",
      example: "assert: \"email != null || phone != null\"", fix: "Fix the record, or the rule."),
    Entry(
      .patternLimit,
      "A pattern was stopped after too many steps on this value, or it is a schema pattern that Waybill cannot evaluate; in that case, the schema's diagnostics report it.",
      example: "(a+)+$ on a long text",
      fix: "Rewrite the pattern without nested repetitions."),
    Entry(
      .formulaEscaped, "The CSV cell would run as a formula in a spreadsheet, so it was given a leading apostrophe.",
      example: "=1+1",
      fix: "None needed; set escape_formulas: false if only programs read the file."),
  ]

  static let schemaSlugs: [Entry] = [
    Entry(
      .schemaType, "The target value is of a type that the schema does not allow here.", example: "null where type is string",
      fix: "Give a default, nulls: omit, or end the chain with the right function."),
    Entry(
      .schemaRequired, "The finished record lacks a member that the schema requires.", example: "no 'name'",
      fix: "Give the field a default, or fix the source."),
    Entry(
      .schemaEnum, "The value is not in the enum.", example: "\"vendor\" in [prospect, active]",
      fix: "Map it through a lookup."),
    Entry(
      .schemaConst, "The value is not the one that the schema requires.", example: "\"crm\" where const is \"ghl\"",
      fix: "Write it as a constant: {const: ghl}."),
    Entry(
      .schemaFormat, "The text does not have the format that the schema names.", example: "\"ada@\" as email",
      fix: "Use the function for that format: email, date, datetime; or on_error: nullify."),
    Entry(
      .schemaMinLength, "The text is shorter than minLength.", example: "\"\" where minLength is 1",
      fix: "Give a default; blank texts read as null unless blank_is_null is false."),
    Entry(
      .schemaMaxLength, "The text is longer than maxLength.", example: "81 characters where maxLength is 80",
      fix: "Shorten it: {truncate: 80}."),
    Entry(
      .schemaPattern, "The text does not match the schema's pattern.", example: "\"4155552671\" for ^\\+",
      fix: "Use a function that produces the form: phone, digits, replace."),
    Entry(
      .schemaMinimum, "The number is below minimum.", example: "-1 where minimum is 0",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaMaximum, "The number is above maximum.", example: "101 where maximum is 100",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaExclusiveMinimum, "The number is not above exclusiveMinimum.", example: "0 where exclusiveMinimum is 0",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaExclusiveMaximum, "The number is not below exclusiveMaximum.", example: "1 where exclusiveMaximum is 1",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaMultipleOf, "The number is not a multiple of multipleOf.", example: "0.125 where multipleOf is 0.01",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaMinItems, "The list has fewer elements than minItems.", example: "[] where minItems is 1", fix: "Give a default."),
    Entry(
      .schemaMaxItems, "The list has more elements than maxItems.", example: "60 tags where maxItems is 50",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaUniqueItems, "The list contains an element twice.", example: "[\"vip\", \"vip\"]",
      fix: "Keep the first of each: do: [unique]."),
    Entry(
      .schemaMinProperties, "The object has fewer members than minProperties.", example: "{} where minProperties is 1",
      fix: "Map more of its members."),
    Entry(
      .schemaMaxProperties, "The object has more members than maxProperties.", example: "4 where maxProperties is 3",
      fix: "Map fewer of its members."),
    Entry(
      .schemaAdditionalProperties, "The object has a member that the schema does not allow.", example: "'fax' in the address",
      fix: "Map the members that you want one by one."),
    Entry(
      .schemaAnyOf, "The value matches none of the schemas in anyOf.", example: "neither email nor phone is present",
      fix: "Map what one of them requires, or fix the source."),
    Entry(
      .schemaOneOf, "The value matches none of the schemas in oneOf, or more than one.", example: "both company and person",
      fix: "Map what tells the alternatives apart."),
    Entry(
      .schemaNot, "The value matches the schema in not.", example: "\"test\" where not is {\"const\": \"test\"}",
      fix: "Fix the source, or filter such records out with where."),
    Entry(
      .schemaThen, "The value matches if, but not then.", example: "\"then\": false",
      fix: "Fix what if describes."),
    Entry(
      .schemaElse, "The value matches neither if nor else.", example: "\"else\": false",
      fix: "Fix what if describes."),
    Entry(
      .schemaContains, "No element of the list matches contains.", example: "no primary address",
      fix: "Map an element of that kind, or allow the list in the schema."),
    Entry(
      .schemaMinContains, "Fewer elements than minContains match contains.", example: "1 where minContains is 2",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaMaxContains, "More elements than maxContains match contains.", example: "2 where maxContains is 1",
      fix: "Fix the source, or allow it in the schema."),
    Entry(
      .schemaDependentRequired, "A member is missing that is required because another is present.",
      example: "creditCard without billingAddress", fix: "Map the missing member, or leave out the other."),
    Entry(
      .schemaDependentSchemas, "No value is allowed here because another member is present.",
      example: "\"dependentSchemas\": {\"fax\": false}", fix: "Leave out the other member."),
    Entry(
      .schemaDependencies, "Because another member is present, a member is missing or no value is allowed here (draft-07).",
      example: "creditCard without billingAddress", fix: "Map the missing member, or leave out the other."),
    Entry(
      .schemaPropertyNames, "The name of a member does not match propertyNames.", example: "\"First Name\" for ^[a-z]+$",
      fix: "Map the member under another name."),
    Entry(
      .schemaPatternProperties, "The schema allows no member of this name here.",
      example: "\"patternProperties\": {\"^_\": false}",
      fix: "Leave the member out."),
    Entry(
      .schemaItems, "The list has more elements than its schema describes.",
      example: "3 where prefixItems has 2 and items is false",
      fix: "Keep only the elements that you want."),
    Entry(
      .schemaAdditionalItems, "The list has more elements than its schema describes.",
      example: "3 where items has 2 and additionalItems is false", fix: "Keep only the elements that you want."),
    Entry(
      .schemaUnevaluatedItems, "No part of the schema describes this element, and unevaluatedItems is false.",
      example: "a third element where allOf describes two", fix: "Keep only the elements that you want."),
    Entry(
      .schemaUnevaluatedProperties, "No part of the schema describes this member, and unevaluatedProperties is false.",
      example: "'fax' in a contact", fix: "Leave the member out, or describe it in the schema."),
    Entry(
      .schemaContentEncoding, "The text is not base64, which a draft-07 schema requires.",
      example: "\"100%\" under contentEncoding: base64", fix: "Encode the value, or leave it out."),
    Entry(
      .schemaContentMediaType, "The text, perhaps within base64, is not JSON, which a draft-07 schema requires.",
      example: "\"{a}\" under contentMediaType: application/json", fix: "Give the JSON text of the value, or leave it out."),
    Entry(
      .schemaLimit, "The schema takes too many steps on this value: it recurses or branches without end.",
      example: "anyOf within anyOf, each referring to the whole", fix: "Make the schema simpler."),
    Entry(.schemaFalse, "The schema allows no value here at all.", example: "\"fax\": false", fix: "Leave the field out."),
  ]
}
