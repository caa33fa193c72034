import Control
import Core
import HTTP

/// Performing the calls.
extension PartLoad {
  /// Takes work until the queue is closed. Several run at the same time.
  func work() async {
    while let work = await queue.next() {
      do {
        try await perform(work)
      } catch {
        fail(error)
      }
    }
  }

  private func perform(_ work: Work) async throws {
    switch work {
    case .single(let member): if isInUse(for: [member]) { try await send(member) }
    case .batch(let members, let isCreate):
      if isInUse(for: members) { try await send(members, isCreate: isCreate) }
    case .verify(let member):
      if let next = try await verify(member) { try await perform(next) }
    case .waited(let record, let ticket, let times):
      let known = try await reader.accepted(record.key)
      let parents = try await reader.parentIDs(of: [record])
      let member = Member(record: record.with(plan.parents, parents), ticket: ticket, known: known)
      if let why = blocks(record.key) {
        return end(member, .pending, Reason(.resultUnknown, why))
      }
      if let next = decide(member, collects: false, times: times) { try await perform(next) }
    }
  }

  // MARK: Looking up first

  /// Looks up a record that the destination may have although the journal does not. With `before: save`, keeps what is there. Nil: the
  /// record has its outcome.
  func lookedUp(_ first: Member) async throws -> Member? {
    guard var member = try await acquainted(first) else { return nil }
    guard let images, !member.isSaved else { return member }
    let seen: Found
    if let own = member.seen {
      seen = own
    } else {
      guard let found = try await find(member) else { return nil }
      seen = found
    }
    if case .found(let stored) = seen { member.before = stored }
    // What the journal knew before the lookups.
    try await images.saveBefore(member.record, known: first.knownBefore ?? first.known, member.before, run: member.run)
    (member.isSaved, member.seen) = (true, nil)
    return member
  }

  /// The same for several records, which are looked up side by side. Returned in their order, without those that have an outcome.
  func lookedUp(_ members: [Member]) async throws -> [Member] {
    guard members.contains(where: mayLookUp) else { return members }
    return try await atOnce(members) { try await self.lookedUp($0) }.compactMap(\.self)
  }

  /// Whether there is more to do with a record than to send it.
  private func mayLookUp(_ member: Member) -> Bool {
    images != nil || plan.applied != nil || lostParent(of: member) != nil
      || !member.isLookedUp && plan.mayBeThere(member.known, findsFirst: findsFirst)
      || member.known.map { plan.mayBelongToOthers($0) } ?? false
  }

  private func acquainted(_ member: Member) async throws -> Member? {
    if let (mapping, key) = lostParent(of: member) {
      end(member, .pending, .parent(mapping, key))
      return nil
    }
    if let applied = plan.applied, !member.isChecked, !resolvesOnly { return try await checked(member, applied) }
    if !member.isLookedUp, plan.mayBeThere(member.known, findsFirst: findsFirst) {
      switch try await find(member) {
      case .absent:
        if plan.changesOnly {
          noteLostParent(of: member)
          end(member, .failed, .nothingThere)
          return nil
        }
        var member = member
        (member.isLookedUp, member.seen) = (true, .absent)
        return member
      case .found(let stored):
        let isSame = stored.matches(try? JSONReader.read(member.record.json), plan.comparison)
        var next = try await taken(stored, member, isSame: isSame)
        next?.seen = .found(stored)
        return next
      case nil: return nil
      }
    }
    guard let known = member.known, plan.mayBelongToOthers(known) else { return member }
    let isSame = known.digest == member.record.digest
    return try await taken(StoredRecord(remoteID: known.remoteID, entityTag: known.entityTag), member, isSame: isSame)
  }

  /// Decides what to do with a record that Waybill has not written.
  ///
  /// - Returns: what is known now, if the record is to be changed into ours; nil if it has its outcome.
  private func taken(_ stored: StoredRecord, _ member: Member, isSame: Bool) async throws -> Member? {
    switch plan.verdict(onFoundRecord: isSame) {
    case .claim:
      try await claim(stored, member, isSame: isSame)
      end(member, .unchanged)
      return nil
    case .keep:
      if !plan.refusesFindings { _ = try await adopt(stored, member) }
      end(member, .failed, .keptAsItIs)
      return nil
    case .update:
      var member = member
      member.isLookedUp = true
      member.known = try await adopt(stored, member)
      return member
    }
  }

