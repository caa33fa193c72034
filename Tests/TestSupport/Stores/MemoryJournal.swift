package import Core

/// A journal in memory, beside a state store that holds its leases.
package final class MemoryJournal: Journal {
  fileprivate struct Known {
    var intent: IntentID
    var accepted: Accepted
  }

  fileprivate struct Content {
    var last: Int64 = 0
    /// In the order of their numbers.
    var open: [Intent] = []
    var known: [JournalScope: [Name: Known]] = [:]
    /// Nil: not described.
    var addresses: [JournalScope: Name?] = [:]
  }

  private let content = Locked(Content())
  private let leases: MemoryStateStore

  package init(leases: MemoryStateStore) { self.leases = leases }

  /// All of `body`, or nothing.
  private func change<Value>(_ body: (inout Content) throws -> Value) throws -> Value {
    try content.withLock { content in
      var changed = content
      let value = try body(&changed)
      content = changed
      return value
    }
  }

  // MARK: Calls

  package func apply(_ changes: JournalChanges, under lease: Lease) throws(OperationFailure) -> [IntentID] {
    for request in changes.intents { try request.check() }
    do {
      return try leases.whileHeld(lease) {
        try change { content in
          let ids = changes.intents.map { content.insert($0, at: leases.now()) }
          for update in changes.updates { try content.update(update) }
          for results in changes.results { try content.record(results) }
          return ids
        }
      }
    } catch {
      throw OperationFailure(error)
    }
  }

  package func resolve(_ results: [IntentResults]) throws(OperationFailure) {
    do { try change { content in for results in results { try content.record(results) } } } catch {
      throw OperationFailure(error)
    }
  }

  package func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] {
    content.withLock { $0.open.filter { $0.request.scope == scope } }
  }

  // MARK: What destinations have

  package func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    let known = content.withLock { $0.known[scope] ?? [:] }
    return Dictionary(keys.compactMap { key in known[key].map { (key, $0.accepted) } }) { first, _ in first }
  }

  package func adopt(_ records: [AdoptedRecord], in scope: JournalScope, under lease: Lease) throws(OperationFailure) {
    do { try leases.whileHeld(lease) { try change { $0.adopt(records, in: scope) } } } catch { throw OperationFailure(error) }
  }

  package func merge(
    under lease: Lease, isTrial: Bool,
    _ body: (_ merge: ([JournalRecord], JournalScope) throws -> [JournalMerge]) throws -> Void
  ) throws {
    try leases.whileHeld(lease) {
      try change { content in
        var changed = content
        try body { records, scope in records.map { changed.merge($0, in: scope) } }
        if !isTrial { content = changed }
      }
    }
  }

  // MARK: Scopes

  @discardableResult
  package func describe(_ scope: JournalScope, address: String) throws(OperationFailure) -> [JournalScope] {
    content.withLock { content in
      content.addresses[scope] = Name(address)
      return content.addresses.filter { $0.key != scope && $0.value == Name(address) }.keys.sorted()
    }
  }

  package func scopes() throws(OperationFailure) -> [JournalScopeSummary] {
    content.withLock { content in
      content.addresses.keys.sorted().map { scope in
        JournalScopeSummary(
          scope: scope, address: content.addresses[scope] ?? nil,
          records: content.known[scope]?.values.count { $0.accepted.isPresent } ?? 0,
          openIntents: content.open.count { $0.request.scope == scope })
      }
    }
  }

  package func forEachRecord(in scope: JournalScope, _ body: ([JournalRecord]) throws -> Void) throws {
    let known = content.withLock { $0.known[scope] ?? [:] }
    let records = known.map { JournalRecord($0.key, $0.value.accepted) }.sorted { $0.key < $1.key }
    for start in stride(from: 0, to: records.count, by: 256) { try body(Array(records[start...].prefix(256))) }
  }
}

extension MemoryJournal.Content {
  fileprivate mutating func insert(_ request: IntentRequest, at now: WallTime) -> IntentID {
    last += 1
    addresses[request.scope] = .some(addresses[request.scope] ?? nil)
    open.append(Intent(id: IntentID(last), request: request, open: request.records.map(\.ordinal), written: now))
    return IntentID(last)
  }

