import Core
import Transform

/// `given` of a test: the source record.
extension MappingBuilder {
  /// Its members must be fields that the source has, or a slip would make the test say nothing.
  ///
  /// Custom fields stand under `custom`, by their keys, or as the API gives them: `customFields: [{id: …, value: …}]`.
  mutating func given(_ node: YAMLNode) -> JSONValue? {
    guard let entries = node.entries("given", &diagnostics) else { return nil }
    for entry in entries where entry.key != "custom" && entry.key != "customFields" {
      guard scope.shape.others == nil, scope.shape.field(named: entry.key) == nil else { continue }
      let hint = NearestName.hint(entry.key, in: scope.shape.fields.map(\.name) + ["custom"])
      report(.unknownSourceField, at: entry.keyPlace, "given: no field '\(entry.key)' in \(scope.label)", hint: hint)
    }
    let hasOwnCustom = scope.shape.field(named: "custom") != nil
    if !hasOwnCustom, let custom = node["custom"] { checkCustom(custom) }
    guard let literal = node.literal("given", &diagnostics) else { return nil }
    guard !hasOwnCustom, let list = node["customFields"], readNames.contains("custom") else { return literal }
    return customMembers(list).map { literal.merged(with: .object([.init("custom", .object($0))])) } ?? literal
  }

  private mutating func checkCustom(_ node: YAMLNode) {
    guard let entries = node.entries("given.custom", &diagnostics), let definitions = scope.customFields else { return }
    let keys = Set(definitions.map(\.key))
    for entry in entries where !keys.contains(entry.key) {
      let named = definitions.first { $0.name == entry.key || $0.id == entry.key || "contact.\($0.key)" == entry.key }
      let hint = named.map { "did you mean '\($0.key)'?" } ?? NearestName.hint(entry.key, in: definitions.map(\.key))
      report(
        .unknownCustomField, at: entry.keyPlace, "given.custom: no custom field '\(entry.key)' in \(scope.label)", hint: hint)
    }
  }

  /// The API's list by the keys of its fields.
  private mutating func customMembers(_ node: YAMLNode) -> [JSONValue.Member]? {
    guard let elements = node.elements("given.customFields", &diagnostics) else { return nil }
    guard let definitions = scope.customFields else {
      report(
        .customFieldsNotChecked, at: node.place, "given.customFields: which field an id means, only its definition says",
        hint: "write custom: {KEY: VALUE}, or name the definitions: source: {custom_fields: FILE}")
      return nil
    }
    var members: [JSONValue.Member] = []
    for element in elements {
      guard let id = element["id"]?.scalar?.text else {
        report(.missingKeyword, at: element.place, "an element of given.customFields needs the key 'id'")
        continue
      }
      guard let definition = definitions.first(where: { $0.id == id }) else {
        let hint = definitions.first { $0.key == id }.map { "by their keys they stand under custom: {\($0.key): …}" }
        report(
          .unknownCustomField, at: element["id"]?.place ?? element.place,
          "given.customFields: no custom field has the id '\(id)'",
          hint: hint ?? NearestName.hint(id, in: definitions.map(\.id)))
        continue
      }
      let value = element["value"] ?? element["fieldValue"]
      if let value = value?.literal("given.customFields", &diagnostics) { members.append(.init(definition.key, value)) }
    }
    return members
  }
}