  /// What a lookup has shown.
  enum Found: Sendable {
    case absent
    case found(StoredRecord)
  }

  /// Nil: the lookup failed, and the record has its outcome.
  func find(_ member: Member) async throws -> Found? {
    let (result, attempts) = try await lookup.necessary(member.record)
    switch result {
    case .absent: return .absent
    case .found(let stored): return .found(stored)
    case .cancelled: throw CancellationError()
    case .stopped(let failure):
      end(member, .pending, Reason(.notSent, failure.description))
      return nil
    case .undecided(let reason):
      end(member, .failed, reason, attempts: attempts)
      return nil
    case .failed(_, _, let why), .unauthorized(let why, _):
      end(member, .pending, Reason(.notSent, "it could not be looked up: \(why)"), attempts: attempts)
      return nil
    }
  }

  /// Remembers a record that a lookup has shown, and that Waybill has not written.
  func adopt(_ stored: StoredRecord, _ member: Member) async throws -> Accepted {
    let key = member.record.key
    try await writer.adopt(
      AdoptedRecord(
        key: key, remoteID: stored.remoteID, entityTag: stored.entityTag, fields: FieldHashes.ofOthers),
      in: plan.scope)
    var known = Accepted(remoteID: stored.remoteID, entityTag: stored.entityTag, fields: FieldHashes.ofOthers)
    known.epoch = member.known?.epoch ?? 0
    return known
  }

  /// Remembers that the destination has the record, as it would be sent or as `conflict` leaves it. From now on, it is ours.
  func claim(_ stored: StoredRecord, _ member: Member, isSame: Bool) async throws {
    let record = member.record
    let fields = isSame ? record.fields : FieldHashes.adopted
    if let known = member.known, known.epoch > 0, known.isPresent || FieldHashes.isOfOthers(known.fields) {
      // The journal does not adopt a record for which it already has a result.
      return try await note(
        member, .accepted(remoteID: stored.remoteID, entityTag: stored.entityTag, fields: isSame ? nil : fields))
    }
    try await writer.adopt(
      AdoptedRecord(
        key: record.key, remoteID: stored.remoteID, entityTag: stored.entityTag, digest: record.digest, fields: fields),
      in: plan.scope)
  }

  // MARK: One record

  private func send(_ first: Member) async throws {
    guard var member = try await lookedUp(first) else { return }
    // A conflict leads to an update, and an update may meet another one.
    for _ in 0..<3 {
      guard let next = try await sendOnce(member) else { return }
      member = next
    }
    endChanging(member)
  }

  func endChanging(_ member: Member) {
    end(member, .failed, Reason(.alreadyExists, "it keeps changing there, so every attempt to update it ends in a conflict"))
  }

  /// Makes one call. Nil: the record has its outcome. Otherwise what is known now, for another call.
  private func sendOnce(_ member: Member) async throws -> Member? {
    guard let (call, sent) = try await attempt(member) else { return nil }
    return try await take(call, sent, isUpdate: member.isPresent)
  }

  /// Makes one call, and leaves its end to the caller. Nil: the record has its outcome.
  ///
  /// - Returns: the call, and the record as it was sent.
  func attempt(_ member: Member) async throws -> (Call, Member)? {
    let isUpdate = member.isPresent
    guard let request = isUpdate ? plan.resource.update : plan.resource.create else {
      end(member, .failed, .noRequest(isUpdate: isUpdate))
      return nil
    }
    guard let prepared = try await prepared(member, request) else { return nil }
    let own: AdaptedCall
    switch plan.adapter?.call(
      isUpdate ? .update(prepared.member.known) : .create, [prepared.member.record], json: prepared.json, known: prepared.stored)
    {
    case nil: own = AdaptedCall(request, body: bodies.body(around: prepared.json))
    case .success(let adapted)?: own = adapted
    case .failure(let reason)?:
      end(member, .failed, reason)
      return nil
    }
    let call: HTTPCall
    do {
      call = try plan.call(own.request, for: prepared.member.record, known: prepared.stored, body: own.body)
    } catch {
      end(member, .failed, Reason(.requestImpossible, error.text))
      return nil
    }
    let traits = plan.traits(isCreate: !isUpdate, own, records: 1, isAtomic: true)
    return (try await drive(call, own.request, [prepared.member], traits, rest: own.rest), prepared.member)
  }

