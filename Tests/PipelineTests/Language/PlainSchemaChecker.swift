import Core

/// JSON Schema as far as the schemas for editors use it: an instance is taken or refused. Written apart from the
/// product's own implementation, so that the two cannot share a mistake.
struct PlainSchemaChecker {
  let root: JSONValue

  func takes(_ instance: JSONValue) -> Bool { takes(instance, root) }

  /// Keywords that this checker does not know are a fault of the test.
  static let known: Set<String> = [
    "$schema", "$defs", "$ref", "title", "description", "markdownEnumDescriptions", "type", "enum", "properties",
    "additionalProperties", "required", "minProperties", "maxProperties", "propertyNames", "items", "minItems", "maxItems",
    "minLength", "minimum", "maximum", "pattern", "anyOf", "allOf", "not",
  ]

  private func takes(_ instance: JSONValue, _ schema: JSONValue) -> Bool {
    guard case .object(let keywords) = schema else { return schema != .bool(false) }
    return keywords.allSatisfy { keyword in holds(keyword.name, keyword.value, schema, instance) }
  }

  private func holds(_ keyword: String, _ value: JSONValue, _ schema: JSONValue, _ instance: JSONValue) -> Bool {
    let members = instance.objectValue
    switch keyword {
    case "$ref":
      let name = String((value.stringValue ?? "").dropFirst("#/$defs/".count))
      return takes(instance, root["$defs"]?[name] ?? .bool(false))
    case "type": return (value.arrayValue ?? [value]).contains { isOfType($0.stringValue ?? "", instance) }
    case "enum": return value.arrayValue?.contains(instance) == true
    case "anyOf": return value.arrayValue?.contains { takes(instance, $0) } == true
    case "allOf": return value.arrayValue?.allSatisfy { takes(instance, $0) } == true
    case "not": return !takes(instance, value)
    case "required": return members.map { value.names.isSubset(of: $0.map(\.name)) } ?? true
    case "properties":
      return members?.allSatisfy { member in value[member.name].map { takes(member.value, $0) } ?? true } ?? true
    case "additionalProperties":
      let declared = Set((schema["properties"]?.objectValue ?? []).map(\.name))
      return members?.allSatisfy { declared.contains($0.name) || takes($0.value, value) } ?? true
    case "propertyNames": return members?.allSatisfy { takes(.string($0.name), value) } ?? true
    case "minProperties": return members.map { $0.count >= value.intValue ?? 0 } ?? true
    case "maxProperties": return members.map { $0.count <= value.intValue ?? 0 } ?? true
    case "items": return instance.arrayValue?.allSatisfy { takes($0, value) } ?? true
    case "minItems": return instance.arrayValue.map { $0.count >= value.intValue ?? 0 } ?? true
    case "maxItems": return instance.arrayValue.map { $0.count <= value.intValue ?? 0 } ?? true
    case "minLength": return instance.stringValue.map { $0.unicodeScalars.count >= value.intValue ?? 0 } ?? true
    case "minimum": return instance.doubleValue.map { $0 >= value.doubleValue ?? 0 } ?? true
    case "maximum": return instance.doubleValue.map { $0 <= value.doubleValue ?? 0 } ?? true
    case "pattern": return instance.stringValue.map { $0.contains("${") } ?? true
    default: return true
    }
  }

  private func isOfType(_ name: String, _ instance: JSONValue) -> Bool {
    switch (name, instance) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array), ("object", .object):
      true
    case ("integer", .number(let digits)): Int(digits) != nil
    default: false
    }
  }
}

extension JSONValue {
  fileprivate var names: Set<String> { Set((arrayValue ?? []).compactMap(\.stringValue)) }
}
