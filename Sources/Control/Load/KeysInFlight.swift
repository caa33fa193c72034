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
    precondition(wanted.count == 1 || Set(wanted).count == wanted.count, "a call has each key once")
    let earlier = keys.updateValue(wanted, forKey: call)
    precondition(earlier == nil, "a call enters once")
    var isFirst = true
    for key in wanted {
      isFirst = Self.append(call, to: &queues[key, default: []]) && isFirst
    }
    return isFirst
  }

  /// Returns whether the call is the first in the queue.
  private static func append(_ call: Int, to queue: inout [Int]) -> Bool {
    queue.append(call)
    return queue.count == 1
  }

  package func isInFlight(_ key: Name) -> Bool { queues[key] != nil }

  /// The call has its results, or is not sent after all. The calls that may be sent now.
  package mutating func leave(_ call: Int) -> [Int] {
    let own = keys.removeValue(forKey: call) ?? []
    var next: [Int] = []
    for key in own {
      // The key is hashed only once: the call is usually alone in its queue.
      guard let place = queues.index(forKey: key) else { continue }
      let wasFirst = queues.values[place].first == call
      if queues.values[place].count == 1, wasFirst {
        queues.remove(at: place)
        continue
      }
      if wasFirst { queues.values[place].removeFirst() } else { queues.values[place].removeAll { $0 == call } }
      let first = queues.values[place][0]
      if wasFirst, !next.contains(first) { next.append(first) }
    }
    return next.filter(isFirst)
  }

  private func isFirst(_ call: Int) -> Bool { (keys[call] ?? []).allSatisfy { queues[$0]?.first == call } }
}
