package import Core

/// What repairs a problem: the groups in which reports and sheets hand problems to the people who can solve them.
///
/// Every code has exactly one action. What people do about a group is `title`; who does it is `owner`; `RepairAdvice` has the
/// sentence for a code.
package enum RepairAction: String, Sendable, Hashable, CaseIterable {
  /// The data owner's work comes first, then the engineer's, the administrators', the operator's; the last one is nobody's.
  case fillIn = "fill-in"
  case fixValue = "fix-value"
  case fixParent = "fix-parent"
  case removeDuplicate = "remove-duplicate"
  case correctFile = "correct-file"
  case extendLookup = "extend-lookup"
  case changeMapping = "change-mapping"
  case changePipeline = "change-pipeline"
  case answerRefusal = "answer-refusal"
  case resolveConflict = "resolve-conflict"
  case checkDestination = "check-destination"
  case giveAccess = "give-access"
  case runAgain = "run-again"
  case nothing = "nothing-to-do"

  /// A stable name: file names and JSON have it.
  package var slug: String { rawValue }

  package var title: String {
    switch self {
    case .fillIn: "Fill in the missing field"
    case .fixValue: "Fix the value at the source"
    case .fixParent: "Fix the parent record first"
    case .removeDuplicate: "Merge or delete the duplicate"
    case .correctFile: "Correct the file"
    case .extendLookup: "Add the value to the lookup"
    case .changeMapping: "Change the mapping"
    case .changePipeline: "Change the pipeline"
    case .answerRefusal: "Correct what the destination refuses"
    case .resolveConflict: "Resolve the conflict at the destination"
    case .checkDestination: "Check the record at the destination"
    case .giveAccess: "Give access"
    case .runAgain: "Run again"
    case .nothing: "Nothing to do"
    }
  }

  package var owner: RepairOwner? {
    switch self {
    case .fillIn, .fixValue, .fixParent, .removeDuplicate, .correctFile: .dataOwner
    case .extendLookup, .changeMapping, .changePipeline: .engineer
    case .answerRefusal, .resolveConflict, .checkDestination, .giveAccess: .administrator
    case .runAgain: .runner
    case .nothing: nil
    }
  }

  /// `owner` in words; `nobody` where there is nothing to do.
  package var ownerTitle: String {
    switch self {
    case .answerRefusal, .resolveConflict, .checkDestination: "administrator of the destination"
    case .giveAccess: "administrator of GHL"
    default: owner?.title ?? "nobody"
    }
  }

  /// What to do about the group as a whole.
  package var summary: String {
    switch self {
    case .fillIn: "Fill in the field in the source record."
    case .fixValue: "Correct the value in the source record."
    case .fixParent: "Fix the record that this one belongs to; this one then follows."
    case .removeDuplicate: "Decide which of the records with the same value is right, and merge or delete the others."
    case .correctFile: "Correct the row or the export of the file, and send it again."
    case .extendLookup: "Add the value to a lookup of the mapping, or decide what other values become."
    case .changeMapping: "Change the mapping so that it accepts or converts the value."
    case .changePipeline: "Change the settings of the destination in the pipeline file."
    case .answerRefusal: "Read why the destination refused the record, then correct the record or the destination's rule."
    case .resolveConflict: "Decide which of the conflicting records at the destination is right, and correct or merge them."
    case .checkDestination: "Compare the record at the destination with what was sent, and decide which one is right."
    case .giveAccess: "Give the credentials access to the records, and run again."
    case .runAgain: "Run again once the source and the destination work."
    case .nothing: "Nothing needs to be fixed; this is for information."
    }
  }
}

extension RepairAction {
  /// What repairs a problem with this code.
  package init(_ code: ProblemCode) {
    self =
      switch code {
      case .required, .missingKey, .schemaRequired, .schemaMinItems, .schemaMinLength, .schemaDependentRequired: .fillIn
      case .phoneInvalid, .emailInvalid, .dateInvalid, .dateGap, .dateOverlap, .numberInvalid, .countryUnknown,
        .languageUnknown, .urlInvalid, .postalCodeInvalid, .controlCharacter, .phoneExtensionDropped, .rule,
        .schemaMaxLength, .schemaMinimum, .schemaMaximum, .schemaExclusiveMinimum, .schemaExclusiveMaximum,
        .schemaMultipleOf, .schemaFormat, .schemaPattern, .schemaMaxItems, .schemaUniqueItems, .schemaNot,
        .schemaAnyOf, .schemaContains, .schemaMinContains, .schemaMaxContains:
        .fixValue
      case .orphan, .parentNotLoaded: .fixParent
      case .notUnique, .repeatedKey: .removeDuplicate
      case .invalidJSON, .invalidUTF8, .duplicateMember, .recordTooLarge, .recordTooDeep, .notAnObject, .raggedRow,
        .invalidCSV, .csvResynchronized, .csvBareQuote, .neverPresent:
        .correctFile
      case .lookupMiss, .schemaEnum: .extendLookup
      case .wrongType, .patternLimit, .expressionError, .unmappedField, .schemaType, .schemaConst, .schemaOneOf, .schemaThen,
        .schemaElse, .schemaMinProperties, .schemaMaxProperties, .schemaAdditionalProperties, .schemaFalse,
        .schemaDependentSchemas, .schemaDependencies, .schemaPropertyNames, .schemaPatternProperties, .schemaItems,
        .schemaAdditionalItems, .schemaUnevaluatedItems, .schemaUnevaluatedProperties, .schemaContentEncoding,
        .schemaContentMediaType, .schemaLimit, .requestTooLarge, .requestImpossible:
        .changeMapping
      case .updateImpossible, .remoteIDMissing, .remoteIDShared: .changePipeline
      case .destinationRefused, .outstanding, .notApplied: .answerRefusal
      case .alreadyExists, .conflictNotOurs, .identitySplit: .resolveConflict
      case .goneAtDestination, .overwritten, .drifted, .planDiffers, .notCompared: .checkDestination
      case .sourceRefused: .giveAccess
      case .sourceUnreadable, .resultUnknown, .notSent, .notVerified: .runAgain
      case .merged, .duplicateRecord, .formulaEscaped, .repeatedHeader, .notExtracted, .unknownCustomField: .nothing
      }
  }

  /// What repairs a problem with the code of a ledger line, which is a slug or the ID of a rule.
  package init(slug: String) {
    self.init(ProblemCode.named(slug) ?? .rule)
  }
}
