import Core
import Testing

/// Open intents that change, and changes of several kinds in one transaction.
extension JournalConformance {
  private static func update(_ id: IntentID, _ epoch: Int, key: String = "j", context: [UInt8] = [1]) -> IntentUpdate {
    IntentUpdate(id: id, epoch: epoch, idempotencyKey: key, context: context)
  }

  static let updates: [Case] = [
    Case("an update of an open intent is durable, and changes nothing else") { subject in
      let journal = try subject.open()
      let sent = request([record(0, "a"), record(1, "b")], epoch: 1)
      let ids = try journal.intend([sent, sent], under: subject.lease)
      try journal.resolve(ids[0], [IntentResult(1, .refused)])
      let written = subject.clock.now
      subject.clock.advance(by: .seconds(10))
      _ = try journal.apply(
        JournalChanges(updates: [update(ids[0], 1, context: [9]), update(ids[0], 4, key: "e\u{301}", context: [0, 0xFF])]),
        under: subject.lease)
      var changed = sent
      (changed.epoch, changed.idempotencyKey, changed.context) = (4, "e\u{301}", [0, 0xFF])
      #expect(
        try subject.open().openIntents(scope) == [
          Intent(id: ids[0], request: changed, open: [0], written: written),
          Intent(id: ids[1], request: sent, open: [0, 1], written: written),
        ])
    },
    Case("an intent that is closed, or was never written, cannot be updated, and nothing else is recorded either") { subject in
      let journal = try subject.open()
      let closed = try journal.intend(request([record(0, "a")]), under: subject.lease)
      try journal.resolve(closed, [IntentResult(0, .refused)])
      let open = try journal.intend(request([record(1, "b")]), under: subject.lease)
      for id in [closed, IntentID(99), IntentID(0), IntentID(-1)] {
        let changes = JournalChanges(
          intents: [request([record(2, "c")])], updates: [update(open, 1), update(id, 1)],
          results: [IntentResults(open, [IntentResult(1, .accepted())])])
        let failure = #expect(throws: OperationFailure.self) { try journal.apply(changes, under: subject.lease) }
        #expect(failure?.code == .fault)
      }
      #expect(try journal.openIntents(scope).map(\.request) == [request([record(1, "b")])])
      #expect(try journal.accepted(["a", "b"], in: scope) == ["a": .absent(epoch: 1)])
    },
    Case("an update never lowers the epoch of an intent, and an impossible epoch is refused") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, "a")], epoch: 2), under: subject.lease)
      for epoch in [1, 0, -1, Int.min, IntentRequest.greatestEpoch + 1, Int.max] {
        let failure = #expect(throws: OperationFailure.self) {
          try journal.apply(JournalChanges(updates: [update(id, epoch)]), under: subject.lease)
        }
        #expect(failure?.code == .fault)
      }
      #expect(try journal.openIntents(scope).map(\.request.epoch) == [2])
      _ = try journal.apply(JournalChanges(updates: [update(id, IntentRequest.greatestEpoch)]), under: subject.lease)
      #expect(try journal.openIntents(scope).map(\.request.epoch) == [IntentRequest.greatestEpoch])
    },
    Case("intents, updates and results are recorded in this order, all at once") { subject in
      let journal = try subject.open()
      let first = try journal.intend(request([record(0, "a")]), under: subject.lease)
      let ids = try journal.apply(
        JournalChanges(
          intents: [request([record(1, "b")]), request([record(2, "c")])], updates: [update(first, 2)],
          results: [IntentResults(first, [IntentResult(0, .accepted(remoteID: "1"))])]), under: subject.lease)
      #expect(ids.count == 2 && ids == ids.sorted() && first < ids[0])
      #expect(try subject.open().openIntents(scope).map(\.id) == ids)
      #expect(try subject.open().accepted("a", in: scope) == Accepted(remoteID: "1", digest: [1], epoch: 3))
    },
    Case("changes of which any is refused are not recorded at all") { subject in
      let journal = try subject.open()
      let sent = request([record(0, "a"), record(9, "z")])
      let id = try journal.intend(sent, under: subject.lease)
      for bad in [
        JournalChanges(intents: [request([])]),
        JournalChanges(results: [IntentResults(IntentID(99), [IntentResult(0, .refused)])]),
        JournalChanges(results: [IntentResults(id, [IntentResult(7, .refused)])]),
      ] {
        var changes = bad
        changes.intents.insert(request([record(1, "b")]), at: 0)
        changes.updates.append(update(id, 1))
        changes.results.insert(IntentResults(id, [IntentResult(0, .accepted())]), at: 0)
        let failure = #expect(throws: OperationFailure.self) { try journal.apply(changes, under: subject.lease) }
        #expect(failure?.code == .fault)
      }
      #expect(try journal.openIntents(scope).map(\.request) == [sent])
      #expect(try journal.accepted(["a", "b"], in: scope).isEmpty)
    },
  ]
}
