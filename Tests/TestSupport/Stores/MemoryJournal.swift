package import Core

/// A journal in memory, beside a state store that holds its leases.
package final class MemoryJournal: Journal {
  private struct Known {
    var intent: IntentID
    /// Nil: removed.
    var accepted: Accepted?
  }

  private struct Content {
    var last: Int64 = 0
    /// In the order of their numbers.
    var open: [Intent] = []
    var known: [JournalScope: [Name: Known]] = [:]
  }

  private let content = Locked(Content())
  private let leases: MemoryStateStore

  package init(leases: MemoryStateStore) { self.leases = leases }

  package func intend(_ requests: [IntentRequest], under lease: Lease) throws(OperationFailure) -> [IntentID] {
    for request in requests { try request.check() }
    return try leases.whileHeld(lease) {
      content.withLock { content in
        requests.map { request in
          content.last += 1
          content.open.append(Intent(id: IntentID(content.last), request: request, open: request.records.map(\.ordinal)))
          return IntentID(content.last)
        }
      }
    }
  }

  package func resolve(_ id: IntentID, _ results: [IntentResult]) throws(OperationFailure) {
    try content.withLock { content throws(OperationFailure) in
      guard let index = content.open.firstIndex(where: { $0.id == id }) else {
        guard id.number >= 1, id.number <= content.last else { throw OperationFailure.noIntent(id) }
        return
      }
      var changed = content
      let request = changed.open[index].request
      for result in results {
        guard let record = request.records.first(where: { $0.ordinal == result.ordinal }) else {
          throw OperationFailure.noRecord(result.ordinal, in: id)
        }
        guard let position = changed.open[index].open.firstIndex(of: result.ordinal) else { continue }
        changed.open[index].open.remove(at: position)
        guard let key = record.key else { continue }
        changed.known[request.scope, default: [:]][key] = Self.known(
          after: result.fate, digest: record.digest, from: id, before: changed.known[request.scope]?[key])
      }
      if changed.open[index].open.isEmpty { changed.open.remove(at: index) }
      content = changed
    }
  }

  private static func known(after fate: IntentResult.Fate, digest: [UInt8], from id: IntentID, before: Known?) -> Known? {
    if let before, before.intent > id { return before }
    let earlier = before?.accepted?.remoteID
    switch fate {
    case .refused: return before
    case .removed: return Known(intent: id, accepted: nil)
    case .unknown: return Known(intent: id, accepted: Accepted(remoteID: earlier))
    case .accepted(let remoteID, let entityTag):
      return Known(intent: id, accepted: Accepted(remoteID: remoteID ?? earlier, entityTag: entityTag, digest: digest))
    }
  }

  package func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] {
    content.withLock { $0.open.filter { $0.request.scope == scope } }
  }

  package func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    let known = content.withLock { $0.known[scope] ?? [:] }
    return Dictionary(keys.compactMap { key in known[key]?.accepted.map { (key, $0) } }) { first, _ in first }
  }
}
