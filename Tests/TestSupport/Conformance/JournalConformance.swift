package import Core
import Testing

/// The contract of `Journal`.
package enum JournalConformance {
  package typealias Case = ConformanceCase<Subject>

  /// A journal, and the store that holds its leases.
  package struct Subject: Sendable {
    let clock: WallClock
    let leases: StoreOpener<any StateStore>
    let open: StoreOpener<any Journal>
    /// The lease of the scope. It is held until the test lets it expire.
    let lease: Lease

    /// - Parameters:
    ///   - clock: that of the leases.
    ///   - leases: opens the same data each time, as `open` does.
    package init(
      clock: WallClock, leases: @escaping StoreOpener<any StateStore>, open: @escaping StoreOpener<any Journal>
    ) throws {
      (self.clock, self.leases, self.open) = (clock, leases, open)
      lease = try LeaseConformance.acquire(in: leases())
    }
  }

  package static let cases: [Case] = intents + fences + results + known

  private static let scope = JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")

  private static func record(_ ordinal: UInt64, _ key: Name?, _ digest: [UInt8] = [1]) -> IntentRecord {
    IntentRecord(ordinal: ordinal, key: key, digest: digest)
  }

  private static func request(
    _ records: [IntentRecord], in scope: JournalScope = scope, run: String = "r", body: [UInt8] = Array("{}".utf8)
  ) -> IntentRequest {
    IntentRequest(scope: scope, run: run, target: "POST /contacts", idempotencyKey: "i", body: body, records: records)
  }

  /// Sends a record and learns its result at once.
  private static func send(_ key: Name, digest: [UInt8], _ fate: IntentResult.Fate, _ journal: any Journal, _ lease: Lease) throws
  {
    try journal.resolve(try journal.intend(request([record(0, key, digest)]), under: lease), [IntentResult(0, fate)])
  }

  // MARK: Intents

  private static let intents: [Case] = [
    Case("an intent is open with everything that was to be sent") { subject in
      let journal = try subject.open()
      let request = IntentRequest(
        scope: scope, run: "r\u{0}1", target: "PUT /é", idempotencyKey: "e\u{301}", body: [0, 0xFF, 0x22],
        records: [record(UInt64.max, "b", []), record(0, nil, [0]), record(7, "", [9, 9])])
      let id = try journal.intend(request, under: subject.lease)
      #expect(try subject.open().openIntents(scope) == [Intent(id: id, request: request, open: [UInt64.max, 0, 7])])
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
    Case("a request without records, or with one twice, is refused along with all others of the call") { subject in
      let journal = try subject.open()
      for bad in [[], [record(1, "a"), record(1, "b")], [record(1, "a"), record(2, "a")]] {
        let failure = #expect(throws: OperationFailure.self) {
          try journal.intend([request([record(0, "k")]), request(bad)], under: subject.lease)
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
    Case("an intent outlives its process") { subject in
      var journal: (any Journal)? = try subject.open()
      let id = try #require(try journal?.intend(request([record(0, "a")]), under: subject.lease))
      journal = nil
      #expect(try subject.open().openIntents(scope).map(\.id) == [id])
      try subject.open().resolve(id, [IntentResult(0, .accepted(remoteID: "1"))])
      #expect(try subject.open().openIntents(scope).isEmpty)
      #expect(try subject.open().accepted("a", in: scope) == Accepted(remoteID: "1", digest: [1]))
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

  // MARK: Leases

  private static let fences: [Case] = [
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
        let failure = #expect(throws: OperationFailure.self) { try journal.intend(request([record(0, "a")]), under: lease) }
        #expect(failure?.code == .stateHeld)
      }
      #expect(try journal.openIntents(scope).isEmpty)
    },
  ]

  // MARK: Results

  private static let results: [Case] = [
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

  // MARK: What the destination has

  private static let known: [Case] = [
    Case("an accepted record is known with its ID, tag and digest") { subject in
      let journal = try subject.open()
      try send("a", digest: [1, 0, 255], .accepted(remoteID: "17", entityTag: "\"x\""), journal, subject.lease)
      try send("b", digest: [], .accepted(), journal, subject.lease)
      #expect(
        try subject.open().accepted(["b", "c", "a", "a"], in: scope) == [
          "a": Accepted(remoteID: "17", entityTag: "\"x\"", digest: [1, 0, 255]), "b": Accepted(digest: []),
        ])
    },
    Case("a later result replaces the tag and the digest, and keeps the ID") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17", digest: [2]))
      try send("a", digest: [3], .accepted(remoteID: "18", entityTag: "y"), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "18", entityTag: "y", digest: [3]))
    },
    Case("a refused record is known as before") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .refused, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == nil)
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .refused, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17", entityTag: "x", digest: [1]))
    },
    Case("after an unknown result, no digest is known, so that nothing seems unchanged") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [2], .unknown, journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(remoteID: "17"))
      // It may have been created.
      try send("b", digest: [1], .unknown, journal, subject.lease)
      #expect(try journal.accepted("b", in: scope) == Accepted())
    },
    Case("a removed record is not known, and may come back with another ID") { subject in
      let journal = try subject.open()
      try send("a", digest: [1], .accepted(remoteID: "17", entityTag: "x"), journal, subject.lease)
      try send("a", digest: [], .removed, journal, subject.lease)
      #expect(try subject.open().accepted("a", in: scope) == nil)
      try send("a", digest: [2], .accepted(), journal, subject.lease)
      #expect(try journal.accepted("a", in: scope) == Accepted(digest: [2]))
    },
    Case("the result of an older intent does not replace that of a newer one", laterResultCheck),
    Case("a record without a key is not remembered, and an empty key is a key") { subject in
      let journal = try subject.open()
      let id = try journal.intend(request([record(0, nil), record(1, "")]), under: subject.lease)
      try journal.resolve(id, [IntentResult(0, .accepted(remoteID: "1")), IntentResult(1, .accepted(remoteID: "2"))])
      #expect(try journal.accepted("", in: scope)?.remoteID == "2")
    },
    Case("keys, IDs and tags are kept and compared by their bytes") { subject in
      let journal = try subject.open()
      let names = oddNames.map { Name($0) }
      for (number, name) in names.enumerated() {
        try send(name, digest: [UInt8(number)], .accepted(remoteID: name, entityTag: name), journal, subject.lease)
      }
      let known = try subject.open().accepted(names, in: scope)
      #expect(known.count == names.count)
      for (number, name) in names.enumerated() {
        #expect(known[name] == Accepted(remoteID: name, entityTag: name, digest: [UInt8(number)]))
      }
    },
  ]

  @Sendable private static func laterResultCheck(_ subject: Subject) throws {
    let journal = try subject.open()
    let fates: [IntentResult.Fate] = [.accepted(remoteID: "old"), .removed, .unknown, .refused]
    let newer: [(IntentResult.Fate, Accepted?)] = [
      (.accepted(remoteID: "new"), Accepted(remoteID: "new", digest: [2])), (.removed, nil), (.unknown, Accepted()),
    ]
    for (number, (fate, expected)) in newer.enumerated() {
      for (other, old) in fates.enumerated() {
        let key = Name("\(number) \(other)")
        let first = try journal.intend(request([record(0, key, [1])]), under: subject.lease)
        let second = try journal.intend(request([record(0, key, [2])]), under: subject.lease)
        try journal.resolve(second, [IntentResult(0, fate)])
        try subject.open().resolve(first, [IntentResult(0, old)])
        #expect(try journal.accepted(key, in: scope) == expected, "\(old) after \(fate)")
      }
    }
  }
}
