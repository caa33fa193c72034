/// Every code that a ledger line can carry, in one list.
///
/// The raw value is what the hot path stores; `slug` is what users see.
package enum ProblemCode: UInt16, Sendable, CaseIterable, Hashable, BitwiseCopyable {
  case invalidJSON, invalidUTF8, duplicateMember, recordTooLarge, recordTooDeep, notAnObject, raggedRow
  case missingKey, required, wrongType, lookupMiss
  case phoneInvalid, emailInvalid, dateInvalid, dateGap, dateOverlap, numberInvalid, countryUnknown, patternLimit
  case formulaEscaped, duplicateRecord
  case schemaType, schemaRequired, schemaEnum, schemaConst, schemaFormat, schemaMinLength, schemaMaxLength
  case schemaPattern, schemaMinimum, schemaMaximum, schemaExclusiveMinimum, schemaExclusiveMaximum, schemaMultipleOf
  case schemaMinItems, schemaMaxItems, schemaUniqueItems, schemaMinProperties, schemaMaxProperties
  case schemaAdditionalProperties, schemaFalse
  case sourceUnreadable, sourceRefused, unknownCustomField
  /// A row of a CSV file with a misplaced quote, or one that is never closed.
  case invalidCSV
  /// An expression that has no value for this record.
  case expressionError
  /// A rule under `validate`; ledger lines carry its own id.
  case rule
  case languageUnknown, urlInvalid, postalCodeInvalid
  /// Conflicts between records.
  case notUnique, merged, orphan
  case schemaAnyOf, schemaOneOf, schemaNot, schemaThen, schemaElse, schemaContains, schemaMinContains, schemaMaxContains
  case schemaDependentRequired, schemaDependentSchemas, schemaDependencies, schemaPropertyNames, schemaPatternProperties
  case schemaItems, schemaAdditionalItems, schemaUnevaluatedItems, schemaUnevaluatedProperties
  case schemaContentEncoding, schemaContentMediaType
  /// Schema and value together nest or branch beyond the limits.
  case schemaLimit
  /// Records that the source has but the pipeline leaves out.
  case notExtracted
  /// A row of a CSV file on lines that a bad quoted cell would have swallowed.
  case csvResynchronized
  /// A field that the mapping reads but no record has.
  case neverPresent
  /// A phone number was written without its extension.
  case phoneExtensionDropped
  /// A row of a CSV file that repeats its header.
  case repeatedHeader
  /// An unquoted cell of a CSV file with a quote inside, taken as text.
  case csvBareQuote
  /// A text in the record contains a control character.
  case controlCharacter
  /// The destination refuses the record.
  case destinationRefused
  /// The destination has a record with this key already, and the pipeline says to reject those.
  case alreadyExists
  /// The destination reports a conflict with a record that has another key.
  case conflictNotOurs
  /// The record to be updated does not exist at the destination any more.
  case goneAtDestination
  case requestTooLarge
  /// The record's values make no valid request.
  case requestImpossible
  /// The record has changed, and the pipeline has no request that updates it.
  case updateImpossible
  case parentNotLoaded
  /// A request may have been carried out, and its result is not known.
  case resultUnknown
  case notSent
  /// The destination has accepted the record, but not this value.
  case notApplied
  /// The response to a create has no ID of the record.
  case remoteIDMissing
  /// The destination accepted the record, but the record could not be read back.
  case notCompared
  /// The destination returned the ID of another record.
  case remoteIDShared
  /// An earlier record in the run has the same key.
  case repeatedKey
  /// A target record to load has a field that the mapping does not write.
  case unmappedField
  /// The record had been changed at the destination, and the update overwrote that.
  case overwritten
  /// The destination refused the record in an earlier run, and it has not changed since.
  case outstanding
  case planDiffers
  /// Nothing is sent for the record, and a lookup shows that it is not as it was loaded.
  case drifted
  /// Nothing is sent for the record, and whether it is as it was loaded could not be looked up.
  case notVerified
  /// What identifies a record leads to different records at the destination.
  case identitySplit

  package var slug: String {
    switch self {
    case .invalidJSON: "invalid-json"
    case .invalidUTF8: "invalid-utf8"
    case .duplicateMember: "duplicate-member"
    case .recordTooLarge: "record-too-large"
    case .recordTooDeep: "record-too-deep"
    case .notAnObject: "not-an-object"
    case .raggedRow: "ragged-row"
    case .missingKey: "missing-key"
    case .required: "required"
    case .wrongType: "wrong-type"
    case .lookupMiss: "lookup-miss"
    case .phoneInvalid: "phone-invalid"
    case .emailInvalid: "email-invalid"
    case .dateInvalid: "date-invalid"
    case .dateGap: "date-gap"
    case .dateOverlap: "date-overlap"
    case .numberInvalid: "number-invalid"
    case .countryUnknown: "country-unknown"
    case .patternLimit: "pattern-limit"
    case .formulaEscaped: "formula-escaped"
    case .duplicateRecord: "duplicate-record"
    case .schemaType: "schema-type"
    case .schemaRequired: "schema-required"
    case .schemaEnum: "schema-enum"
    case .schemaConst: "schema-const"
    case .schemaFormat: "schema-format"
    case .schemaMinLength: "schema-minLength"
    case .schemaMaxLength: "schema-maxLength"
    case .schemaPattern: "schema-pattern"
    case .schemaMinimum: "schema-minimum"
    case .schemaMaximum: "schema-maximum"
    case .schemaExclusiveMinimum: "schema-exclusiveMinimum"
    case .schemaExclusiveMaximum: "schema-exclusiveMaximum"
    case .schemaMultipleOf: "schema-multipleOf"
    case .schemaMinItems: "schema-minItems"
    case .schemaMaxItems: "schema-maxItems"
    case .schemaUniqueItems: "schema-uniqueItems"
    case .schemaMinProperties: "schema-minProperties"
    case .schemaMaxProperties: "schema-maxProperties"
    case .schemaAdditionalProperties: "schema-additionalProperties"
    case .schemaFalse: "schema-false"
    case .sourceUnreadable: "source-unreadable"
    case .sourceRefused: "source-refused"
    case .unknownCustomField: "unknown-custom-field-id"
    case .invalidCSV: "invalid-csv"
    case .expressionError: "expression-error"
    case .rule: "rule"
    case .languageUnknown: "language-unknown"
    case .urlInvalid: "url-invalid"
    case .postalCodeInvalid: "postal-code-invalid"
    case .notUnique: "not-unique"
    case .merged: "merged"
    case .orphan: "orphan"
    case .schemaAnyOf: "schema-anyOf"
    case .schemaOneOf: "schema-oneOf"
    case .schemaNot: "schema-not"
    case .schemaThen: "schema-then"
    case .schemaElse: "schema-else"
    case .schemaContains: "schema-contains"
    case .schemaMinContains: "schema-minContains"
    case .schemaMaxContains: "schema-maxContains"
    case .schemaDependentRequired: "schema-dependentRequired"
    case .schemaDependentSchemas: "schema-dependentSchemas"
    case .schemaDependencies: "schema-dependencies"
    case .schemaPropertyNames: "schema-propertyNames"
    case .schemaPatternProperties: "schema-patternProperties"
    case .schemaItems: "schema-items"
    case .schemaAdditionalItems: "schema-additionalItems"
    case .schemaUnevaluatedItems: "schema-unevaluatedItems"
    case .schemaUnevaluatedProperties: "schema-unevaluatedProperties"
    case .schemaContentEncoding: "schema-contentEncoding"
    case .schemaContentMediaType: "schema-contentMediaType"
    case .schemaLimit: "schema-limit"
    case .notExtracted: "not-extracted"
    case .csvResynchronized: "csv-resynchronized"
    case .neverPresent: "never-present"
    case .phoneExtensionDropped: "phone-extension-dropped"
    case .repeatedHeader: "repeated-header"
    case .csvBareQuote: "csv-bare-quote"
    case .controlCharacter: "control-character"
    case .destinationRefused: "destination-refused"
    case .alreadyExists: "already-exists"
    case .conflictNotOurs: "conflict-not-ours"
    case .goneAtDestination: "gone"
    case .requestTooLarge: "request-too-large"
    case .requestImpossible: "request-impossible"
    case .updateImpossible: "update-impossible"
    case .parentNotLoaded: "parent-not-loaded"
    case .resultUnknown: "result-unknown"
    case .notSent: "not-sent"
    case .notApplied: "not-applied"
    case .remoteIDMissing: "remote-id-missing"
    case .notCompared: "not-compared"
    case .remoteIDShared: "remote-id-shared"
    case .repeatedKey: "repeated-key"
    case .unmappedField: "unmapped-field"
    case .overwritten: "overwritten"
    case .outstanding: "outstanding"
    case .planDiffers: "plan-differs"
    case .drifted: "drifted"
    case .notVerified: "not-verified"
    case .identitySplit: "identity-split"
    }
  }
}

package enum Severity: String, BitwiseCopyable, Sendable, Comparable, CaseIterable {
  case note, warning, error

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}
