import Core
import Values

/// The messages of findings. They say what is required and never quote the value; values are masked elsewhere.
extension ValidationRun {
  /// - Parameter instance: the JSON pointer of its value.
  /// - Parameter explains: Whether a failed `anyOf` or `oneOf` reports what the nearest branch requires.
  func describe(_ finding: Finding, instance: String, explains: Bool = true) -> SchemaFailure {
    let location = program.nodes[finding.schema].location
    guard finding.check >= 0 else {
      let message =
        finding.code == .patternLimit
        ? "cannot be judged: a pattern for names takes too long, or cannot be evaluated" : Self.never(finding.code)
      return SchemaFailure(code: finding.code, instance: instance, schema: location, message: message)
    }
    let check = program.checks[finding.check]
    var member: String?
    var keyword = check.keyword.rawValue
    let message: String
    switch check.rule {
    case .negation where finding.code == .patternLimit, .oneOf where finding.code == .patternLimit,
      .conditional where finding.code == .patternLimit, .contains where finding.code == .patternLimit,
      .propertyNames where finding.code == .patternLimit:
      message = "cannot be judged: a pattern that has to be matched here takes too long, or cannot be evaluated"
    case .never: message = Self.never(.schemaFalse)
    case .types(let types): message = "must be \(types.text)"
    case .enumeration(let number):
      let values = program.tables.enumerations[number].values
      message =
        values.isEmpty
        ? "is not allowed here: 'enum' has no value" : "must be \(check.keyword == .const ? "" : "one of ")\(Self.list(values))"
    case .required(let number):
      let name = program.tables.names[number].names[finding.detail]
      member = name
      message = "must have the member '\(name)'" + (explains ? lookAlike(of: name, finding.value) : "")
    case .dependentRequired(let number), .dependentSchemas(let number):
      let dependency = program.tables.dependencies[number][max(0, finding.other)]
      let name = dependency.required.names[finding.detail]
      member = name
      keyword += JSONPointer.appending(dependency.text, to: "")
      message = "must have the member '\(name)', because it has '\(dependency.text)'"
    case .contains(let number):
      let rule = program.tables.contains[number]
      keyword =
        (finding.code == .schemaContains ? Keyword.contains : finding.code == .schemaMinContains ? .minContains : .maxContains)
        .rawValue
      message =
        finding.code == .schemaMaxContains
        ? "must have at most \(Self.count(rule.most, "element")) that 'contains' describes"
        : "must have at least \(Self.count(rule.least, "element")) that 'contains' describes, but has \(finding.detail)"
    case .oneOf(let list):
      message =
        "must fit one of the \(program.tables.lists[list].count) schemas of 'oneOf', but fits "
        + (finding.detail == 0
          ? "none" + (explains ? nearest(list, finding.value, instance, keyword) : "")
          : "\(finding.detail)" + (explains ? fitting(list, finding.value) : ""))
    case .anyOf(let list):
      message =
        "must fit at least one of the \(program.tables.lists[list].count) schemas of 'anyOf'"
        + (explains ? nearest(list, finding.value, instance, keyword) : "")
    case .propertyNames(let names):
      message = "has a name that 'propertyNames' does not allow" + (explains ? wrongName(names, finding.value) : "")
    default: message = words(check.rule, finding)
    }
    return SchemaFailure(
      code: finding.code, instance: instance, schema: "\(location)/\(keyword)", message: message,
      member: member)
  }

  private func words(_ rule: SchemaProgram.Rule, _ finding: Finding) -> String {
    switch rule {
    case .minLength(let count): "must have at least \(Self.count(count, "character"))"
    case .maxLength(let count): "must have at most \(Self.count(count, "character"))"
    case .pattern(let number):
      finding.code == .patternLimit
        ? program.tables.patterns[number].isUndecided
          ? "cannot be judged: Waybill cannot evaluate the pattern \(program.tables.patterns[number].text)"
          : "the pattern \(program.tables.patterns[number].text) takes too long on this text"
        : program.checks[finding.check].keyword == .format
          ? "must be base64" : "must match the pattern \(program.tables.patterns[number].text)"
    case .format(let format): "must have the format '\(format.name)'"
    case .contentEncoding: "must be base64"
    case .contentMediaType(let isEncoded): isEncoded ? "must be JSON in base64" : "must be JSON"
    case .minimum(let limit): "must be \(program.tables.limits[limit].text) or more"
    case .maximum(let limit): "must be \(program.tables.limits[limit].text) or less"
    case .exclusiveMinimum(let limit): "must be more than \(program.tables.limits[limit].text)"
    case .exclusiveMaximum(let limit): "must be less than \(program.tables.limits[limit].text)"
    case .multipleOf(let number): "must be a multiple of \(program.tables.divisors[number].text)"
    case .minItems(let count): "must have at least \(Self.count(count, "element"))"
    case .maxItems(let count): "must have at most \(Self.count(count, "element"))"
    case .uniqueItems: "must not contain an element twice"
    case .minProperties(let count): "must have at least \(Self.count(count, "member"))"
    case .maxProperties(let count): "must have at most \(Self.count(count, "member"))"
    case .negation: "must not fit the schema of 'not'"
    default: "is not valid"
    }
  }

  /// Where the schema is `false`.
  private static func never(_ code: ProblemCode) -> String {
    switch code {
    case .schemaAdditionalProperties: "is not allowed here: the schema does not declare this member"
    case .schemaUnevaluatedProperties: "is not allowed here: no part of the schema declares this member"
    case .schemaUnevaluatedItems: "is not allowed here: no part of the schema describes this element"
    case .schemaItems, .schemaAdditionalItems: "is not allowed here: the schema describes no further elements"
    case .schemaThen: "is not allowed: 'then' is false"
    case .schemaElse: "is not allowed: 'else' is false"
    default: "is not allowed here: its schema is false"
    }
  }

  private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  static func list(_ values: [JSONValue]) -> String {
    let shown = values.prefix(12).map(\.text).joined(separator: ", ")
    return values.count > 12 ? "\(shown) and \(values.count - 12) more" : shown
  }
}
