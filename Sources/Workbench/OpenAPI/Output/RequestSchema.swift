import Core

/// A schema of what requests have: without the members that an API adds itself (`readOnly`), which are neither sent nor required.
///
/// It does not matter which part declares a member and which requires it: the parts of `allOf`, `anyOf` and `oneOf`, and what
/// `$ref` leads to, apply to the same value, so their members are collected first.
struct RequestSchema {
  private let root: JSONValue
  /// By the pointer of a definition: members that are read-only where something refers to it.
  private var around: [String: Set<Name>] = [:]

  private static let sameValue = ["allOf", "anyOf", "oneOf"]
  /// Chains of definitions that refer to each other.
  private static let maximumRounds = 8
  private static let maximumDepth = 64

  private init(_ root: JSONValue) { self.root = root }

  /// - Parameter schema: a document that needs no other: what it refers to is under `$defs`.
  static func writing(_ schema: JSONValue) -> JSONValue {
    var writer = RequestSchema(schema)
    for _ in 0..<maximumRounds {
      let before = writer.around
      writer.note(schema, [], depth: 0)
      if writer.around == before { break }
    }
    return writer.stripped(schema, writer.around["#"] ?? [])
  }

  private func target(_ schema: JSONValue) -> (pointer: String, schema: JSONValue)? {
    guard let reference = schema["$ref"]?.stringValue, reference.hasPrefix("#") else { return nil }
    guard let found = APIValue(root, at: "").value(at: String(reference.dropFirst())) else { return nil }
    return (reference, found.value)
  }

  private func isReadOnly(_ schema: JSONValue, depth: Int = 0) -> Bool {
    if schema["readOnly"] == .bool(true) { return true }
    guard depth < 16, let target = target(schema) else { return false }
    return isReadOnly(target.schema, depth: depth + 1)
  }

  /// The read-only members that a schema, what it refers to and its parts declare.
  private func readOnly(_ schema: JSONValue, _ seen: Set<String> = []) -> Set<Name> {
    var found: Set<Name> = []
    for property in schema["properties"]?.objectValue ?? [] where isReadOnly(property.value) { found.insert(Name(property.name)) }
    for keyword in Self.sameValue {
      for part in schema[keyword]?.arrayValue ?? [] { found.formUnion(readOnly(part, seen)) }
    }
    if let target = target(schema), !seen.contains(target.pointer) {
      found.formUnion(readOnly(target.schema, seen.union([target.pointer])))
    }
    return found
  }

  /// Collects what applies to the definitions that a schema refers to.
  private mutating func note(_ schema: JSONValue, _ outer: Set<Name>, depth: Int) {
    guard depth < Self.maximumDepth, let members = schema.objectValue else { return }
    let all = outer.union(readOnly(schema))
    if let target = target(schema), !all.isEmpty { around[target.pointer, default: []].formUnion(all) }
    for member in members {
      if Self.sameValue.contains(member.name) {
        for part in member.value.arrayValue ?? [] { note(part, all, depth: depth + 1) }
      } else if member.name == "$defs" || member.name == "definitions" {
        for definition in member.value.objectValue ?? [] {
          note(definition.value, around["#/\(member.name)/\(definition.name)"] ?? [], depth: depth + 1)
        }
      } else if ["properties", "patternProperties", "dependentSchemas"].contains(member.name) {
        for property in member.value.objectValue ?? [] { note(property.value, [], depth: depth + 1) }
      } else if case .array(let elements) = member.value, member.name == "prefixItems" {
        for element in elements { note(element, [], depth: depth + 1) }
      } else if member.value.objectValue != nil, !["default", "const", "not"].contains(member.name) {
        note(member.value, [], depth: depth + 1)
      }
    }
  }

  private func stripped(_ schema: JSONValue, _ outer: Set<Name>, depth: Int = 0) -> JSONValue {
    guard depth < Self.maximumDepth, let members = schema.objectValue else { return schema }
    let left = outer.union(readOnly(schema))
    var made: [JSONValue.Member] = []
    for member in members {
      var member = member
      switch member.name {
      case "properties":
        member.value = .object(
          (member.value.objectValue ?? []).filter { !left.contains(Name($0.name)) }
            .map { .init($0.name, stripped($0.value, [], depth: depth + 1)) })
      case "required":
        let names = (member.value.arrayValue ?? []).filter { name in name.stringValue.map { !left.contains(Name($0)) } ?? true }
        guard !names.isEmpty else { continue }
        member.value = .array(names)
      case "allOf", "anyOf", "oneOf":
        member.value = .array((member.value.arrayValue ?? []).map { stripped($0, left, depth: depth + 1) })
      case "$defs", "definitions":
        member.value = .object(
          (member.value.objectValue ?? []).map { definition in
            let outer = around["#/\(member.name)/\(definition.name)"] ?? []
            return .init(definition.name, stripped(definition.value, outer, depth: depth + 1))
          })
      case "patternProperties", "dependentSchemas":
        member.value = .object(
          (member.value.objectValue ?? []).map { .init($0.name, stripped($0.value, [], depth: depth + 1)) })
      case "items", "additionalProperties", "contains", "propertyNames", "if", "then", "else", "unevaluatedProperties":
        member.value = stripped(member.value, [], depth: depth + 1)
      case "prefixItems": member.value = .array((member.value.arrayValue ?? []).map { stripped($0, [], depth: depth + 1) })
      default: break
      }
      made.append(member)
    }
    return .object(made)
  }
}
