package import Core

/// The names of one record: its key in the source, and the keys of its target records as far as they are known.
package struct RecordKeys: Sendable {
  package let source: String
  private(set) var targets: Set<Name>

  package init(_ key: String) {
    source = key
    targets = [Name(key)]
  }

  /// A target record has this key.
  package mutating func add(_ key: String) { targets.insert(Name(key)) }

  package var all: [Name] { targets.sorted() }

  /// A record of the source, or an element of it.
  func isSource(_ name: String) -> Bool { name.isExactly(source) || ItemName.isItem(name, of: source) }
  func isTarget(_ name: String) -> Bool { targets.contains(Name(name)) || ItemName.isItem(name, of: source) }
}
