import Core

/// A field that the target's schema has, as something to fill.
struct TargetField {
  var path: [String]
  var node: Int
  var isRequired: Bool
  /// In a mapping, a name with a dot means nesting, so this name cannot be written there.
  var isWritable = true

  private static let maximumDepth = 5
  private static let maximumFields = 2_000

  /// The leaves of a schema in its own order; an object without declared members is one.
  static func all(of schema: TargetSchema) -> [TargetField] {
    var found: [TargetField] = []
    collect(schema, schema.root, [], isRequired: true, seen: [schema.root], &found)
    return found
  }

  private static func collect(
    _ schema: TargetSchema, _ index: Int, _ path: [String], isRequired: Bool, seen: Set<Int>, _ found: inout [TargetField]
  ) {
    let node = schema.nodes[index]
    for property in node.properties where found.count < maximumFields {
      let inner = schema.nodes[property.node]
      let isNeeded = isRequired && node.required.contains(exactly: property.name)
      guard !property.name.isEmpty, !inner.isFalse else { continue }
      guard !property.name.contains(".") else {
        found.append(TargetField(path: path + [property.name], node: property.node, isRequired: isNeeded, isWritable: false))
        continue
      }
      let isObject = inner.types.subtracting(.null) == .object || (inner.types == .all && !inner.properties.isEmpty)
      if isObject, !inner.properties.isEmpty, path.count < maximumDepth, !seen.contains(property.node) {
        collect(
          schema, property.node, path + [property.name], isRequired: isNeeded, seen: seen.union([property.node]), &found)
      } else {
        found.append(TargetField(path: path + [property.name], node: property.node, isRequired: isNeeded))
      }
    }
  }
}
