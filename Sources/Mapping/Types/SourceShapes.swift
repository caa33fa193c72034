import Core

/// The shape of a source that a JSON Schema describes (`source: {schema: FILE}`).
enum SourceShapes {
  /// Beyond this depth, and where a schema refers to itself, members are `any`.
  private static let maximumDepth = 12

  static func shape(of schema: TargetSchema) -> ObjectShape {
    guard case .object(let shape) = type(of: schema.root, in: schema, depth: 0) else { return ObjectShape([], others: .any) }
    return shape
  }

  private static func type(of index: Int, in schema: TargetSchema, depth: Int) -> ValueType {
    let node = schema.nodes[index]
    guard depth < maximumDepth, node.types != .all || !node.properties.isEmpty else { return .any }
    var types: [ValueType] = []
    if node.types.contains(.string) { types.append(.string) }
    if node.types.contains(.number) { types.append(.number) } else if node.types.contains(.integer) { types.append(.integer) }
    if node.types.contains(.boolean) { types.append(.boolean) }
    if node.types.contains(.array) {
      types.append(.list(node.items.map { type(of: $0, in: schema, depth: depth + 1) } ?? .any))
    }
    if node.types.contains(.object) { types.append(.object(object(node, in: schema, depth: depth))) }
    return node.types == .all ? .object(object(node, in: schema, depth: depth)) : .joined(types)
  }

  private static func object(_ node: TargetNode, in schema: TargetSchema, depth: Int) -> ObjectShape {
    let fields = node.properties.map { property in
      FieldShape(
        property.name, type(of: property.node, in: schema, depth: depth + 1),
        isNullable: !node.required.contains(exactly: property.name) || schema.nodes[property.node].types.contains(.null),
        privacy: DefaultPrivacy.policy(of: property.name))
    }
    let others: ValueType? =
      switch node.additional {
      case .allowed: .any
      case .node(let index): type(of: index, in: schema, depth: depth + 1)
      case .unspecified: node.properties.isEmpty ? .any : nil
      case .denied: nil
      }
    return ObjectShape(fields, others: others)
  }
}
