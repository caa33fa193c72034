package import Core

/// Keeps two records with the same key from being under way at once: the later one waits until the first has its result, so
/// that they arrive in order, and the journal of the first is known to the second.
package struct KeysInFlight: Sendable {
  private var keys: Set<Name> = []

  package init() {}

  /// Whether all of these keys are free, and distinct; they are then taken.
  package mutating func take(_ wanted: [Name]) -> Bool {
    guard Set(wanted).count == wanted.count, keys.isDisjoint(with: wanted) else { return false }
    keys.formUnion(wanted)
    return true
  }

  package func isTaken(_ key: Name) -> Bool { keys.contains(key) }

  package mutating func release(_ done: [Name]) { keys.subtract(done) }
}
