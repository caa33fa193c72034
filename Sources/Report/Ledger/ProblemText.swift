import Core
import Expressions
import Schema
package import Transform
import Values

/// The message of a problem, made when it is written, never on the hot path. It says what is wrong and, if there is one, the
/// fix.
package enum ProblemText {
  /// `value`: the value at fault, masked as its field requires; nil: it must not be shown, or there is none to show.
  package static func message(
    of problem: Problem, in log: ProblemLog, of program: Program, showing value: String? = nil
  ) -> String {
    let field = program.field(of: problem.subject)
    let name = program.fieldName(of: problem.subject).map { "'\($0)'" } ?? "the record"
    if let sentence = RuleText.sentence(problem, name: name, in: log, of: program) { return sentence }
    let note = problem.note.isEmpty ? nil : log.text(problem.note)
    let element = problem.element.map { " (element \($0 + 1) of the list)" } ?? ""
    if let note { return field == nil ? note : "\(name)\(element): \(note)" }
    if let requirement = requirement(problem, field, in: program) { return "\(name)\(element): \(requirement)" }
    if problem.subject == .key { return "the record has no '\(program.model.key.text)', which is its key" }
    if problem.code == .wrongType {
      return WrongTypeText.sentence(problem, field: field, name: name, element: element, value: value)
    }
    return sentence(problem, field: field, name: name) + element
  }

  /// What Your App's schema requires of a column's own value, or of each element of its list.
  private static func requirement(_ problem: Problem, _ field: FieldModel?, in program: Program) -> String? {
    guard problem.stage == .validate, problem.code.slug.hasPrefix("schema-"), problem.code != .schemaRequired,
      let schema = program.model.target, var index = field?.node
    else { return nil }
    if problem.element != nil {
      guard let items = schema.nodes[index].items else { return nil }
      index = items
    }
    return "\(schema.nodes[index].requirement(problem.code)), according to the target schema"
  }

  private static func sentence(_ problem: Problem, field: FieldModel?, name: String) -> String {
    switch problem.code {
    case .invalidJSON: return "the record is not valid JSON"
    case .invalidUTF8: return "the record contains invalid UTF-8 or half of a surrogate pair: \(InvalidUTF8.remedy)"
    case .duplicateMember: return "a member that the mapping reads occurs twice in the record"
    case .recordTooLarge:
      return problem.detail == .tooLarge
        ? "\(name): the values that the mapping produces from this record are too large"
        : "the record is longer than the limit and was skipped"
    case .recordTooDeep: return "the record is nested deeper than \(maximumDepth) levels"
    case .notAnObject: return "the record is valid JSON, but not an object"
    case .raggedRow: return "the row has a different number of cells than the header"
    case .invalidCSV: return "the row has a quote that is misplaced or never closed"
    case .csvResynchronized:
      return "a bad quoted cell would have swallowed this row, which may be text that only looks like one"
    case .repeatedHeader: return "the row repeats the header"
    case .csvBareQuote: return "an unquoted cell contains a quote, which is taken as text"
    case .controlCharacter: return "a text contains a control character"
    case .neverPresent: return "no record has this field"
    case .missingKey: return "the record has no key"
    case .required: return "\(name) is required and has no value"
    case .wrongType: return "\(name): the value has a type that the mapping does not accept"
    case .lookupMiss: return "\(name): the value has no entry in the lookup"
    case .phoneInvalid: return "\(name): \(problem.detail.reason ?? "not a phone number")"
    case .phoneExtensionDropped where problem.detail == .phoneRest:
      return "\(name): what follows the first number was dropped: a second number or extension, or other parameters"
    case .phoneExtensionDropped:
      return "\(name): the number's extension was dropped: keep it with {phone: {extension: keep}}, or write extension: drop"
    case .emailInvalid: return "\(name): \(problem.detail.reason ?? "not an e-mail address")"
    case .numberInvalid: return "\(name): \(problem.detail.reason ?? "not a number")"
    case .dateInvalid, .dateGap: return "\(name): \(problem.detail.reason ?? "not a date")"
    case .dateOverlap:
      return
        "\(name): this local time occurred twice in the zone\(problem.severity == .error ? "" : "; the earlier one was used")"
    case .countryUnknown: return "\(name): no country has this code or name"
    case .expressionError: return "\(name): \(problem.part.prefix)\(problem.detail.reason ?? "the expression has no value")"
    case .rule: return "a rule of the mapping does not hold"
    case .languageUnknown: return "\(name): no language has this code or name"
    case .urlInvalid: return "\(name): \(problem.detail.reason ?? "not a URL")"
    case .postalCodeInvalid: return "\(name): \(problem.detail.reason ?? "not a postal code")"
    case .patternLimit: return "\(name): matching the pattern took too long and was stopped"
    case .formulaEscaped: return "\(name): a leading ' was added to text that a spreadsheet would run"
    case .duplicateRecord: return "the source returned this record twice; the first was kept"
    case .schemaType: return "\(name): the target schema does not accept a value of this type"
    case .schemaRequired: return "\(name) is required by the target schema and is missing"
    case .schemaEnum, .schemaConst: return "\(name): the value is not among those that the target schema allows"
    case .schemaFormat: return "\(name): the value does not have the format that the target schema requires"
    case .schemaMinLength, .schemaMaxLength, .schemaPattern, .schemaMinimum, .schemaMaximum, .schemaExclusiveMinimum,
      .schemaExclusiveMaximum, .schemaMultipleOf, .schemaMinItems, .schemaMaxItems, .schemaUniqueItems,
      .schemaMinProperties, .schemaMaxProperties, .schemaAdditionalProperties, .schemaFalse, .schemaAnyOf, .schemaOneOf,
      .schemaNot, .schemaThen, .schemaElse, .schemaContains, .schemaMinContains, .schemaMaxContains, .schemaDependentRequired,
      .schemaDependentSchemas, .schemaDependencies, .schemaPropertyNames, .schemaPatternProperties, .schemaItems,
      .schemaAdditionalItems, .schemaUnevaluatedItems, .schemaUnevaluatedProperties, .schemaContentEncoding,
      .schemaContentMediaType:
      return "\(name): the value violates \(problem.code.slug.dropFirst("schema-".count)) of the target schema"
    case .schemaLimit: return "\(name): validating this value against the target schema took too many steps and was stopped"
    case .sourceUnreadable: return "the source's response for this record could not be read"
    case .sourceRefused: return "the source refused this record"
    case .notExtracted: return "the pipeline leaves this record out"
    case .unknownCustomField: return "a custom field of the record has no definition"
    case .unmappedField: return "the record has a field that the mapping does not write"
    case .notUnique, .merged, .orphan: return "the record conflicts with another"
    // Only destinations find these: `LoadProblemText` has their words.
    case .destinationRefused, .alreadyExists, .conflictNotOurs, .goneAtDestination, .requestTooLarge, .requestImpossible,
      .updateImpossible, .parentNotLoaded, .resultUnknown, .notSent, .notApplied, .remoteIDMissing, .notCompared, .remoteIDShared,
      .overwritten, .repeatedKey, .outstanding, .planDiffers, .drifted, .notVerified, .identitySplit:
      return "\(name) is not at the destination as it should be"
    }
  }

  private static let maximumDepth = 1024
}

extension Problem.Part {
  /// The expression of a field that is not its only one.
  fileprivate var prefix: String {
    switch self {
    case .condition: "its 'when': "
    case .branchCondition(let index): "'when' of branch \(index + 1): "
    case .branchValue(let index): "branch \(index + 1): "
    case .whole, .path: ""
    }
  }
}

extension Problem.Detail {
  /// The part of a sentence that says what is wrong with the value; nil where the code alone does.
  var reason: String? {
    switch self {
    case .date(let failure): String(describing: failure.reason)
    case .email(let refusal): refusal.reason
    case .expression(let error): String(describing: error.reason)
    case .mismatch(let mismatch): mismatch.message
    case .number(let refusal): refusal.reason
    case .phone(let failure): "\(failure.message) (\(failure.reason))"
    case .postalCode(let refusal): refusal.reason
    case .url(let refusal): refusal.reason
    case .unsortable: "only texts, or only numbers, or only dates can be sorted"
    case .none, .tooLarge, .other, .phoneRest, .undeclared, .unaccepted, .unusable: nil
    }
  }
}
