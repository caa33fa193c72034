package import Core

/// Holds records back until the records that they refer to have remote IDs. No I/O.
///
///     if children.add(7, parents: [parent]) == .send { … }
///     for record in children.loaded(parent) { … }              // these can be sent now
///     for record in children.notLoaded(parent) { … }           // pending: `parent-not-loaded`, naming the parent
///     for (record, missing) in children.rest() { … }           // at the end of the load: the same
///
/// A parent whose ID the journal has is not listed in `parents`. At the end, records are left whose parents never came, or that
/// refer to each other in a cycle. A record that becomes pending is itself not loaded, so the caller reports it in turn.
package struct ParentsFirst: Sendable {
  package struct Parent: Sendable, Hashable {
    package var mapping: Name
    package var key: Name

    package init(mapping: Name, key: Name) {
      self.mapping = mapping
      self.key = key
    }
  }

  /// The parents for which each record still waits.
  private var missing: [Int: [Parent]] = [:]
  /// The records that wait for each parent, in the order in which they came.
  private var children: [Parent: [Int]] = [:]
  /// Parents that will not be loaded.
  private var lost: Set<Parent> = []

  package init() {}

  package enum Decision: Sendable, Hashable {
    case send, wait
    case pending(Parent)
  }

  /// - Parameters:
  ///   - record: a number of the caller's own, not in use.
  ///   - parents: those without a remote ID yet.
  package mutating func add(_ record: Int, parents: [Parent]) -> Decision {
    if let parent = parents.first(where: lost.contains) { return .pending(parent) }
    var distinct: [Parent] = []
    for parent in parents where !distinct.contains(parent) {
      distinct.append(parent)
      children[parent, default: []].append(record)
    }
    guard !distinct.isEmpty else { return .send }
    missing[record] = distinct
    return .wait
  }

  /// The parent has a remote ID. The records that wait for nothing else.
  package mutating func loaded(_ parent: Parent) -> [Int] {
    lost.remove(parent)
    return (children.removeValue(forKey: parent) ?? []).filter { record in
      guard var rest = missing[record] else { return false }
      rest.removeAll { $0 == parent }
      missing[record] = rest.isEmpty ? nil : rest
      return rest.isEmpty
    }
  }

  /// The parent was rejected, or is pending itself. The records that wait for it, which become pending.
  package mutating func notLoaded(_ parent: Parent) -> [Int] {
    lost.insert(parent)
    return (children.removeValue(forKey: parent) ?? []).filter { missing.removeValue(forKey: $0) != nil }
  }

  /// All that still wait, in the order of their numbers, each with its first missing parent.
  package mutating func rest() -> [(record: Int, parent: Parent)] {
    defer { (missing, children) = ([:], [:]) }
    return missing.sorted { $0.key < $1.key }.map { ($0.key, $0.value[0]) }
  }
}
