import Core

/// The members of an object schema, with `$ref` and `allOf` resolved.
struct APIObject {
  struct Member {
    var name: String
    /// As it is declared, and what its `$ref` leads to.
    var schema: APIValue
    var types: Set<String>
    var format: String?
    var isReadOnly: Bool
    var isRequired = false

    /// A value that a text can fill.
    var isText: Bool { types.contains("string") || types.isEmpty && schema.value["enum"] == nil }
  }

  var members: [Member] = []
  var required: Set<String> = []

  subscript(_ name: String) -> Member? { members.first { $0.name.isExactly(name) } }

  /// What a request may have.
  var writable: [Member] { members.filter { !$0.isReadOnly } }

  /// The first of these that it has, whatever its case and separators: `externalId` finds `external_id`.
  func first(of names: [String]) -> Member? {
    for name in names {
      let wanted = NameMatch.joined([name])
      if let member = members.first(where: { NameMatch.joined([$0.name]) == wanted }) { return member }
    }
    return nil
  }
}

extension APIDocument {
  private static let maximumDepth = 16

  /// Nil: the schema is not that of an object with declared members.
  func object(_ schema: APIValue?) -> APIObject? {
    guard let schema else { return nil }
    var found = APIObject()
    collect(schema, into: &found, depth: 0, isRequired: true)
    guard !found.members.isEmpty else { return nil }
    for index in found.members.indices {
      found.members[index].isRequired = found.required.contains(found.members[index].name)
    }
    return found
  }

  private func collect(_ schema: APIValue, into found: inout APIObject, depth: Int, isRequired: Bool) {
    guard depth < Self.maximumDepth, let schema = resolve(schema) else { return }
    for (name, property) in schema["properties"]?.members ?? [] where found[name] == nil {
      let resolved = resolve(property) ?? property
      found.members.append(
        .init(
          name: name, schema: resolved, types: types(resolved), format: resolved.text("format"),
          isReadOnly: property.flag("readOnly") || resolved.flag("readOnly")))
    }
    if isRequired { found.required.formUnion((schema.value["required"]?.arrayValue ?? []).compactMap(\.stringValue)) }
    for part in schema["allOf"]?.elements ?? [] { collect(part, into: &found, depth: depth + 1, isRequired: isRequired) }
    for keyword in ["oneOf", "anyOf"] {
      let parts = (schema[keyword]?.elements ?? []).filter { !isNull($0) }
      for part in parts { collect(part, into: &found, depth: depth + 1, isRequired: isRequired && parts.count == 1) }
    }
  }

  private func isNull(_ schema: APIValue) -> Bool { schema.text("type") == "null" }

  /// The types of a schema, without null; empty if it names none.
  func types(_ schema: APIValue?) -> Set<String> { schema.map { types($0, depth: 0) } ?? [] }

  private func types(_ schema: APIValue, depth: Int) -> Set<String> {
    guard depth < Self.maximumDepth, let schema = resolve(schema) else { return [] }
    if let type = schema.text("type") { return [type] }
    if let types = schema.value["type"]?.arrayValue { return Set(types.compactMap(\.stringValue)).subtracting(["null"]) }
    if schema["properties"] != nil { return ["object"] }
    if schema["items"] != nil { return ["array"] }
    var found: Set<String> = []
    for keyword in ["allOf", "oneOf", "anyOf"] {
      for part in schema[keyword]?.elements ?? [] where !isNull(part) { found.formUnion(types(part, depth: depth + 1)) }
    }
    return found
  }

  /// The schema of a list's elements; nil if it is not a list.
  func elements(_ schema: APIValue?) -> APIValue? {
    guard let schema = schema.flatMap(resolve) else { return nil }
    if types(schema).contains("array"), let items = schema["items"] { return items }
    let parts = ["allOf", "oneOf", "anyOf"].flatMap { schema[$0]?.elements ?? [] }.filter { !isNull($0) }
    return parts.count == 1 ? elements(parts[0]) : nil
  }
}
