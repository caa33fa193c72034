import Core
import Transform

/// `given` of a test: the source record.
extension TestPhase {
  /// Its members must be fields of the source, or a typo would make the test meaningless.
  ///
  /// Custom fields are under `custom`, by their keys, or as the API returns them: `customFields: [{id: …, value: …}]`.
  mutating func given(_ node: YAMLNode) -> JSONValue? {
    guard let entries = node.entries("given", &diagnostics) else { return nil }
    for entry in entries where entry.key != "custom" && entry.key != "customFields" {
      guard source.shape.others == nil, source.shape.field(named: entry.key) == nil else { continue }
      let hint = NearestName.hint(entry.key, in: source.shape.fields.map(\.name) + ["custom"])
      report(.unknownSourceField, at: entry.keyPlace, "given: no field '\(entry.key)' in \(source.label)", hint: hint)
    }
    let hasOwnCustom = source.shape.field(named: "custom") != nil
    if !hasOwnCustom, let custom = node["custom"] { checkCustom(custom) }
    if !hasOwnCustom, let list = node["customFields"], marks.names.contains("custom") { checkCustomFields(list) }
    return node.literal("given", &diagnostics)
  }

  /// The record of a test as a run would receive it: custom fields under `custom` go into the API's list, replacing any
  /// item with the same id. Without definitions they stay where they are and are read there.
  func completed(_ given: JSONValue) -> JSONValue {
    guard let definitions = source.customFields, source.shape.field(named: "custom") == nil,
      case .object(var members) = given, case .object(let custom)? = given["custom"]
    else { return given }
    members.removeAll { $0.name == "custom" }
    var items: [JSONValue]
    switch given["customFields"] {
    case .array(let known): items = known
    // A value that is not a list is what the test is about.
    case .some(let other) where other != .null: return .object(members)
    default: items = []
    }
    for member in custom {
      guard let definition = definitions.first(where: { $0.key.isExactly(member.name) }) else { continue }
      items.removeAll { ($0["id"]?.stringValue).isExactly(definition.id) }
      items.append(.object([.init("id", .string(definition.id)), .init("value", member.value)]))
    }
    members.removeAll { $0.name == "customFields" }
    return .object(members + [.init("customFields", .array(items))])
  }

  private mutating func checkCustom(_ node: YAMLNode) {
    guard let entries = node.entries("given.custom", &diagnostics), let definitions = source.customFields else { return }
    let keys = Set(names: definitions.map(\.key))
    for entry in entries where !keys.contains(entry.key) {
      let named = definitions.first {
        $0.name.isExactly(entry.key) || $0.id.isExactly(entry.key) || "contact.\($0.key)".isExactly(entry.key)
      }
      let hint = named.map { NearestName.question(entry.key, $0.key) } ?? NearestName.hint(entry.key, in: definitions.map(\.key))
      report(
        .unknownCustomField, at: entry.keyPlace, "given.custom: no custom field '\(entry.key)' in \(source.label)", hint: hint)
    }
  }

  /// An id without a definition, or a key in place of an id, would make the test meaningless. Anything else is read as in a
  /// run.
  private mutating func checkCustomFields(_ node: YAMLNode) {
    guard let definitions = source.customFields else {
      report(
        .customFieldsNotChecked, at: node.place,
        "given.customFields: an ID has a meaning only with custom field definitions",
        hint: "write custom: {KEY: VALUE}, or name the definitions: source: {custom_fields: FILE}")
      return
    }
    if let entries = node.entries, entries.contains(where: { entry in definitions.contains { $0.key.isExactly(entry.key) } }) {
      node.reportWrongKind("given.customFields", wanted: "a list", &diagnostics)
    }
    for element in node.elements ?? [] {
      if element.isMapping, element["id"] == nil {
        report(.missingKeyword, at: element.place, "an element of given.customFields needs the key 'id'")
      }
      guard let node = element["id"], !node.isNull, let id = node.scalar?.text,
        !definitions.contains(where: { $0.id.isExactly(id) })
      else { continue }
      let hint = definitions.first { $0.key.isExactly(id) }.map { "custom fields by key belong under custom: {\($0.key): …}" }
      report(
        .unknownCustomField, at: node.place,
        "given.customFields: no custom field has the ID '\(id)'", hint: hint ?? NearestName.hint(id, in: definitions.map(\.id)))
    }
  }
}
