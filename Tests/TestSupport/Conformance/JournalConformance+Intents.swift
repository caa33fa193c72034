import Core
import Testing

/// What is about to be sent.
extension JournalConformance {
  static let intents: [Case] = [
    Case("an intent is open with everything that was to be sent") { subject in
      let journal = try subject.open()
      let request = IntentRequest(
        scope: scope, run: "r\u{0}1", target: "PUT /é", idempotencyKey: "e\u{301}", epoch: 3, context: [0xFF, 0, 0x80],
        body: [0, 0xFF, 0x22],
        records: [record(UInt64.max, "b", [], [0]), record(0, nil, [0]), record(7, "", [9, 9], [1, 2])])
      let id = try journal.intend(request, under: subject.lease)
      #expect(
        try subject.open().openIntents(scope) == [
          Intent(id: id, request: request, open: [UInt64.max, 0, 7], written: subject.clock.now)
        ])
    },
    Case("open intents come in the order in which they were written, from every run") { subject in
      let journal = try subject.open()
      var ids: [IntentID] = []
      for run in ["z", "a", "m"] {
        ids.append(try journal.intend(request([record(0, Name(run))], run: run), under: subject.lease))
      }
      ids += try journal.intend([request([record(0, "1")]), request([record(0, "2")])], under: subject.lease)
      #expect(ids == ids.sorted() && Set(ids).count == 5)
      #expect(try journal.openIntents(scope).map(\.id) == ids)
      #expect(try journal.openIntents(scope).prefix(3).map(\.request.run) == ["z", "a", "m"])
    },
    Case("scopes are told apart by the bytes of each part") { subject in
      let journal = try subject.open()
      let names = oddNames + ["p", "d"]
      var scopes = names.map { JournalScope(pipeline: $0, destination: "d", mapping: "m", location: "l") }
      scopes += names.map { JournalScope(pipeline: "p", destination: "x\($0)", mapping: "m", location: "l") }
      scopes += names.map { JournalScope(pipeline: "p", destination: "d", mapping: "x\($0)", location: "l") }
      scopes += names.map { JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "x\($0)") }
      for (number, scope) in scopes.enumerated() {
        let id = try journal.intend(request([record(0, "a"), record(1, "b")], in: scope), under: subject.lease)
        try journal.resolve(id, [IntentResult(0, .accepted(remoteID: Name("\(number)")))])
      }
      for (number, scope) in scopes.enumerated() {
        #expect(try journal.openIntents(scope).map(\.request.scope) == [scope])
        #expect(try journal.accepted("a", in: scope)?.remoteID == Name("\(number)"))
      }
    },
    Case("what does not exist is empty, and a call may have no requests") { subject in
      let journal = try subject.open()
      #expect(try journal.openIntents(scope).isEmpty)
      #expect(try journal.accepted([], in: scope).isEmpty)
      #expect(try journal.accepted("a", in: scope) == nil)
      #expect(try journal.intend([], under: subject.lease).isEmpty)
    },
    Case("a request without records, with one twice, or with an impossible epoch, is refused along with all others of the call") {
      subject in
      let journal = try subject.open()
      for bad in [[], [record(1, "a"), record(1, "b")], [record(1, "a"), record(2, "a")]] {
        let failure = #expect(throws: OperationFailure.self) {
          try journal.intend([request([record(0, "k")]), request(bad)], under: subject.lease)
        }
        #expect(failure?.code == .fault)
      }
      for epoch in [-1, IntentRequest.greatestEpoch + 1] {
        let failure = #expect(throws: OperationFailure.self) {
          try journal.intend([request([record(0, "k")]), request([record(1, "a")], epoch: epoch)], under: subject.lease)
        }
        #expect(failure?.code == .fault)
      }
      #expect(try journal.openIntents(scope).isEmpty)
      // These keys are different, and any number of records may have none.
      _ = try journal.intend(
        request([record(0, "\u{E9}"), record(1, "e\u{301}"), record(2, nil), record(3, nil)]), under: subject.lease)
      #expect(try journal.openIntents(scope).map(\.open) == [[0, 1, 2, 3]])
    },
    Case("empty and huge bodies are kept byte for byte") { subject in
      let journal = try subject.open()
      for body in [[], hugeValue, [0]] as [[UInt8]] {
        _ = try journal.intend(request([record(0, "a")], body: body), under: subject.lease)
      }
      #expect(try subject.open().openIntents(scope).map(\.request.body) == [[], hugeValue, [0]] as [[UInt8]])
    },
    Case("empty and huge contexts are kept byte for byte") { subject in
      let journal = try subject.open()
      let contexts: [[UInt8]] = [[], hugeValue, [0]]
      for context in contexts {
        var request = request([record(0, "a")])
        request.context = context
        _ = try journal.intend(request, under: subject.lease)
      }
      #expect(try subject.open().openIntents(scope).map(\.request.context) == contexts)
    },
    Case("any number of records, with keys, digests and hashes of any length, are kept in their order") { subject in
      let journal = try subject.open()
      let lengths = [0, 1, 126, 127, 128, 129, 16_383, 16_384, 300_000]
      var records = lengths.enumerated().map { number, length in
        record(
          UInt64(1) << (7 * UInt64(number)), Name(String(repeating: "k", count: length)), [UInt8](repeating: 0xFF, count: length),
          [UInt8](repeating: 0, count: length))
      }
      records += (0..<1000).map { record(UInt64.max - $0, Name("\($0)"), [UInt8](repeating: 7, count: 32), [1]) }
      _ = try journal.intend(request(records), under: subject.lease)
      let left = try subject.open().openIntents(scope)
      #expect(left.map(\.request.records) == [records] && left.map(\.open) == [records.map(\.ordinal)])
    },
    Case("an intent says when it was written, and keeps that time") { subject in
      let journal = try subject.open()
      let first = subject.clock.now
      _ = try journal.intend(request([record(0, "a")]), under: subject.lease)
      subject.clock.advance(by: .milliseconds(1500))
      _ = try journal.intend([request([record(0, "b")]), request([record(0, "c")])], under: subject.lease)
      let second = subject.clock.now
      subject.clock.advance(by: .seconds(-3600))
      _ = try journal.intend(request([record(0, "d")]), under: subject.lease)
      #expect(try subject.open().openIntents(scope).map(\.written) == [first, second, second, subject.clock.now])
    },
    Case("an intent outlives its process") { subject in
      var journal: (any Journal)? = try subject.open()
      let id = try #require(try journal?.intend(request([record(0, "a")]), under: subject.lease))
      journal = nil
      #expect(try subject.open().openIntents(scope).map(\.id) == [id])
      try subject.open().resolve(id, [IntentResult(0, .accepted(remoteID: "1"))])
      #expect(try subject.open().openIntents(scope).isEmpty)
      #expect(try subject.open().accepted("a", in: scope) == Accepted(remoteID: "1", digest: [1], epoch: 1))
    },
    Case("several writers lose nothing, and no number is used twice") { subject in
      _ = try subject.open()
      let ids = try concurrently(4) { writer in
        let journal = try subject.open()
        return try (0..<20).map { number in
          let id = try journal.intend(
            request([record(UInt64(number), Name("\(writer) \(number)"))], run: "\(writer)"), under: subject.lease)
          if number % 2 == 0 { try journal.resolve(id, [IntentResult(UInt64(number), .accepted(remoteID: "x"))]) }
          return id
        }
      }
      #expect(Set(ids.joined()).count == 80)
      let left = try subject.open().openIntents(scope)
      #expect(left.count == 40 && left.map(\.id) == left.map(\.id).sorted())
      let keys = (0..<4).flatMap { writer in (0..<20).map { Name("\(writer) \($0)") } }
      #expect(try subject.open().accepted(keys, in: scope).count == 40)
    },
  ]
}