  fileprivate mutating func update(_ update: IntentUpdate) throws {
    guard let index = open.firstIndex(where: { $0.id == update.id }) else {
      throw wasWritten(update.id) ? OperationFailure.closedIntent(update.id) : .noIntent(update.id)
    }
    guard open[index].request.epoch...IntentRequest.greatestEpoch ~= update.epoch else {
      throw OperationFailure.impossibleEpoch(update.epoch, of: update.id)
    }
    open[index].request.epoch = update.epoch
    open[index].request.idempotencyKey = update.idempotencyKey
    open[index].request.context = update.context
  }

  private func wasWritten(_ id: IntentID) -> Bool { id.number >= 1 && id.number <= last }

  fileprivate mutating func record(_ results: IntentResults) throws {
    guard let index = open.firstIndex(where: { $0.id == results.id }) else {
      guard wasWritten(results.id) else { throw OperationFailure.noIntent(results.id) }
      return
    }
    let request = open[index].request
    for result in results.results {
      guard let record = request.records.first(where: { $0.ordinal == result.ordinal }) else {
        throw OperationFailure.noRecord(result.ordinal, in: results.id)
      }
      guard let position = open[index].open.firstIndex(of: result.ordinal) else { continue }
      open[index].open.remove(at: position)
      guard let key = record.key else { continue }
      var known =
        self.known[request.scope]?[key] ?? MemoryJournal.Known(intent: IntentID(0), accepted: .absent(epoch: 0))
      known.take(result.fate, of: record, from: results.id, request.run)
      known.accepted.epoch += 1 + request.epoch
      self.known[request.scope, default: [:]][key] = known
    }
    if open[index].open.isEmpty { open.remove(at: index) }
  }

  fileprivate mutating func adopt(_ records: [AdoptedRecord], in scope: JournalScope) {
    if records.isEmpty { return }
    addresses[scope] = .some(addresses[scope] ?? nil)
    for record in records {
      let known = self.known[scope]?[record.key]
      if let known, known.accepted.epoch > 0, known.accepted.isPresent { continue }
      let accepted = Accepted(
        remoteID: record.remoteID, entityTag: record.entityTag, digest: record.digest, fields: record.fields,
        epoch: known?.accepted.epoch ?? 0, refusal: known?.accepted.refusal)
      self.known[scope, default: [:]][record.key] = MemoryJournal.Known(
        intent: known?.intent ?? IntentID(0), accepted: accepted)
    }
  }

  fileprivate mutating func merge(_ record: JournalRecord, in scope: JournalScope) -> JournalMerge {
    addresses[scope] = .some(addresses[scope] ?? nil)
    let merge = JournalMerge(record.known, into: known[scope]?[record.key]?.accepted)
    if merge.isWritten {
      known[scope, default: [:]][record.key] = MemoryJournal.Known(
        intent: IntentID(last), accepted: record.known.withoutRefusal)
    }
    return merge
  }
}

extension MemoryJournal.Known {
  /// Not the epoch.
  fileprivate mutating func take(_ fate: IntentResult.Fate, of record: IntentRecord, from id: IntentID, _ run: String) {
    if id <= intent { return }
    let (earlier, epoch) = (accepted.remoteID, accepted.epoch)
    switch fate {
    case .refused: return
    case .declined(let digest):
      accepted.refusal = .init(digest: digest, run: Name(run))
      return
    case .removed: accepted = .absent(epoch: epoch)
    case .present(let remoteID, let entityTag, let fields):
      accepted = Accepted(remoteID: remoteID ?? earlier, entityTag: entityTag, fields: fields ?? [], epoch: epoch)
    case .unknown: accepted = Accepted(remoteID: earlier, epoch: epoch)
    case .accepted(let remoteID, let entityTag, let fields):
      accepted = Accepted(
        remoteID: remoteID ?? earlier, entityTag: entityTag, digest: record.digest, fields: fields ?? record.fields, epoch: epoch)
    }
    intent = id
  }
}
