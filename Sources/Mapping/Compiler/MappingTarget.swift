import Core
import Schema

/// The position of a field in the target schema.
enum TargetPosition: Equatable {
  /// A node of the schema.
  case node(Int)
  /// No schema, or the schema allows any member here.
  case unchecked
  /// Under a target that was reported as unknown: nothing more is reported.
  case poisoned
}

/// What is known about the target: its schema and its key.
struct MappingTarget {
  var entity: String
  /// Target fields that identify a record; empty if none could be read.
  var key: [String] = []
  /// What `key` was read from; empty if `key` is.
  var keyNodes: [YAMLNode] = []
  var keyPlace: SourcePlace
  var schema: TargetSchema?
  /// The mapping names a schema, whether it could be read or not.
  var namesSchema = false
  var validator: TargetValidator?
  /// The whole of the target schema, for finished records.
  var record: SchemaValidator?
  /// Members of large nodes by name, if they have been requested.
  private var propertyIndexes: [Int: [Name: Int]] = [:]
  private var requiredIndexes: [Int: Set<Name>] = [:]

  init(entity: String, place: SourcePlace) {
    self.entity = entity
    keyPlace = place
  }

  var rootPosition: TargetPosition {
    guard let schema else { return namesSchema ? .poisoned : .unchecked }
    return .node(schema.root)
  }

  /// The node's own property with this name; large nodes are indexed once.
  mutating func property(_ name: String, of index: Int) -> TargetNode.Property? {
    guard let schema else { return nil }
    guard schema.nodes[index].properties.count > 16 else { return schema.nodes[index].property(name) }
    if propertyIndexes[index] == nil {
      let names = schema.nodes[index].properties.enumerated().map { (Name($1.name), $0) }
      propertyIndexes[index] = Dictionary(names, uniquingKeysWith: { first, _ in first })
    }
    return propertyIndexes[index]?[name].map { schema.nodes[index].properties[$0] }
  }

  mutating func requires(_ name: String, in index: Int) -> Bool {
    guard let schema else { return false }
    if requiredIndexes[index] == nil { requiredIndexes[index] = Set(names: schema.nodes[index].required) }
    return requiredIndexes[index]?.contains(name) == true
  }

  /// Whether the schema types a node as an object, so that a map under it is a nested target.
  func isObject(_ position: TargetPosition) -> Bool {
    guard case .node(let index) = position, let node = schema?.nodes[index] else { return false }
    if node.types == .all { return !node.properties.isEmpty }
    return node.types.subtracting(.null) == .object
  }
}
