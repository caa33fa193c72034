import Core

/// Members of an object that go one way only: what is read-only is required in responses only, and what is write-only in requests
/// only (OpenAPI 3.0.3, section 4.7.24.2).
///
/// It does not matter which part of a schema declares a member and which requires it:
///
///     {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id"]}]}
///     Base: {"properties": {"id": {"type": "string", "readOnly": true}}}          ->  a request needs no 'id'
///
/// So the parts of `allOf`, `anyOf` and `oneOf`, and what `$ref` leads to, are read together with the members that the schema around
/// them declares.
///
/// Under `not`, a member that is not required would forbid more, not less, so everything below it is read as it is written:
///
///     {"not": {"required": ["id", "name"], "properties": {"id": {"readOnly": true}}}}      ->  {"name": "x"} is valid
struct OneWayMembers: Hashable, Sendable {
  var readOnly: Set<Name> = []
  var writeOnly: Set<Name> = []
  /// The schema stands under `not`, where required members stay required. Under a second `not`, they do not.
  var isNegated = false

  static let none = OneWayMembers()

  /// What the schemas of members and elements are read with: they apply to other values.
  var ofOtherValues: OneWayMembers { OneWayMembers(isNegated: isNegated) }

  /// What the schema in `not` is read with.
  var negated: OneWayMembers { OneWayMembers(isNegated: !isNegated) }

  fileprivate var isEmpty: Bool { readOnly.isEmpty && writeOnly.isEmpty }

  func union(_ other: OneWayMembers) -> OneWayMembers {
    OneWayMembers(
      readOnly: readOnly.union(other.readOnly), writeOnly: writeOnly.union(other.writeOnly), isNegated: isNegated)
  }

  func subtracting(_ other: OneWayMembers) -> OneWayMembers {
    OneWayMembers(
      readOnly: readOnly.subtracting(other.readOnly), writeOnly: writeOnly.subtracting(other.writeOnly), isNegated: isNegated)
  }

  func intersection(_ names: Set<Name>) -> OneWayMembers {
    OneWayMembers(
      readOnly: readOnly.intersection(names), writeOnly: writeOnly.intersection(names), isNegated: isNegated)
  }
}

extension SchemaLibrary {
  /// The members that a schema object, what its `$ref` leads to, and the parts of its `allOf` declare for the other direction.
  mutating func oneWayMembers(of address: SchemaAddress, _ resource: Int) -> OneWayMembers {
    if let known = oneWay[address] { return known }
    var found = OneWayMembers()
    for object in sameValue(as: address, resource) {
      let document = documents[object.address.document]
      guard let properties = document.child(object.address.node, "properties") else { continue }
      for member in document.nodes[properties].children {
        let name = Name(document.nodes[member].token)
        let declarations = sameValue(as: SchemaAddress(document: object.address.document, node: member), object.resource)
        if options.direction != .response, declarations.contains(where: { has("readOnly", $0.address) }) {
          found.readOnly.insert(name)
        }
        if options.direction != .request,
          declarations.contains(where: { has("writeOnly", $0.address) && isVersion30($0.resource) })
        {
          found.writeOnly.insert(name)
        }
      }
    }
    oneWay[address] = found
    return found
  }

  /// What a part of a schema must be read with, since `around` applies to the same value. What the part declares itself and what
  /// nothing in it requires are left out, so that it is one schema wherever this makes no difference.
  mutating func oneWayMembers(around: OneWayMembers, of address: SchemaAddress, _ resource: Int) -> OneWayMembers {
    guard !around.isEmpty else { return around }
    let others = around.subtracting(oneWayMembers(of: address, resource))
    return others.isEmpty ? others : others.intersection(requiredNames(in: address, resource))
  }

  /// The members that are not required in a schema object.
  /// - Parameter around: what the schema object is read with.
  mutating func oneWayMembers(in address: SchemaAddress, _ resource: Int, around: OneWayMembers) -> OneWayMembers {
    guard resources[resource].dialect.isTranslated, !around.isNegated else { return around.ofOtherValues }
    return around.union(oneWayMembers(of: address, resource))
  }

  /// The names in `required` of a schema, and of all that it applies to the same value.
  private mutating func requiredNames(in address: SchemaAddress, _ resource: Int) -> Set<Name> {
    if let known = requiredNames[address] { return known }
    var found: Set<Name> = []
    for object in sameValue(as: address, resource, within: [.allOf, .anyOf, .oneOf]) {
      let document = documents[object.address.document]
      guard let names = document.child(object.address.node, Keyword.required.rawValue) else { continue }
      for name in document.value(names).arrayValue ?? [] { if let name = name.stringValue { found.insert(Name(name)) } }
    }
    requiredNames[address] = found
    return found
  }

  private func has(_ mark: String, _ address: SchemaAddress) -> Bool {
    documents[address.document].child(address.node, mark).map { documents[address.document].value($0) } == .bool(true)
  }

  /// Swagger 2.0 has only `readOnly`.
  private func isVersion30(_ resource: Int) -> Bool { resources[resource].dialect.openAPI == .v30 }

  /// A schema object, what its `$ref` leads to, and the parts in these keywords.
  private mutating func sameValue(
    as address: SchemaAddress, _ resource: Int, within keywords: [Keyword] = [.allOf]
  ) -> [(address: SchemaAddress, resource: Int)] {
    var found: [(address: SchemaAddress, resource: Int)] = []
    var seen: Set<SchemaAddress> = []
    var open = [(address, resource)]
    while let (address, around) = open.popLast() {
      guard seen.insert(address).inserted else { continue }
      let resource = owner(document: address.document, node: address.node) ?? around
      guard resources[resource].dialect.isTranslated else { continue }
      let document = documents[address.document]
      if let reference = document.child(address.node, Keyword.reference.rawValue) {
        // One without a target is reported once, however often it is followed.
        guard let text = document.value(reference).stringValue,
          let target = resolve(
            text, keyword: Keyword.reference.rawValue, from: resource, at: document.valuePlace(reference))
        else { continue }
        open.append((target.address, target.resource))
        continue
      }
      found.append((address, resource))
      for keyword in keywords {
        guard let parts = document.child(address.node, keyword.rawValue) else { continue }
        open += document.nodes[parts].children.reversed().map {
          (SchemaAddress(document: address.document, node: $0), resource)
        }
      }
    }
    return found
  }
}
