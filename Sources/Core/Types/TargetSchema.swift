/// What the mapping compiler and the evaluator need to know about Your App's schema, as a flat array of nodes: children are
/// indices, so recursive schemas are possible. The `Schema` target makes it from a JSON Schema file.
package struct TargetSchema: Sendable {
  /// The name that the user gave.
  package var file: String
  package var nodes: [TargetNode]
  package var root = 0
  /// The schema has more than the nodes can express (`anyOf`, `if`, `not`, …): it can only be checked on the finished record.
  package var hasRest = false

  package init(file: String, nodes: [TargetNode]) {
    self.file = file
    self.nodes = nodes
  }
}

package struct JSONTypes: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let null = JSONTypes(rawValue: 1)
  package static let boolean = JSONTypes(rawValue: 2)
  package static let integer = JSONTypes(rawValue: 4)
  /// A number that is not an integer. `type: number` in a schema allows both, `type: integer` only integers.
  package static let number = JSONTypes(rawValue: 8)
  package static let string = JSONTypes(rawValue: 16)
  package static let array = JSONTypes(rawValue: 32)
  package static let object = JSONTypes(rawValue: 64)
  package static let all = JSONTypes(rawValue: 127)
}

/// One (sub)schema, `$ref` and `allOf` resolved. A limit that the schema does not state is nil.
package struct TargetNode: Sendable {
  package enum Additional: Sendable, Hashable {
    /// The keyword is absent: JSON Schema allows any member, but the mapping compiler still requires declared ones.
    case unspecified
    case allowed
    case denied
    case node(Int)
  }

  package struct Property: Sendable, Hashable {
    @ByBytes package var name: String
    package var node: Int
    package init(name: String, node: Int) {
      self.name = name
      self.node = node
    }
  }

  /// JSON pointer of the schema in its file, `#/properties/email`, after the schema's address if it has an `$id`.
  package var location = "#"
  package var types: JSONTypes = .all
  /// `enum`, and `const` as an enumeration of one.
  package var enumeration: [JSONValue]?
  package var isConstant = false
  package var format: String?
  package var minLength: Int?
  package var maxLength: Int?
  package var pattern: String?
  /// Limits keep the digits of the schema.
  package var minimum: String?
  package var maximum: String?
  package var exclusiveMinimum: String?
  package var exclusiveMaximum: String?
  package var multipleOf: String?
  package var minItems: Int?
  package var maxItems: Int?
  package var uniqueItems = false
  package var items: Int?
  package var minProperties: Int?
  package var maxProperties: Int?
  package var properties: [Property] = []
  package var required: [String] = []
  package var additional: Additional = .unspecified
  /// `true` and `false` as schemas.
  package var isFalse = false
  /// Further nodes that the same value must satisfy: the part of a `$ref` and its sibling keywords that cannot be merged (a
  /// second pattern, format or divisor, and nothing else).
  package var also: [Int] = []

  package init() {}

  package func property(_ name: String) -> Property? { properties.first { $0.name.isExactly(name) } }
}
