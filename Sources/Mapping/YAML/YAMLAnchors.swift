import Core

/// The anchors of a document whose aliases are resolved: each alias is the anchored value once more.
///
/// A few lines of aliases can stand for billions of values, so what they add is limited.
struct YAMLAnchors {
  /// Values that aliases may add to a document.
  static let maximumValues = 200_000

  private struct Anchored {
    var node: YAMLNode
    var values: Int
    var height: Int
  }

  private var known: [Name: Anchored] = [:]
  private var open: Set<Name> = []
  private var added = 0

  enum Failure: Error {
    case unknown, circular, tooManyValues, tooDeep
  }

  /// The value of an anchor begins here.
  mutating func begin(_ name: String) { open.insert(Name(name)) }

  mutating func end(_ name: String, _ node: YAMLNode) {
    open.remove(Name(name))
    let (values, height) = Self.measure(node)
    known[Name(name)] = Anchored(node: node, values: values, height: height)
  }

  /// The value that an alias at `depth` stands for.
  mutating func value(of name: String, depth: Int) throws(Failure) -> YAMLNode {
    guard !open.contains(Name(name)) else { throw .circular }
    guard let anchored = known[Name(name)] else { throw .unknown }
    guard depth + anchored.height <= YAMLReader.maximumDepth else { throw .tooDeep }
    added += anchored.values
    guard added <= Self.maximumValues else { throw .tooManyValues }
    return anchored.node
  }

  private static func measure(_ node: YAMLNode) -> (values: Int, height: Int) {
    var (values, height) = (1, 0)
    func add(_ child: YAMLNode) {
      let inner = measure(child)
      values += inner.values
      height = max(height, inner.height + 1)
    }
    switch node.content {
    case .sequence(let elements): elements.forEach(add)
    case .mapping(let entries): entries.forEach { add($0.value) }
    case .scalar, .refused: break
    }
    return (values, height)
  }
}

/// Merge keys (yaml.org/type/merge.html): `<<: *base` adds the entries of a map, or of several, that the map around it does not
/// have.
struct YAMLMerge {
  static let key = "<<"

  /// Maps to take entries from, the first one with precedence.
  private var maps: [[YAMLEntry]] = []

  /// False: the value is neither a map nor a list of maps.
  mutating func add(_ value: YAMLNode) -> Bool {
    if let entries = value.entries {
      maps.append(entries)
      return true
    }
    guard let elements = value.elements, elements.allSatisfy({ $0.isMapping || $0.isRefused }) else { return value.isRefused }
    maps += elements.compactMap(\.entries)
    return true
  }

  /// `entries` and what they lack.
  func merged(into entries: [YAMLEntry]) -> [YAMLEntry] {
    guard !maps.isEmpty else { return entries }
    var result = entries
    var seen = Set(entries.map { Name($0.key) })
    for entry in maps.joined() where seen.insert(Name(entry.key)).inserted { result.append(entry) }
    return result
  }
}
