import Core
import Values

/// A compiled schema: one flat array of nodes, one of checks, and tables beside them. Children are numbers, so a schema
/// may be recursive. Immutable, shared by all workers.
final class SchemaProgram: Sendable {
  /// One (sub)schema.
  struct Node: Sendable {
    /// Its place, as named in failures: `#/properties/email`, `https://a.example/s.json#/$defs/x`.
    var location: String
    var resource: Int32
    var checks: Range<Int32>
    /// Has `unevaluatedItems` or `unevaluatedProperties`, so what its own keywords evaluate is recorded.
    var tracks: Bool
    /// `false` as a schema.
    var isFalse: Bool
  }

  struct Check: Sendable {
    var rule: Rule
    /// As the schema spells it.
    var keyword: Keyword
  }

  /// What one keyword requires; several keywords if they belong together. Numbers name schemas or entries of a table.
  enum Rule: Sendable {
    case never
    case types(JSONTypes)
    case enumeration(Int)
    case minLength(Int), maxLength(Int), pattern(Int), format(StringFormat)
    /// Base64; and JSON, perhaps within base64. Draft-07 only.
    case contentEncoding, contentMediaType(isEncoded: Bool)
    case minimum(Int), maximum(Int), exclusiveMinimum(Int), exclusiveMaximum(Int), multipleOf(Int)
    case minItems(Int), maxItems(Int), uniqueItems
    case minProperties(Int), maxProperties(Int), required(Int), dependentRequired(Int)
    case members(Int), propertyNames(Int), dependentSchemas(Int)
    case elements(Int), contains(Int)
    case reference(Int), dynamicReference(Int)
    case allOf(Int), anyOf(Int), oneOf(Int), negation(Int), conditional(Int)
    case unevaluatedItems(Int), unevaluatedProperties(Int)
  }

  /// `enum` or `const`: keys as `ExactJSON` makes them.
  struct Enumeration: Sendable {
    var keys: ByteSet
    var values: [JSONValue]
  }

  struct Limit: Sendable {
    var digits: [UInt8]
    var text: String
    init(_ text: String) {
      self.text = text
      digits = Array(text.utf8)
    }
  }

  struct Divisors: Sendable {
    var divisor: Divisor
    var text: String
  }

  struct Names: Sendable {
    var names: [String]
    var set: ByteSet
    init(_ names: [String]) {
      self.names = names
      set = ByteSet(names.map { Array($0.utf8) })
    }
  }

  /// `properties`, `patternProperties`, `additionalProperties`.
  struct Members: Sendable {
    var declared = Names([])
    /// Schemas of the declared ones.
    var schemas: [Int] = []
    var patterns: [(pattern: Int, schema: Int)] = []
    var additional: Int?
  }

  /// A list form and a form for the rest, whichever way the draft spells them.
  struct Elements: Sendable {
    var first: [Int] = []
    var firstKeyword = Keyword.prefixItems
    var rest: Int?
    var restKeyword = Keyword.items
  }

  struct Contains: Sendable {
    var schema: Int
    var least = 1
    var most = Int.max
    /// In 2020-12, the elements that it finds count as evaluated.
    var marks: Bool
  }

  /// `dependentRequired`, `dependentSchemas` and both halves of `dependencies`, by the member that they depend on.
  struct Dependency: Sendable {
    var name: [UInt8]
    var text: String
    var required = Names([])
    var schema: Int?
  }

  struct Condition: Sendable {
    var condition: Int
    var then: Int?
    var otherwise: Int?
  }

  /// `$dynamicRef`, `$recursiveRef`: where it leads by itself, and per resource where it leads when that resource was
  /// entered earlier.
  struct Dynamic: Sendable {
    var initial: Int
    var byResource: [Int32: Int] = [:]
  }

  let nodes: [Node]
  let checks: [Check]
  let tables: Tables

  struct Tables: Sendable {
    var enumerations: [Enumeration] = []
    var patterns: [Pattern] = []
    var limits: [Limit] = []
    var divisors: [Divisors] = []
    var names: [Names] = []
    var dependencies: [[Dependency]] = []
    var members: [Members] = []
    var elements: [Elements] = []
    var contains: [Contains] = []
    var lists: [[Int]] = []
    var conditions: [Condition] = []
    var dynamics: [Dynamic] = []
  }

  init(nodes: [Node], checks: [Check], tables: Tables) {
    self.nodes = nodes
    self.checks = checks
    self.tables = tables
  }

  /// Whether resources that were entered must be remembered.
  var isDynamic: Bool { !tables.dynamics.isEmpty }
}