  private struct Prepared {
    var member: Member
    var stored: StoredRecord
    /// The record as it is sent.
    var json: [UInt8]
  }

  /// Reads what an update needs to know: the current tag, or the fields to send back.
  private func prepared(_ member: Member, _ request: RequestDocument) async throws -> Prepared? {
    var prepared = Prepared(
      member: member, stored: StoredRecord(remoteID: member.known?.remoteID, entityTag: member.known?.entityTag),
      json: member.record.json)
    guard plan.readsBefore(request, known: member.known) || plan.adapterReadsBefore(member.record, known: member.known)
    else { return prepared }
    let merges = member.isPresent && plan.resource.updateStyle == .readMergePut
    // What undo puts back must be what this write rests on, so the lookup that `before: save` has kept is used.
    let seen: Found?
    if member.rounds == 0, let before = member.before { seen = .found(before) } else { seen = try await find(member) }
    switch seen {
    case nil: return nil
    case .absent:
      try await note(member, .removed)
      // Its parent is another one now, which does not have it.
      if plan.adapterReadsBefore(member.record, known: member.known) {
        try await createAgain(member)
      } else {
        end(member, .failed, .gone)
      }
      return nil
    case .found(let stored):
      if member.rounds > 0 { try await keepFound(member, stored, mayBeOurs: false, wasUncertain: true) }
      prepared.stored = StoredRecord(
        remoteID: stored.remoteID ?? prepared.stored.remoteID, entityTag: stored.entityTag ?? prepared.stored.entityTag)
      if merges, let record = stored.record, let own = try? JSONReader.read(member.record.json) {
        var merged = record
        for column in plan.omitted(by: member.record, known: member.known) {
          merged = merged.removing(plan.columns[column].path[...])
        }
        prepared.json = Array(merged.merging(own).text.utf8)
      }
      return prepared
    }
  }

  /// A record that the journal no longer has is looked up, and created.
  private func createAgain(_ first: Member) async throws {
    var member = first
    member.known = try await reader.accepted(member.record.key)
    (member.isLookedUp, member.seen) = (false, nil)
    if let work = decide(member, collects: false) { hand(work) }
  }

  /// The target of an intent that only records what a lookup has shown.
  static let lookupTarget = IntentRequest.lookupTarget

  /// Records what a lookup has shown, as if a call had done it.
  func note(_ member: Member, _ fate: IntentResult.Fate) async throws {
    let record = member.record
    let id = try await writer.intend(
      IntentRequest(
        scope: plan.scope, run: plan.run, target: Self.lookupTarget, idempotencyKey: "", body: [],
        records: [IntentRecord(ordinal: record.ordinal, key: record.key, digest: record.digest, fields: record.fields)]))
    try await writer.resolve(id, [IntentResult(record.ordinal, fate)])
  }

  // MARK: Calls

