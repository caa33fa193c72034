import Control
import Core
import HTTP

/// Several records in one request.
extension PartLoad {
  /// A record whose calls end without a result more than this many times is left for the next run.
  static let roundsAtMost = 3

  func send(_ first: [Member], isCreate: Bool) async throws {
    guard let batch = plan.resource.batch else { return }
    var members: [Member] = []
    var others: [Member] = []
    for member in try await lookedUp(first) {
      if member.isPresent == !isCreate {
        members.append(member)
      } else if let work = decide(member, collects: false) {
        if case .batch(let own, !isCreate) = work, plan.adapter != nil { others += own } else { hand(work) }
      }
    }
    // They may share calls.
    if !others.isEmpty { hand(.batch(others, isCreate: !isCreate)) }
    if let adapter = plan.adapter {
      let groups = adapter.groups(members.map(\.record)).map { group in group.map { members[$0] } }
      if groups.count > 1 { return groups.forEach { hand(.batch($0, isCreate: isCreate)) } }
    }
    guard let any = members.first else { return }
    let own: AdaptedCall
    switch plan.adapter?.call(.batch(isCreate: isCreate), members.map(\.record), json: [], known: nil) {
    case nil: own = AdaptedCall(batch.request, body: bodies.batch(members.map(\.record.json)))
    case .success(let adapted)?: own = adapted
    case .failure(let reason)?:
      for member in members { end(member, .failed, reason) }
      return
    }
    let call: HTTPCall
    do {
      call = try plan.call(own.request, for: any.record, known: nil, body: own.body)
    } catch {
      for member in members { end(member, .failed, Reason(.requestImpossible, error.text)) }
      return
    }
    let traits = plan.traits(isCreate: isCreate, own, records: members.count, isAtomic: batch.isAtomic)
    try await take(
      try await drive(call, own.request, members, traits, isBatch: true), members, isCreate: isCreate)
  }

  /// Several records.
  ///
  /// - Parameter results: where the results are, as defined when the call was sent; nil: as in the pipeline.
  func take(_ call: Call, _ members: [Member], isCreate: Bool, results: BatchResults? = nil) async throws {
    let (ended, intent) = call
    func resolve(_ fate: IntentResult.Fate) async throws {
      try await writer.resolve(intent, members.map { IntentResult($0.record.ordinal, fate) })
    }
    func endAll(_ outcome: Outcome, _ reason: Reason) {
      for member in members { end(member, outcome, reason, attempts: ended.attempts) }
    }
    switch ended.ending {
    case .cancelled(let isOpen):
      if !isOpen { try await resolve(.refused) }
      throw CancellationError()
    case .stopped(let failure, let isOpen):
      if !isOpen { try await resolve(.refused) }
      endAll(.pending, Reason(isOpen ? .resultUnknown : .notSent, failure.description))
    case .flow(let flowEnd):
      if flowEnd.isWithoutEffect { try await keepSeen(ended, members, isCreate: isCreate) }
      switch flowEnd {
      case .accepted: try await takeResults(call, members, isCreate: isCreate, results ?? plan.resource.batch?.results)
      case .adopted: try await takeFindings(members.map { _ in .same }, call, members, isCreate: isCreate)
      case .divided(let findings, because: let obstacle):
        await stop(obstacle)
        try await takeFindings(findings, call, members, isCreate: isCreate)
      case .conflict where members.count == 1:
        if let next = try await take(call, members[0], isUpdate: !isCreate) { follow(next) }
      case .conflict(let mayBeOurs) where ended.found.count == members.count && ended.found.allSatisfy({ $0 != nil }):
        if let applied = plan.applied, !mayBeOurs {
          try await resolve(.refused)
          for member in members { _ = stop(member, applied, "it was changed there") }
          return
        }
        // A lookup has shown each of them, with other values: none is created again.
        try await takeFindings(members.map { _ in .different }, call, members, isCreate: isCreate, mayBeOurs: mayBeOurs)
      case .refused, .gone, .conflict, .tooLarge:
        if flowEnd == .tooLarge { shrinkBatches(records: members.count, bytes: bytes(of: members)) }
        guard members.count > 1 else {
          if let next = try await take(call, members[0], isUpdate: !isCreate) { follow(next) }
          return
        }
        if case .conflict = flowEnd { try await keepSeen(ended, members, isCreate: isCreate) }
        // One of the records is at fault: the halves are sent separately, until that record is on its own.
        try await resolve(.refused)
        handParts(members, refusedWith: ended.response, isCreate: isCreate)
      case .unauthorized, .forbidden:
        await stop(flowEnd, ended)
        try await resolve(.refused)
        endAll(.pending, reason(.notSent, ended, else: "not authorized"))
      case .notSent(let obstacle), .notCarriedOut(let obstacle):
        await stop(obstacle)
        try await resolve(.refused)
        endAll(.pending, reason(.notSent, ended, else: obstacle.text))
      case .unresolved(.findFailed):
        try await takeSeen(call, members, isCreate: isCreate)
      case .unresolved(let obstacle):
        await stop(obstacle)
        endAll(.pending, reason(.resultUnknown, ended, else: obstacle.text))
      }
    }
  }

