import Core
import Values

/// Makes the nodes of a `TargetSchema` out of raw schemas: what applies to one value (a schema, what its `$ref`
/// leads to, and the members of `allOf`) becomes one node that admits what all of them admit.
///
/// A set of raw schemas has one node, so recursion ends where a set comes up again. Two patterns, formats or divisors
/// cannot be one: the first stays in the node, the others are nodes of their own in `also`.
///
///     {"$ref": "#/$defs/name", "maxLength": 40}   with   {"type": "string", "maxLength": 60, "minLength": 1}
///     ->  types string, minLength 1, maxLength 40
struct SchemaMerger {
  let schemas: [RawSchema]
  /// Members that only a branch declares (of `anyOf`, `then`, …), by the number of the schema.
  private let branchNames: (Int) -> [String]
  private(set) var nodes: [TargetNode] = []
  /// Raw schemas that a value can reach.
  private(set) var used: Set<Int> = []
  private(set) var isTooLarge = false

  private let maximumNodes: Int
  /// An empty schema.
  private let anything: Int
  private var indices: [[Int]: Int] = [:]
  private var unmade: [(parts: [Int], index: Int)] = []

  /// - Parameter maximumNodes: references can combine practically without end; no real schema comes near.
  init(schemas: [RawSchema], maximumNodes: Int = 20_000, branchNames: @escaping (Int) -> [String] = { _ in [] }) {
    self.branchNames = branchNames
    self.schemas = schemas + [RawSchema()]
    anything = schemas.count
    self.maximumNodes = maximumNodes
  }

  /// The root becomes node 0.
  mutating func makeAll() {
    _ = node(for: [0])
    while let next = unmade.popLast() {
      guard nodes.count < maximumNodes else {
        isTooLarge = true
        return
      }
      merge(next.parts, into: next.index)
    }
  }

  /// The node for what admits a value only if all of `starts` do.
  private mutating func node(for starts: [Int]) -> Int {
    var parts: [Int] = []
    var seen: Set<Int> = []
    var open = Array(starts.reversed())
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      parts.append(next)
      open += schemas[next].references.reversed()
    }
    used.formUnion(parts)
    let asserting = parts.filter { schemas[$0].isAsserting }
    let kept = asserting.isEmpty ? [parts[0]] : asserting
    let key = kept.sorted()
    if let index = indices[key] { return index }
    let index = nodes.count
    nodes.append(TargetNode())
    indices[key] = index
    unmade.append((kept, index))
    return index
  }

  private mutating func merge(_ parts: [Int], into index: Int) {
    var node = TargetNode()
    node.location = schemas[parts[0]].node.location
    for part in parts { combine(schemas[part].node, into: &node) }
    mergeProperties(parts, into: &node)
    let items = parts.compactMap { schemas[$0].node.items }
    if !items.isEmpty { node.items = self.node(for: items) }
    nodes[index] = node
  }

  private mutating func combine(_ other: TargetNode, into node: inout TargetNode) {
    node.isFalse = node.isFalse || other.isFalse
    node.types.formIntersection(other.types)
    node.isConstant = node.isConstant || other.isConstant
    if let enumeration = other.enumeration { node.enumeration = ExactJSON.common(node.enumeration, enumeration) }
    node.minLength = Self.larger(node.minLength, other.minLength)
    node.minItems = Self.larger(node.minItems, other.minItems)
    node.minProperties = Self.larger(node.minProperties, other.minProperties)
    node.maxLength = Self.smaller(node.maxLength, other.maxLength)
    node.maxItems = Self.smaller(node.maxItems, other.maxItems)
    node.maxProperties = Self.smaller(node.maxProperties, other.maxProperties)
    node.minimum = Self.stricter(node.minimum, other.minimum, isUpper: false)
    node.exclusiveMinimum = Self.stricter(node.exclusiveMinimum, other.exclusiveMinimum, isUpper: false)
    node.maximum = Self.stricter(node.maximum, other.maximum, isUpper: true)
    node.exclusiveMaximum = Self.stricter(node.exclusiveMaximum, other.exclusiveMaximum, isUpper: true)
    node.uniqueItems = node.uniqueItems || other.uniqueItems
    if node.required.isEmpty {
      node.required = other.required
    } else {
      var known = Set(node.required.map { Name($0) })
      for name in other.required where known.insert(Name(name)).inserted { node.required.append(name) }
    }
    var extra = TargetNode()
    extra.location = other.location
    var hasExtra = false
    func join(_ member: WritableKeyPath<TargetNode, String?>) {
      guard let text = other[keyPath: member], !node[keyPath: member].isExactly(text) else { return }
      if node[keyPath: member] == nil {
        node[keyPath: member] = text
      } else {
        extra[keyPath: member] = text
        hasExtra = true
      }
    }
    join(\.pattern)
    join(\.format)
    join(\.multipleOf)
    guard hasExtra else { return }
    node.also.append(nodes.count)
    nodes.append(extra)
  }

  /// A member declared in one part is an additional one to a part that does not declare it.
  private mutating func mergeProperties(_ parts: [Int], into node: inout TargetNode) {
    var names: [String] = []
    var known: Set<Name> = []
    for part in parts {
      for property in schemas[part].node.properties where known.insert(Name(property.name)).inserted {
        names.append(property.name)
      }
    }
    let isMerged = parts.count > 1
    for (position, name) in names.enumerated() {
      let children =
        isMerged
        ? parts.compactMap { declaration(of: name, in: schemas[$0].node) }
        : [schemas[parts[0]].node.properties[position].node]
      node.properties.append(.init(name: name, node: self.node(for: children)))
    }
    mergeBranches(parts, known: known, into: &node)
    let additional = parts.compactMap { part in
      if case .node(let index) = schemas[part].node.additional { index } else { nil as Int? }
    }
    guard !additional.isEmpty else {
      if parts.contains(where: { schemas[$0].node.additional == .allowed }) { node.additional = .allowed }
      return
    }
    used.formUnion(additional)
    if additional.contains(where: { schemas[$0].node.isFalse }) {
      node.additional = .denied
    } else if additional.allSatisfy({ !schemas[$0].isAsserting && schemas[$0].references.isEmpty && !schemas[$0].hasRest }) {
      node.additional = .allowed
    } else {
      node.additional = .node(self.node(for: additional))
    }
  }

  /// Members that only a branch declares: known by name, unless another part closes the object to them.
  private mutating func mergeBranches(_ parts: [Int], known: Set<Name>, into node: inout TargetNode) {
    var known = known
    for part in parts {
      guard part != anything else { continue }
      for name in branchNames(part) where known.insert(Name(name)).inserted {
        let children = parts.compactMap { declaration(of: name, in: schemas[$0].node) }
        guard !children.contains(where: { schemas[$0].node.isFalse }) else { continue }
        node.properties.append(.init(name: name, node: self.node(for: children.isEmpty ? [anything] : children)))
      }
    }
  }

  private func declaration(of name: String, in node: TargetNode) -> Int? {
    if let property = node.properties.first(where: { $0.name.isExactly(name) }) { return property.node }
    if case .node(let index) = node.additional { return index }
    return nil
  }

  private static func larger(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return max(left, right)
  }

  private static func smaller(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  static func stricter(_ left: String?, _ right: String?, isUpper: Bool) -> String? {
    guard let left, let right else { return left ?? right }
    let order = Numbers.compare(Array(left.utf8).span, Array(right.utf8).span) ?? 0
    return (order > 0) == isUpper ? right : left
  }
}
