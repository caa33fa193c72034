import Core
import Testing

/// Who may write.
extension JournalConformance {
  static let fences: [Case] = [
    Case("a process that lost its lease cannot write an intent") { subject in
      let (journal, other) = (try subject.open(), try subject.open())
      subject.clock.advance(by: .seconds(61))
      // Nobody has taken it over yet.
      let sent = try journal.intend(request([record(0, "a")]), under: subject.lease)
      let lease = try LeaseConformance.acquire(owner: "b", in: subject.leases())
      let failure = #expect(throws: OperationFailure.self) {
        try journal.intend([request([record(1, "b")]), request([record(2, "c")])], under: subject.lease)
      }
      #expect(failure?.code == .stateHeld && failure?.isTransient == true)
      // Nothing at all: not even what needs no lease otherwise.
      for changes in [
        JournalChanges(updates: [IntentUpdate(id: sent, epoch: 1, idempotencyKey: "j", context: [1])]),
        JournalChanges(results: [IntentResults(sent, [IntentResult(0, .refused)])]), JournalChanges(),
      ] {
        let failure = #expect(throws: OperationFailure.self) { try journal.apply(changes, under: subject.lease) }
        #expect(failure?.code == .stateHeld)
      }
      #expect(try journal.openIntents(scope).map(\.request.idempotencyKey) == ["i"])
      let next = try other.intend(request([record(1, "b")]), under: lease)
      #expect(try journal.openIntents(scope).map(\.id) == [sent, next])
      // The call has been made, so its result counts.
      try journal.resolve(sent, [IntentResult(0, .accepted(remoteID: "1"))])
      #expect(try other.accepted("a", in: scope)?.remoteID == "1")
    },
    Case("a lease that was released, or never acquired, is not held") { subject in
      let journal = try subject.open()
      var unknown = subject.lease
      unknown.name = "other"
      try subject.leases().release(subject.lease)
      for lease in [subject.lease, unknown] {
        let adoption = #expect(throws: OperationFailure.self) {
          try journal.adopt([AdoptedRecord(key: "a")], in: scope, under: lease)
        }
        let merging = #expect(throws: OperationFailure.self) {
          try journal.merge(under: lease, isTrial: false) { _ = try $0([JournalRecord("a", Accepted())], scope) }
        }
        #expect(adoption?.code == .stateHeld && merging?.code == .stateHeld)
        let failure = #expect(throws: OperationFailure.self) { try journal.intend(request([record(0, "a")]), under: lease) }
        #expect(failure?.code == .stateHeld)
      }
      #expect(try journal.openIntents(scope).isEmpty && journal.accepted("a", in: scope) == nil)
    },
  ]
}
