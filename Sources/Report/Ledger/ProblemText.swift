package import Core
import Schema
package import Transform
import Values

/// The message of a problem, produced from its numbers when it is written, never on the hot path. It says what is wrong and,
/// if there is one, the fix; it shows no value.
package enum ProblemText {
  /// `note`: what the problem's own note says; `other`: the key of the record that the problem names as another.
  package static func message(
    of problem: Problem, note: String? = nil, in program: Program, other: String? = nil
  ) -> String {
    if let clause = program.clause(problem.field) {
      if let rule = clause.rule, problem.code == .rule { return rule.message }
      return
        "\(clause.rule.map { "the rule '\($0.id)'" } ?? "where"): \(problem.reason.map(String.init(describing:)) ?? "no value")"
    }
    let field = program.field(problem.field)
    let name = program.fieldName(problem.field).map { "'\($0)'" } ?? "the record"
    if let sentence = RuleText.sentence(problem, name: name, in: program, note: note, other: other) { return sentence }
    let element = problem.element >= 0 ? " (element \(problem.element + 1) of the list)" : ""
    if let note { return field == nil ? note : "\(name)\(element): \(note)" }
    if let requirement = requirement(problem, field, in: program) { return "\(name)\(element): \(requirement)" }
    if problem.code == .missingKey { return "the record has no '\(program.model.key.text)', which is its key" }
    return sentence(problem, field: field, name: name) + element
  }

  /// What Your App's schema requires of a column's own value, or of each element of its list.
  private static func requirement(_ problem: Problem, _ field: FieldModel?, in program: Program) -> String? {
    guard problem.stage == .validate, problem.code.slug.hasPrefix("schema-"), problem.code != .schemaRequired,
      let schema = program.model.target, var index = field?.node
    else { return nil }
    if problem.element >= 0 {
      guard let items = schema.nodes[index].items else { return nil }
      index = items
    }
    return "\(schema.nodes[index].requirement(problem.code)), according to Your App's schema"
  }

  private static func sentence(_ problem: Problem, field: FieldModel?, name: String) -> String {
    let reason = problem.reason.map(String.init(describing:))
    switch problem.code {
    case .invalidJSON: return "the record is not valid JSON"
    case .invalidUTF8: return "the record contains invalid UTF-8 or half of a surrogate pair"
    case .duplicateMember: return "a member that the mapping reads occurs twice in the record"
    case .recordTooLarge: return reason.map { "\(name): \($0)" } ?? "the record is longer than the limit and was skipped"
    case .recordTooDeep: return "the record is nested deeper than \(maximumDepth) levels"
    case .notAnObject: return "the record is valid JSON, but not an object"
    case .raggedRow: return reason ?? "the row has a different number of cells than the header"
    case .invalidCSV: return "the row has a quote that is misplaced or never closed"
    case .csvResynchronized:
      return "a bad quoted cell would have swallowed this row, which may be text that only looks like one"
    case .neverPresent: return "no record has this field"
    case .missingKey: return "the record has no key"
    case .required: return "\(name) is required and has no value"
    case .wrongType: return wrongType(problem, field, name, reason)
    case .lookupMiss: return "\(name): the value has no entry in the lookup"
    case .phoneInvalid:
      return "\(name): \(PhoneFailure(rawValue: problem.detail).map { "\($0.message) (\($0.reason))" } ?? "not a phone number")"
    case .emailInvalid: return "\(name): \(EmailRefusal(rawValue: problem.detail)?.reason ?? "not an e-mail address")"
    case .numberInvalid: return "\(name): \(NumberRefusal(rawValue: problem.detail)?.reason ?? "not a number")"
    case .dateInvalid, .dateGap: return "\(name): \(reason ?? "not a date")"
    case .dateOverlap:
      return
        "\(name): this local time occurred twice in the zone\(problem.severity == .error ? "" : "; the earlier one was used")"
    case .countryUnknown: return "\(name): no country has this code or name"
    case .expressionError: return "\(name): \(site(of: problem))\(reason ?? "the expression has no value")"
    case .rule: return "a rule of the mapping does not hold"
    case .languageUnknown: return "\(name): no language has this code or name"
    case .urlInvalid: return "\(name): \(URLRefusal(rawValue: problem.detail)?.reason ?? "not a URL")"
    case .postalCodeInvalid: return "\(name): \(PostalCodeRefusal(rawValue: problem.detail)?.reason ?? "not a postal code")"
    case .patternLimit: return "\(name): matching the pattern took too long and was stopped"
    case .formulaEscaped: return "\(name): a leading ' was added to text that a spreadsheet would run"
    case .duplicateRecord: return "the source returned this record twice; the first was kept"
    case .schemaType: return "\(name): Your App's schema does not accept a value of this type"
    case .schemaRequired: return "\(name) is required by Your App's schema and is missing"
    case .schemaEnum, .schemaConst: return "\(name): the value is not among those that Your App's schema allows"
    case .schemaFormat: return "\(name): the value does not have the format that Your App's schema requires"
    case .schemaMinLength, .schemaMaxLength, .schemaPattern, .schemaMinimum, .schemaMaximum, .schemaExclusiveMinimum,
      .schemaExclusiveMaximum, .schemaMultipleOf, .schemaMinItems, .schemaMaxItems, .schemaUniqueItems,
      .schemaMinProperties, .schemaMaxProperties, .schemaAdditionalProperties, .schemaFalse, .schemaAnyOf, .schemaOneOf,
      .schemaNot, .schemaThen, .schemaElse, .schemaContains, .schemaMinContains, .schemaMaxContains, .schemaDependentRequired,
      .schemaDependentSchemas, .schemaDependencies, .schemaPropertyNames, .schemaPatternProperties, .schemaItems,
      .schemaAdditionalItems, .schemaUnevaluatedItems, .schemaUnevaluatedProperties, .schemaContentEncoding,
      .schemaContentMediaType:
      return "\(name): the value violates \(problem.code.slug.dropFirst("schema-".count)) of Your App's schema"
    case .schemaLimit: return "\(name): validating this value against Your App's schema took too many steps and was stopped"
    case .sourceUnreadable: return "the source's response for this record could not be read"
    case .sourceRefused: return "the source refused this record"
    case .notExtracted: return "the pipeline leaves this record out"
    case .unknownCustomField: return "a custom field of the record has no definition"
    case .notUnique, .merged, .orphan: return "the record conflicts with another"
    }
  }

  private static let maximumDepth = 1024

  private static func site(of problem: Problem) -> String {
    switch ExpressionSite(rawValue: problem.detail) {
    case .condition: "its 'when': "
    case .branchCondition: "'when' of branch \(problem.part + 1): "
    case .branchValue: "branch \(problem.part + 1): "
    case .value, nil: ""
    }
  }

  private static func wrongType(_ problem: Problem, _ field: FieldModel?, _ name: String, _ reason: String?) -> String {
    if let reason { return "\(name): \(reason)" }
    let steps = problem.isOfFallback ? field?.fallback?.steps : field?.steps
    guard let steps, steps.indices.contains(Int(problem.step)) else {
      return "\(name): the value has a type that the mapping does not accept"
    }
    return "\(name): the function does not accept a value of this type"
  }
}