  /// Writes the intent, and makes the call.
  ///
  /// - Parameters:
  ///   - isBatch: nil: if the request is that of the batch.
  ///   - rest: as in `AdaptedCall`.
  func drive(
    _ call: HTTPCall, _ request: RequestDocument, _ members: [Member], _ traits: CallFlow.Traits, isBatch: Bool? = nil,
    undo: CallContext.Undo? = nil, rest: JSONValue? = nil
  ) async throws -> (CallDriver.Ended, IntentID) {
    let key = plan.idempotencyKey(
      request, members.lazy.map { ($0.record.key, $0.record.digest, $0.known?.epoch ?? 0) })
    let isBatch = isBatch ?? (request == plan.resource.batch?.request)
    var context = CallContext(
      call, keyHeader: plan.document.idempotency?.header, traits: traits,
      under: isBatch ? [plan.resource.batch?.items].compactMap(\.self) : plan.resource.body.under.map(\.text), isBatch: isBatch,
      results: isBatch ? plan.resource.batch.map { .init($0.results) } : nil)
    (context.undo, context.rest) = (undo, rest?.text)
    if let adapter = plan.adapter {
      context.values = members.map { member in
        let memory = traits.isCreate ? adapter.memory(of: member.record) : [:]
        return CallContext.headers(member.record.values.merging(memory) { $1 })
      }
    }
    let body = call.body ?? []
    let intent = IntentRequest(
      scope: plan.scope, run: plan.run, target: "\(call.method) \(call.target)", idempotencyKey: key, context: context.bytes,
      body: body,
      records: members.map {
        IntentRecord(ordinal: $0.record.ordinal, key: $0.record.key, digest: $0.record.digest, fields: $0.record.fields)
      })
    let id = try await writer.intend(intent)
    var open = CallDriver.OpenCall(
      id: id, context: context, body: body, key: key, epoch: 0,
      subjects: plan.adapter == nil || !traits.isCreate ? members.map(\.record) : members.map { $0.record.since(.now()) })
    var flow = CallFlow(traits, at: engine.timekeeper.now(), seed: engine.seed &+ UInt64(bitPattern: id.number))
    return (try await driver.run(&flow, &open), id)
  }
}

extension PartPlan.Refusal {
  /// For messages; without the values, which may be personal data.
  var text: String {
    switch self {
    case .request(.missing(let placeholder)), .header(.missing(let placeholder)): "there is no value for \(placeholder.text)"
    case .request(.changesPath(let placeholder)):
      "the value of \(placeholder.text) would change which resource is meant: it is empty, or has '.' or '..' as a part"
    case .request(.empty(let placeholder)), .header(.empty(let placeholder)): "the value of \(placeholder.text) is empty"
    case .header(.control(let placeholder)): "the value of \(placeholder.text) has a line break, or another control character"
    case .header(.blank(let placeholder)): "the value of \(placeholder.text) begins or ends with a space"
    }
  }
}

extension OperationFailure {
  /// 403.
  static func forbidden(_ destination: String, _ detail: String) -> OperationFailure {
    OperationFailure(
      .notAuthorised, "'\(destination)' forbids this with these credentials (403)\(Self.after(detail)): check their permissions"
    )
  }

  private static func after(_ detail: String) -> String { detail.isEmpty ? "" : ": \(detail)" }
}

extension JSONValue {
  /// Without the member at the path.
  func removing(_ path: ArraySlice<String>) -> JSONValue {
    guard let own = objectValue, let first = path.first else { return self }
    let rest = path.dropFirst()
    return .object(
      own.compactMap { member in
        guard member.name.isExactly(first) else { return member }
        return rest.isEmpty ? nil : JSONValue.Member(member.name, member.value.removing(rest))
      })
  }

  /// The members that `other` lacks, including nested ones; nil: it has them all.
  func rest(besides other: JSONValue) -> JSONValue? {
    guard let own = objectValue, other.objectValue != nil else { return nil }
    let members = own.compactMap { member -> JSONValue.Member? in
      guard let theirs = other[member.name] else { return member }
      return member.value.rest(besides: theirs).map { JSONValue.Member(member.name, $0) }
    }
    return members.isEmpty ? nil : .object(members)
  }

  /// Its members, with those of `other` replacing its own.
  func merging(_ other: JSONValue) -> JSONValue {
    guard let own = objectValue, let others = other.objectValue else { return other }
    var merged = own.map { member in
      JSONValue.Member(member.name, other[member.name].map { member.value.merging($0) } ?? member.value)
    }
    merged += others.filter { self[$0.name] == nil }
    return .object(merged)
  }
}
