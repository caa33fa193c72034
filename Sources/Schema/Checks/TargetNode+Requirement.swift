package import Core

extension TargetNode {
  /// What a check of this node requires, in words, for messages: `must have at most 40 characters`. Never quotes the
  /// value that failed; values are masked elsewhere.
  package func requirement(_ code: ProblemCode) -> String {
    switch code {
    case .schemaType: "must be \(types.text)"
    case .schemaEnum: "must be one of \(Self.list(enumeration ?? []))"
    case .schemaConst: "must be \(Self.list(enumeration ?? []))"
    case .schemaFormat: "must have the format '\(format ?? "")'"
    case .schemaMinLength: "must have at least \(Self.count(minLength, "character"))"
    case .schemaMaxLength: "must have at most \(Self.count(maxLength, "character"))"
    case .schemaPattern: "must match the pattern \(pattern ?? "")"
    case .patternLimit: "the pattern \(pattern ?? "") takes too long on this text"
    case .schemaMinimum: "must be \(minimum ?? "") or more"
    case .schemaMaximum: "must be \(maximum ?? "") or less"
    case .schemaExclusiveMinimum: "must be more than \(exclusiveMinimum ?? "")"
    case .schemaExclusiveMaximum: "must be less than \(exclusiveMaximum ?? "")"
    case .schemaMultipleOf: "must be a multiple of \(multipleOf ?? "")"
    case .schemaMinItems: "must have at least \(Self.count(minItems, "element"))"
    case .schemaMaxItems: "must have at most \(Self.count(maxItems, "element"))"
    case .schemaUniqueItems: "must not contain an element twice"
    case .schemaMinProperties: "must have at least \(Self.count(minProperties, "member"))"
    case .schemaMaxProperties: "must have at most \(Self.count(maxProperties, "member"))"
    case .schemaRequired: "must have the member"
    case .schemaAdditionalProperties: "must not have members that the schema does not declare"
    case .schemaFalse: "is not allowed here: its schema is false"
    default: code.slug
    }
  }

  private static func count(_ count: Int?, _ noun: String) -> String { "\(count ?? 0) \(noun)\(count == 1 ? "" : "s")" }

  private static func list(_ values: [JSONValue]) -> String {
    let shown = values.prefix(12).map(\.text).joined(separator: ", ")
    return values.count > 12 ? "\(shown) and \(values.count - 12) more" : shown
  }
}

extension JSONTypes {
  /// `string or null`.
  package var text: String {
    var names: [String] = []
    if contains(.string) { names.append("string") }
    if contains(.number) { names.append("number") } else if contains(.integer) { names.append("integer") }
    if contains(.boolean) { names.append("boolean") }
    if contains(.array) { names.append("array") }
    if contains(.object) { names.append("object") }
    if contains(.null) { names.append("null") }
    return names.isEmpty ? "of no type at all" : names.joined(separator: " or ")
  }
}
