import Core
import Schema
import Transform

/// The position of a field in the target schema.
enum TargetPosition: Equatable {
  /// A node of the schema.
  case node(Int)
  /// No schema, or the schema allows any member here.
  case unchecked
  /// Under a target that was reported as unknown: nothing more is reported.
  case poisoned
}

/// `target`, and the way from a target's name to its node.
extension MappingBuilder {
  mutating func target(
    _ entry: YAMLEntry?, mapping: String
  ) -> (entity: String, key: [String], keyNodes: [YAMLNode])? {
    guard let entry, entry.value.entries("target", &diagnostics) != nil else { return nil }
    let node = entry.value
    node.checkKeys(
      "target", known: MappingKeywords.target, required: MappingKeywords.targetGroup.required, at: entry.keyPlace, &diagnostics)
    checkReview(node, "target")
    let entity = node["entity"]?.word("target.entity", &diagnostics) ?? mapping
    if let schemaNode = node["schema"] {
      targetIsKnown = true
      if let file = schemaNode.text("target.schema", &diagnostics) {
        let loaded = loadSchema(file, at: schemaNode.place)
        target = loaded?.schema
        record = loaded?.validator
        validator = target.map { TargetValidator($0) }
      }
    } else if node.misspells("schema", among: MappingKeywords.target) {
      targetIsKnown = true
    } else {
      unchecked.append("target-schema")
      report(
        .note, .targetNotChecked, at: entry.keyPlace, "the output is not checked: 'target.schema' does not name a schema",
        hint: "add schema: FILE, Your App's JSON Schema")
    }
    guard let keyNode = node["key"] else { return nil }
    targetKeyPlace = keyNode.place
    let keyNodes = keyNode.elements ?? [keyNode]
    if keyNodes.isEmpty { keyNode.reportWrongKind("target.key", wanted: "a field or a list of fields", &diagnostics) }
    let keys = keyNodes.compactMap { $0.word("target.key", &diagnostics) }
    return keys.isEmpty ? nil : (entity, keys, keyNodes)
  }

  var rootPosition: TargetPosition {
    guard let target else { return targetIsKnown ? .poisoned : .unchecked }
    return .node(target.root)
  }

  /// Descends by one name; a name that the schema does not have is reported.
  mutating func descend(_ position: TargetPosition, _ name: String, at place: SourcePlace, path: [String]) -> TargetPosition {
    guard case .node(let index) = position, let target else { return position }
    let node = target.nodes[index]
    if let property = property(name, of: index) { return .node(property.node) }
    switch node.additional {
    case .allowed:
      warnOfLookAlike(name, in: node.properties.map(\.name), of: node.properties.count, at: place, target.file)
      return .unchecked
    case .node(let index):
      warnOfLookAlike(name, in: node.properties.map(\.name), of: node.properties.count, at: place, target.file)
      return .node(index)
    case .unspecified, .denied:
      // Nothing is reported about a member with an empty schema.
      if node.types == .all, node.properties.isEmpty, node.additional == .unspecified, path.count > 1 { return .unchecked }
      let near = nearest(name, in: node.properties.map(\.name), of: node.properties.count)
      if let near { meantTargets.insert((path.dropLast() + [near]).joined(separator: ".")) }
      let owner = path.count > 1 ? "'\(path.dropLast().joined(separator: "."))' of \(target.file)" : target.file
      let listed = node.properties.count > 12 ? [] : node.properties.map(\.name)
      let hint =
        near.map { NearestName.question(name, $0) } ?? (listed.isEmpty ? nil : "it has: \(listed.joined(separator: ", "))")
      report(.unknownTargetField, at: place, "no field '\(name)' in \(owner)", hint: hint)
      return .poisoned
    }
  }

  /// A name that is accepted because any name is, but looks like a declared one. In a large object, only names that are not
  /// plain ASCII are compared with all the others.
  mutating func warnOfLookAlike(
    _ name: String, in names: @autoclosure () -> [String], of count: Int, at place: SourcePlace, _ owner: String
  ) {
    guard count <= 200 || !name.isASCII, wantsHint(among: count), let pair = NearestName.lookAlike(of: name, in: names()) else {
      return
    }
    report(
      .warning, .similarNames, at: place, "'\(name)' looks like the field '\(pair.other)' of \(owner) but is a different one",
      hint: pair.difference)
  }

  /// The node's own property with this name; large nodes are indexed once.
  mutating func property(_ name: String, of index: Int) -> TargetNode.Property? {
    guard let target else { return nil }
    guard target.nodes[index].properties.count > 16 else { return target.nodes[index].property(name) }
    if propertyIndexes[index] == nil {
      let names = target.nodes[index].properties.enumerated().map { (Name($1.name), $0) }
      propertyIndexes[index] = Dictionary(names, uniquingKeysWith: { first, _ in first })
    }
    return propertyIndexes[index]?[name].map { target.nodes[index].properties[$0] }
  }

  mutating func isRequired(_ name: String, in index: Int) -> Bool {
    guard let target else { return false }
    if requiredIndexes[index] == nil { requiredIndexes[index] = Set(names: target.nodes[index].required) }
    return requiredIndexes[index]?.contains(name) == true
  }

  /// Whether the schema types a node as an object, so that a map under it is a nested target.
  func isObject(_ position: TargetPosition) -> Bool {
    guard case .node(let index) = position, let node = target?.nodes[index] else { return false }
    if node.types == .all { return !node.properties.isEmpty }
    return node.types.subtracting(.null) == .object
  }
}
