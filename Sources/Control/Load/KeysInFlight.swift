package import Core

/// Keeps two records with the same key from being in flight together. Calls wait in one queue per key, so records with the same
/// key are sent in the order in which they came, and the journal of the first is known to the second. No I/O.
///
///     let isFirst = keys.enter(call, for: [a, b])      // false: it waits
///     for next in keys.leave(call) { … }               // calls that no longer wait
///
/// A call goes when it is the first in the queues of all of its keys. Calls enter all of their queues at once, so the oldest one
/// never waits, and there is no deadlock.
package struct KeysInFlight: Sendable {
  private var queues: [Name: [Int]] = [:]
  private var keys: [Int: [Name]] = [:]

  package init() {}

  /// Whether the call may be sent now; otherwise `leave` of another call returns it when it may.
  ///
  /// - Parameters:
  ///   - call: a number of the caller's own, not in use.
  ///   - wanted: distinct, since a second record with the same key belongs in a later call.
  package mutating func enter(_ call: Int, for wanted: [Name]) -> Bool {
    precondition(Set(wanted).count == wanted.count, "a call has each key once")
    precondition(keys[call] == nil, "a call enters once")
    keys[call] = wanted
    for key in wanted { queues[key, default: []].append(call) }
    return isFirst(call)
  }

  package func isInFlight(_ key: Name) -> Bool { queues[key] != nil }

  /// The call has its results, or is not sent after all. The calls that may be sent now.
  package mutating func leave(_ call: Int) -> [Int] {
    let own = keys.removeValue(forKey: call) ?? []
    var next: [Int] = []
    for key in own {
      let wasFirst = queues[key]?.first == call
      if wasFirst { queues[key]?.removeFirst() } else { queues[key]?.removeAll { $0 == call } }
      guard let first = queues[key]?.first else {
        queues[key] = nil
        continue
      }
      if wasFirst, !next.contains(first) { next.append(first) }
    }
    return next.filter(isFirst)
  }

  private func isFirst(_ call: Int) -> Bool { (keys[call] ?? []).allSatisfy { queues[$0]?.first == call } }
}