  private func bytes(of members: [Member]) -> Int { members.reduce(bodies.batchOverhead) { $0 + $1.record.json.count + 1 } }

  func handHalves(_ members: [Member], isCreate: Bool) {
    if resolvesOnly { return members.forEach(leave) }
    let middle = members.count / 2
    for half in [members[..<middle], members[middle...]] where !half.isEmpty {
      hand(.batch(Array(half), isCreate: isCreate))
    }
  }

  /// Makes another call for a record whose last call ended in a conflict.
  func follow(_ member: Member) {
    if resolvesOnly { return leave(member) }
    var member = member
    member.rounds += 1
    guard member.rounds <= Self.roundsAtMost else { return endChanging(member) }
    if let work = decide(member, collects: false) { hand(work) }
  }

  /// An earlier process's call has a result, so nothing more is sent for it here. The load sends the record's current values.
  func leave(_ member: Member) { end(member, .pending) }

  // MARK: Results by item

  /// - Parameter results: nil: it is not known how to read the response.
  private func takeResults(_ call: Call, _ members: [Member], isCreate: Bool, _ results: BatchResults?) async throws {
    let (ended, intent) = call
    // A web page did not come from the API.
    guard let results, ended.response?.isPage != true else { return try await lookUp(members, call, isCreate: isCreate) }
    guard let list = results.list else {
      // The response has one status for all of them.
      return try await takeWritten(members.map { ($0, nil, isCreate) }, call, [])
    }
    let body = ended.response.flatMap { response in
      plan.adapter.map { $0.results(response, of: members.map(\.record)) } ?? response.body
    }
    let entries = body.flatMap { list.value(in: $0)?.arrayValue } ?? []
    let items = entries.map { entry in
      (key: results.key.flatMap { $0.value(in: entry)?.idText }.map { Name($0) }, result: read(entry, results, ended))
    }
    // Without keys, the order of the results cannot be verified, but a lookup is reliable.
    let lacksKeys = results.key != nil && !items.isEmpty && items.allSatisfy { $0.key == nil }
    if lacksKeys, plan.resource.find != nil { return try await lookUp(members, call, isCreate: isCreate) }
    let matched = ItemResults(keys: members.map(\.record.key), items: items).results
    var fates: [IntentResult] = []
    var written: [(member: Member, stored: StoredRecord?, isNew: Bool)] = []
    var (uncertain, throttled): ([Member], [Member]) = ([], [])
    var ends: [() async throws -> Void] = []
    for (member, result) in zip(members, matched) {
      let ordinal = member.record.ordinal
      guard let result, result.isReadable else {
        uncertain.append(member)
        continue
      }
      switch result.response.kind {
      case .accepted:
        let isNew = result.ownStatus == 201 || isCreate && !(plan.resource.batch?.updates == true && result.ownStatus == 200)
        written.append((member, result.stored, isNew))
      case .refused, .tooLarge, .unauthorized, .forbidden:
        fates.append(IntentResult(ordinal, fate(ofRefusal: result.response, of: member.record)))
        ends.append { [self] in refuse(member, result.response, attempts: ended.attempts) }
      case .gone:
        fates.append(IntentResult(ordinal, isCreate ? .refused : .removed))
        ends.append { [self] in
          _ = try await hasParent(member, after: result.response)
          end(
            member, .failed,
            Reason(
              .goneAtDestination, result.response.detail.isEmpty ? "status \(result.response.status)" : result.response.detail),
            attempts: ended.attempts)
        }
      case .conflict:
        let own = CallDriver.Ended(
          ending: .flow(.conflict(mayBeOurs: false)), response: result.response, attempts: ended.attempts,
          wasUncertain: ended.wasUncertain, detail: result.response.detail)
        ends.append { [self] in
          if let next = try await take((own, intent), member, isUpdate: !isCreate) { follow(next) }
        }
      case .throttled:
        fates.append(IntentResult(ordinal, .refused))
        throttled.append(member)
      case .stillRunning, .keyReused, .started, .retry, .serverError, .redirected, .doubtful: uncertain.append(member)
      }
    }
    try await takeWritten(written, call, fates)
    for end in ends { try await end() }
    if !throttled.isEmpty {
      let pause = RetryPolicy().longestPause(afterAttempt: 3 + (throttled.map(\.rounds).max() ?? 0))
      try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause)
      try await sendAgain(throttled, ended, wereThrottled: true)
    }
    try await lookUp(uncertain, call, isCreate: isCreate)
  }

  /// - Parameter others: the results of the other records, which become durable together with these.
  private func takeWritten(
    _ written: [(member: Member, stored: StoredRecord?, isNew: Bool)], _ call: Call, _ others: [IntentResult]
  ) async throws {
    var shared: Set<UInt64> = []
    for (member, stored, _) in written where try await isShared(stored?.remoteID, member) { shared.insert(member.record.ordinal) }
    let comparisons = try await compare(written.map { ($0.member, $0.stored) }, keepsOmitted: plan.batchKeeps)
    try await keep(written.map { ($0.member, $0.stored) }, comparisons, call.ended, keepsOmitted: plan.batchKeeps)
    let fates = zip(written, comparisons).map { one, comparison in
      let record = one.member.record
      return IntentResult(
        record.ordinal,
        resends(comparison, record) ? presentFate(of: record, one.stored, comparison) : fate(of: record, one.stored, comparison))
    }
    try await writer.resolve(call.intent, fates + others)
    for ((member, stored, isNew), first) in zip(written, comparisons) {
      var comparison = first
      if resends(first, member.record) {
        guard let last = try await resend(member, first) else { continue }
        comparison = last
      }
      explain(comparison, of: member)
      if let stored { noteMissingID(stored, member, isUpdate: !isNew) }
      if shared.contains(member.record.ordinal) { noteSharedID(stored?.remoteID, of: member.record) }
      end(member, isNew ? .created : .updated, attempts: call.ended.attempts)
    }
  }

  private struct ItemResult: Sendable {
    var response: ReadResponse
    /// Nil: it has none of its own.
    var ownStatus: Int?
    var stored: StoredRecord
    /// The item is an object and has a status, if items are supposed to have one.
    var isReadable: Bool
  }

  private func read(_ entry: JSONValue, _ results: BatchResults, _ ended: CallDriver.Ended) -> ItemResult {
    var status = ended.response?.status ?? 200
    if status == 207 { status = 200 }
    let own = results.status.flatMap { $0.value(in: entry)?.statusCode }
    status = own ?? status
    let body = results.body.flatMap { $0.value(in: entry) } ?? entry
    let response = plan.document.responses.read(status: status, headers: [:], body: body)
    func text(_ path: ResponsePath?) -> Name? { path.flatMap { $0.value(in: entry)?.idText }.map { Name($0) } }
    let record = results.record.map { $0.value(in: entry) } ?? nil
    return ItemResult(
      response: response, ownStatus: own,
      stored: StoredRecord(remoteID: text(results.remoteID), entityTag: text(results.entityTag), record: record),
      isReadable: entry.objectValue != nil && (results.status == nil || own != nil))
  }
}

extension JSONValue {
  /// An HTTP status: 201, or "201 Created".
  fileprivate var statusCode: Int? {
    let number = intValue ?? stringValue.flatMap { Int($0.prefix(3)) }
    return number.flatMap { (100...599).contains($0) ? $0 : nil }
  }
}
