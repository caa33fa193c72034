import Control
import Core
import HTTP

/// Calls that an earlier process left open: each is resolved with its own key and body, before anything else is sent for its
/// records.
extension PartLoad {
  /// - Throws: what the journal throws.
  func resolve(_ intents: [Intent]) async throws {
    guard !intents.isEmpty else { return }
    var rest = intents[...]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<min(plan.document.concurrent, intents.count) {
        let intent = rest.removeFirst()
        group.addTask { try await self.resolve(intent) }
      }
      while try await group.next() != nil {
        guard let intent = rest.popFirst() else { continue }
        group.addTask { try await self.resolve(intent) }
      }
    }
  }

  private func resolve(_ intent: Intent) async throws {
    let (request, now) = (intent.request, engine.timekeeper.now())
    if request.target.isExactly(Self.lookupTarget) {
      // Nothing was sent for it.
      return try await writer.resolve(intent.id, intent.open.map { IntentResult($0, .refused) })
    }
    guard let context = CallContext(request.context), let all = context.records(in: request, plan.adapter),
      all.count == request.records.count
    else {
      let why = "an earlier call (\(request.target)) cannot be read back, so its result is not known"
      for record in request.records where intent.open.contains(record.ordinal) {
        if let key = record.key { block(key, why) }
      }
      return
    }
    var outgoing: [OutgoingRecord] = []
    for (index, record) in request.records.enumerated() where intent.open.contains(record.ordinal) {
      guard let own = plan.outgoing(record, all[index], named: context.named(at: index)) else { continue }
      outgoing.append(plan.adapter != nil && context.traits.isCreate ? own.since(intent.written) : own)
    }
    var parents = try await reader.parentIDs(of: outgoing)
    let named = plan.adapter?.parentIDs(
      inCallTo: context.target, try? JSONReader.read(request.body), request.records.indices.map { context.named(at: $0) ?? [:] })
    parents.merge(named ?? [:]) { $0.merging($1) { $1 } }
    var members = outgoing.map { Member(record: $0.with(plan.parents, parents), ticket: -1, known: nil, run: request.run) }
    // What an update left out is compared with what was there before.
    if !context.traits.isCreate {
      let known = try await reader.accepted(members.map(\.record.key))
      for index in members.indices { members[index].known = known[members[index].record.key] }
    }
    guard !members.isEmpty else { return }
    count(members.count)
    var traits = context.traits
    // A lookup writes nothing, so the current pipeline's `find` can be used.
    traits.canFind = plan.resource.find != nil
    traits.records = members.count
    // The journal uses wall-clock time, so a time in the future has no age.
    let age = WallTime.now().millisecondsSince1970 - intent.written.millisecondsSince1970
    let first = age >= 0 ? Moment(now.sinceStart - .milliseconds(age)) : nil
    // Some of its records already have results; repeating the whole call with its key would return them again.
    let isPartial = members.count < request.records.count
    let isKeyValid = traits.hasIdempotencyKeys && age >= 0 && .milliseconds(age) < traits.keyLifetime
    let isConfirmed = context.isConfirmed == true && !isKeyValid
    // Somebody may have changed the record since `waybill undo` decided about it, so its calls are never sent again.
    let onlyLooksUp = isPartial || isConfirmed || context.undo != nil
    if onlyLooksUp { (traits.hasIdempotencyKeys, traits.isRepeatable) = (false, false) }
    var flow = CallFlow(
      traits, epoch: request.epoch, sent: .init(first: first, hasJob: context.job != nil && !onlyLooksUp), at: now)
    var open = CallDriver.OpenCall(
      id: intent.id, wasOpen: true, context: context, body: request.body, key: request.idempotencyKey, epoch: request.epoch,
      subjects: members.map(\.record))
    let ended =
      onlyLooksUp ? try await driver.lookUp(&flow, open.subjects, context.undo) : try await driver.run(&flow, &open)
    if case .cancelled = ended.ending { throw CancellationError() }
    if isConfirmed, case .flow(.notCarriedOut) = ended.ending {
      for member in members { end(member, .pending, Reason(.resultUnknown, Self.isHidden)) }
      return
    }
    if let undo = context.undo {
      try await finish((ended, intent.id), members[0], isDelete: undo.isDelete)
    } else if context.isBatch {
      try await take((ended, intent.id), members, isCreate: traits.isCreate, results: context.results?.paths)
    } else if let member = members.first, try await take((ended, intent.id), member, isUpdate: !traits.isCreate) != nil {
      end(member, .pending)
    }
  }
}

extension PartPlan {
  /// A record of an open call; nil if it has no key.
  ///
  /// - Parameter named: the values of the fields that requests name; nil: they are in the record.
  func outgoing(_ record: IntentRecord, _ json: JSONValue, named: [Name: Name]? = nil) -> OutgoingRecord? {
    guard let key = record.key else { return nil }
    var values = named ?? [:]
    for (name, column) in named == nil ? fields : [] {
      let path = ResponsePath(columns[column].path.map { .member(Name($0)) })
      values[name] = path.value(in: json)?.idText.map { Name($0) }
    }
    return OutgoingRecord(
      ordinal: record.ordinal, source: "", line: 0, key: key, digest: record.digest, fields: record.fields,
      json: Array(json.text.utf8), values: values)
  }
}
