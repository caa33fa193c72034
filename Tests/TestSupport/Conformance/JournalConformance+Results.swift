import Core
import Testing

/// What became of calls.
extension JournalConformance {
  static let results: [Case] = [
    Case("an intent is open until each of its records has a result") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(5, "a"), record(3, nil), record(9, "c")]), under: subject.lease)
      try journal.resolve(id, [])
      try journal.resolve(id, [IntentResult(3, .refused)])
      #expect(try subject.open().openIntents(scope).map(\.open) == [[5, 9]])
      try journal.resolve(id, [IntentResult(9, .accepted()), IntentResult(5, .unknown)])
      #expect(try subject.open().openIntents(scope).isEmpty)
    },
    Case("the first result of a record counts") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, "a"), record(1, "b")]), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .accepted(remoteID: "1"))])
      try journal.resolve(id, [IntentResult(0, .removed), IntentResult(1, .accepted(remoteID: "2")), IntentResult(1, .removed)])
      // Resolved: another process has its results, too.
      try journal.resolve(id, [IntentResult(0, .removed), IntentResult(1, .removed)])
      #expect(try journal.accepted(["a", "b"], in: scope).mapValues(\.remoteID) == ["a": "1", "b": "2"])
    },
    Case("a result for an intent or a record that never existed is refused, and nothing changes") { subject in
      let journal = try subject.open()
      for number in [0, 1, -1, Int64.max] {
        let failure = #expect(throws: OperationFailure.self) {
          try journal.resolve(IntentID(number), [IntentResult(0, .refused)])
        }
        #expect(failure?.code == .fault)
      }
      let id = try journal.intend(request([record(0, "a")]), under: subject.lease)
      let failure = #expect(throws: OperationFailure.self) {
        try journal.resolve(id, [IntentResult(0, .accepted()), IntentResult(1, .accepted())])
      }
      #expect(failure?.code == .fault)
      #expect(try journal.openIntents(scope).map(\.open) == [[0]])
      #expect(try journal.accepted("a", in: scope) == nil)
      // All intents of a call, or none.
      let other = try journal.intend(request([record(0, "b")]), under: subject.lease)
      for bad in [IntentResults(id, [IntentResult(9, .refused)]), IntentResults(IntentID(99), [])] {
        #expect(throws: OperationFailure.self) {
          try journal.resolve([IntentResults(other, [IntentResult(0, .accepted())]), bad])
        }
      }
      #expect(try journal.openIntents(scope).map(\.id) == [id, other])
      #expect(try journal.accepted("b", in: scope) == nil)
    },
    Case("a record that a lookup has shown with other values is there, without a digest") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "1", entityTag: "old"), journal, subject.lease)
      try send("a", digest: [2], .present(entityTag: "new"), journal, subject.lease)
      try send("b", digest: [1], .present(remoteID: "2"), journal, subject.lease)
      try send("c", digest: [1], .present(remoteID: "3", fields: [7]), journal, subject.lease)
      let known = try subject.open().accepted(["a", "b", "c"], in: scope)
      #expect(known["c"] == Accepted(remoteID: "3", fields: [7], epoch: 1))
      #expect(known["a"] == Accepted(remoteID: "1", entityTag: "new", epoch: 2))
      #expect(known["b"] == Accepted(remoteID: "2", epoch: 1))
    },
    Case("results come in any order, and those of several intents in one call") { subject in
      let journal = try subject.open()
      let ids = try journal.intend(
        [request((0..<5).map { record($0, Name("\($0)")) }), request([record(5, "5")])], under: subject.lease)
      func result(_ ordinal: UInt64) -> IntentResult { IntentResult(ordinal, .accepted(remoteID: Name("\(ordinal)"))) }
      try journal.resolve([
        IntentResults(ids[1], [result(5)]), IntentResults(ids[0], [result(4), result(1)]), IntentResults(ids[0], [result(0)]),
        IntentResults(ids[1], [result(5)]),
      ])
      #expect(try subject.open().openIntents(scope).map(\.open) == [[2, 3]])
      try subject.open().resolve(ids[0], [result(3), result(2)])
      #expect(try journal.openIntents(scope).isEmpty)
      let known = try journal.accepted((0..<6).map { Name("\($0)") }, in: scope)
      #expect(known.count == 6 && known.allSatisfy { $0.key == $0.value.remoteID && $0.value.epoch == 1 })
    },
    Case("the number of a resolved intent is not used again") { subject in
      let journal = try subject.open()
      let first = try journal.intend(request([record(0, "a")]), under: subject.lease)
      try journal.resolve(first, [IntentResult(0, .refused)])
      #expect(try subject.open().intend(request([record(0, "a")]), under: subject.lease) > first)
    },
    Case("two processes may resolve the same intents") { subject in
      let journal = try subject.open()
      let ids = try (0..<20).map { try journal.intend(request([record(0, Name("\($0)"))]), under: subject.lease) }
      _ = try concurrently(4) { writer in
        let journal = try subject.open()
        for id in ids {
          try journal.resolve(id, [IntentResult(0, .accepted(remoteID: Name("\(writer)"), entityTag: Name("\(writer)")))])
        }
      }
      #expect(try journal.openIntents(scope).isEmpty)
      let known = try journal.accepted((0..<20).map { Name("\($0)") }, in: scope)
      #expect(known.count == 20 && known.values.allSatisfy { $0.remoteID == $0.entityTag })
    },
  ]
}
