import Core
import HTTP
import Load
import TestSupport
import Testing

/// How an API is read for a comparison, and what is not a difference.
@Suite struct HTTPComparisonSessionTests {
  private static let records = ComparisonBench.records(0..<30)
  private static let withoutFind: @Sendable (inout ResourceDocument) -> Void = { $0.find = nil }

  // MARK: A list that moves while it is read

  @Test(arguments: [true, false])
  func `a record that moves to an earlier page is not missing`(finds: Bool) async throws {
    let bench = try await ComparisonBench.loaded(30, finds ? { _ in } : Self.withoutFind)
    let api = bench.api
    api.setScript { request in
      // Somebody deletes a record of the first page before the third one is read, so that record 6 is on page 2 by then.
      if request.target == "/people?page=3", api.content["k0"] != nil { api.change { _ = $0.remove(at: 0) } }
      return nil
    }
    let result = try await bench.compare(Self.records)
    // The deleted one was there when it was read.
    #expect(result.words == [] && result.counts.changedWhileRead == 1)
    #expect(result.counts.loaded == 30 && result.counts.stored == 30)
    #expect(try await bench.compare(Self.records).words == ["missing k0"])
    #expect(api.requests.contains { $0.target.contains("id=") } == finds)
  }

  @Test(arguments: [true, false])
  func `a record that moves to a later page is not a duplicate`(finds: Bool) async throws {
    let bench = try await ComparisonBench.loaded(30, finds ? { _ in } : Self.withoutFind)
    let api = bench.api
    api.setScript { request in
      if request.number == 3 {
        api.change { $0.insert(.init(id: "r900", record: $0[0].record.setting("id", to: #""x1""#)), at: 0) }
      }
      return nil
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words == [] && result.counts.changedWhileRead == 0)
  }

  @Test(arguments: [true, false])
  func `a change that is undone before it is read again is not reported`(finds: Bool) async throws {
    let bench = try await ComparisonBench.loaded(30, finds ? { _ in } : Self.withoutFind)
    let api = bench.api
    api.change { $0[2].record = $0[2].record.setting("name", to: #""Eva""#) }
    api.change { $0.append(.init(id: "r900", record: $0[0].record.setting("id", to: #""x1""#))) }
    api.setScript { request in
      // The list has ended.
      if request.number == 12 {
        api.change { rows in
          rows[2].record = rows[2].record.setting("name", to: #""Zoë 2""#)
          rows.removeLast()
        }
      }
      return nil
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words == [] && result.counts.changedWhileRead == 2 && result.counts.stored == 30)
    #expect(result.counts.loadedDigest == result.counts.storedDigest)
  }

  @Test func `a list that changes again and again is not judged`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.withoutFind)
    let passes = Locked(0)
    bench.api.setEdit { request, answer in
      guard request.target.hasSuffix("page=1") || request.target.hasSuffix("page=2") || request.target.hasSuffix("page=3") else {
        return answer
      }
      // Each reading shows one record more of the first nine.
      let pass = request.target.hasSuffix("page=1") ? passes.next() : passes.withLock { $0 }
      var answer = answer
      let items = (try? JSONReader.read(answer.body))?["items"]?.arrayValue ?? []
      let shown = items.filter { item in (0..<pass).contains { item["id"]?.stringValue == "k\($0)" } }
      answer.body = Array(
        JSONValue.object([.init("items", .array(shown + [.object([.init("page", .string(request.target))])]))]).text.utf8)
      return answer
    }
    await #expect {
      _ = try await bench.compare(Self.records)
    } throws: { error in
      let failure = error as? OperationFailure
      return failure?.code == .destinationBusy && failure?.exitCode == .tryLater
        && failure?.description.contains("'app' is being changed while its list for 'people' is read") == true
    }
  }

  private static let findsOne: @Sendable (inout ResourceDocument) throws -> Void = { try ComparisonBench.findOne(&$0) }

  @Test func `a record that is shown on two pages is no duplicate, even without IDs`() async throws {
    var bench = try await ComparisonBench.loaded(30, Self.findsOne)
    bench.http.document.resources[0].remoteID = .header("location")
    let api = bench.api
    api.setScript { request in
      if request.target == "/people?page=3", api.content["x1"] == nil {
        api.change { $0.insert(.init(id: "r900", record: $0[0].record.setting("id", to: #""x1""#)), at: 0) }
      }
      return nil
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words == [] && result.counts.changedWhileRead == 1)
    #expect(try await bench.compare(Self.records).words == ["extra x1"])
  }

  @Test func `a key of two records is one duplicate, with the fields that the list does not show`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.findsOne)
    Self.hideNames(bench)
    let api = bench.api
    // `find` returns the first one. The other one is another record, whose name is not known.
    api.change { $0.append(.init(id: "r900", record: $0[3].record)) }
    let result = try await bench.compare(Self.records)
    #expect(result.words == ["duplicate k3"] && result.counts.readBy == "list and key")
    api.change { $0[3].record = $0[3].record.setting("name", to: #""Eva""#) }
    #expect(try await bench.compare(Self.records).words == ["different k3 name", "duplicate k3"])
  }

  // MARK: Records that were there before

  @Test(arguments: [false, true])
  func `records that a conflict leaves as they are are not compared`(_ looksUpFirst: Bool) async throws {
    let bench = try ComparisonBench(.init()) { ($0.conflict.then, $0.conflict.isStated) = (.adopt, true) }
    bench.api.change { rows in
      for number in 0..<3 {
        let record = (try? JSONReader.read(ComparisonBench.record(number))) ?? .null
        rows.append(.init(id: "r\(number)", record: number == 0 ? record : record.setting("phone", to: #""theirs""#)))
      }
    }
    let records = ComparisonBench.records(0..<5)
    let result = try await bench.http.load(records, isFirstLoad: looksUpFirst)
    #expect(result.words == ["unchanged", "unchanged", "unchanged", "created", "created"], "\(result.words)")
    for _ in 0..<2 {
      let compared = try await bench.compare(records)
      #expect(compared.words == [] && compared.counts.loaded == 3 && compared.counts.leftAlone == 2, "\(compared.counts)")
      #expect(compared.counts.isEqual && !compared.counts.isComplete)
      #expect(try await bench.http.load(records).words == Array(repeating: "unchanged", count: 5))
    }
  }

  @Test func `records that an undo has put back are not compared`() async throws {
    var bench = try ComparisonBench(.init())
    bench.http = try bench.http.saving()
    try await bench.http.load(HTTPBench.people(0..<3), run: "run0")
    // One record is known, the others were there before.
    bench.http = HTTPBench(bench.http, stores: MemoryStores())
    try await bench.http.load(HTTPBench.people(0..<1), isFirstLoad: true, run: "run1")
    let loaded = HTTPBench.people(0..<3, name: "Eva")
    #expect(try await bench.http.load(loaded, isFirstLoad: true, run: "run2").words == Array(repeating: "updated", count: 3))
    #expect(try await bench.compare(loaded).words == [])
    #expect(try await bench.http.undo("run2").records.values.allSatisfy { $0.outcome == .restored })
    let compared = try await bench.compare(loaded)
    #expect(compared.words == [] && compared.counts.loadedSince == 3, "\(compared.words) \(compared.counts)")
  }

  // MARK: Records that cannot be looked up

  /// `find` for one record, at an API that ignores case, that refuses some keys, or that shows a member twice.
  @Test(arguments: [
    (#"{"id":"K3"}"#, 200), (#"{"error":"no key"}"#, 400), (#"{"error":"no key"}"#, 422),
    (#"{"id":"k3","name":"a","name":"b"}"#, 200),
  ])
  func `trouble with one record does not hide the others`(_ body: String, _ status: Int) async throws {
    var bench = try await ComparisonBench.loaded(30, Self.findsOne)
    // Its bytes are not needed here.
    bench.http.document.resources[0].before = .init()
    bench.api.change { rows in
      rows[3].record = rows[3].record.setting("id", to: #""K3""#)
      rows[5].record = rows[5].record.setting("name", to: #""Eva""#)
    }
    bench.api.setEdit { request, answer in
      guard request.target.lowercased().hasPrefix("/people/k3"), request.method == "GET", request.target.count < 11 else {
        return answer
      }
      var answer = answer
      (answer.status, answer.body) = (status, Array(body.utf8))
      return answer
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words.contains("different k5 name"), "\(result.words)")
    #expect(result.words.contains { $0.hasSuffix(" k3") || $0.hasPrefix("different k3") }, "\(result.words)")
  }

  @Test func `a record whose key fits into no request is still reported`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.findsOne)
    bench.api.change { rows in
      rows.append(.init(id: "r900", record: rows[0].record.setting("id", to: #""..""#)))
      rows[3].record = rows[3].record.setting("name", to: #""Eva""#)
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words == ["extra ..", "different k3 name"])
  }

  @Test func `a search that finds other keys does not hide that a record is missing`() async throws {
    let bench = try await ComparisonBench.loaded(30) {
      $0.find = FindDocument(try HTTPBench.request("GET /people?q={key}"), items: ResponsePath("items"))
    }
    // k10 to k19 are found instead.
    bench.api.change { $0.remove(at: 1) }
    #expect(try await bench.compare(Self.records).words == ["missing k1"])
    // There is no list that would say more.
    let byKey = try await bench.compare(Self.records, reading: .key)
    #expect(byKey.words == [] && byKey.counts.notRead == 1 && byKey.counts.loaded == 29 && !byKey.counts.isEqual)
    // Nothing is tried again.
    #expect(bench.api.requests.count { $0.target == "/people?q=k1" } == 2)
  }

  @Test func `a find that ignores the key is a failure`() async throws {
    let bench = try await ComparisonBench.loaded()
    bench.api.setEdit { request, answer in
      guard request.target.contains("id=") else { return answer }
      var answer = answer
      answer.body = Array(#"{"items":[{"id":"z"}]}"#.utf8)
      return answer
    }
    await bench.expectFailure(.unreachable, "none of them has the key", reading: .key)
    #expect(try await bench.compare(Self.records).words == [])
  }

  @Test func `very many records that do not agree are read again by the list`() async throws {
    let bench = try ComparisonBench(.init(hasUniqueKeys: false, pageSize: 500))
    #expect(try await bench.http.load(Self.records).failure == nil)
    bench.api.state.withLock { state in
      let record = state.rows[0].record
      state.rows += (0..<10_001).map { .init(id: "x\($0)", record: record.setting("id", to: #""x\#($0)""#)) }
      state.requests = []
    }
    let result = try await bench.compare(Self.records)
    #expect(result.counts.extra == 10_001 && result.counts.changedWhileRead == 0)
    #expect(bench.api.requests.allSatisfy { $0.target.contains("page=") })
    #expect(bench.api.requests.count { $0.target.hasSuffix("page=1") } == 2)
  }

  @Test func `a second reading that does not end says that the destination is being changed`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.withoutFind)
    bench.api.change { _ = $0.remove(at: 3) }
    let pages = Locked<[HTTPAnswer]>([])
    bench.api.setEdit { request, answer in
      if request.target.hasSuffix("page=1") { pages.withLock { $0.append(answer) } }
      let seen = pages.withLock { $0 }
      return seen.count == 2 && request.target.hasSuffix("page=2") ? seen[0] : answer
    }
    await bench.expectFailure(.destinationBusy, "'app' is being changed while its list for 'people' is read")
    #expect(bench.folder.names().filter { !$0.hasPrefix("staged-") } == [])
  }

  @Test(arguments: ComparisonOptions.Reading.allCases)
  func `a comparison that is cancelled leaves nothing`(_ reading: ComparisonOptions.Reading) async throws {
    let bench = try await ComparisonBench.loaded(600)
    let running = Locked<Task<Void, any Error>?>(nil)
    bench.api.setScript { request in
      if request.number == 20 { running.withLock { $0?.cancel() } }
      return nil
    }
    let gate = AsyncStream<Void>.makeStream()
    let started = Task {
      for await _ in gate.stream { break }
      _ = try await bench.compare(ComparisonBench.records(0..<600), reading: reading)
    }
    running.withLock { $0 = started }
    gate.continuation.finish()
    await #expect(throws: CancellationError.self) { try await started.value }
    #expect(bench.folder.names().filter { !$0.hasPrefix("staged-") } == [])
    // The lease is free again.
    bench.api.setScript { _ in nil }
    #expect(try await bench.compare(ComparisonBench.records(0..<600), reading: reading).words == [])
  }

  // MARK: What is not a difference

  @Test func `records of earlier loads and of other pipelines are left behind, not extra`() async throws {
    let bench = try await ComparisonBench.loaded()
    var other = ComparisonBench.records(100..<103).part(run: "other")
    other.pipeline = "another"
    let sink = RecordingSink()
    var session = try await bench.http.destination(isFirstLoad: true).begin(other, reporting: sink)
    try await ComparisonBench.records(100..<103).submit(to: &session, in: bench.folder)
    try await session.finish()
    await session.close()
    bench.api.change { $0.append(.init(id: "r900", record: $0[0].record.setting("id", to: #""x1""#))) }
    // The run that is compared did not have the last two.
    let result = try await bench.compare(ComparisonBench.records(0..<28))
    #expect(result.words == ["extra x1"])
    #expect(result.counts.leftBehind == 5 && result.counts.extra == 1 && result.counts.loaded == 28)
    // What a narrowed run did not load says nothing.
    let narrowed = try await bench.compare(ComparisonBench.records(0..<28), reading: .list, isWhole: false)
    #expect(narrowed.words == [] && narrowed.counts.leftBehind == 0 && !narrowed.counts.judgesExtras)
  }

  @Test func `records that another run has changed since are not compared, unless that run is taken into account`() async throws {
    let bench = try await ComparisonBench.loaded()
    let later = StagedRecords(
      [ComparisonBench.record(3).replacing("Zoë 3", with: "Eva")], columns: ComparisonBench.columns)
    #expect(try await bench.http.load(later, run: "run2", isNarrowed: true).words == ["updated"])
    let alone = try await bench.compare(Self.records)
    #expect(alone.words == [] && alone.counts.loadedSince == 1 && alone.counts.loaded == 29)
    let both = try await bench.compare(Self.records, later)
    #expect(both.words == [] && both.counts.loadedSince == 0 && both.counts.loaded == 30)
    bench.api.change { $0[3].record = $0[3].record.setting("name", to: #""Zoë 3""#) }
    #expect(try await bench.compare(Self.records, later).words == ["different k3 name"])
  }

  @Test func `a record whose last call has no result is uncertain`() async throws {
    let bench = try await ComparisonBench.loaded()
    let states = bench.http.stores.states
    guard case .acquired(let lease) = try states.acquire("test", owner: "test", for: .seconds(60)) else {
      Issue.record("the lease is held")
      return
    }
    let scope = JournalScope(pipeline: "tests", destination: "app", mapping: "people", location: "loc1")
    _ = try bench.http.stores.journal.intend(
      IntentRequest(
        scope: scope, run: "r", target: "PUT /people/r4", idempotencyKey: "i", body: [],
        records: [IntentRecord(ordinal: 0, key: "k3", digest: [1])]), under: lease)
    try states.release(lease)
    bench.api.change { $0[3].record = $0[3].record.setting("name", to: #""Eva""#) }
    let result = try await bench.compare(Self.records)
    #expect(result.words == [] && result.counts.uncertain == 1 && result.counts.loaded == 29)
    #expect(try bench.http.stores.journal.openIntents(scope).count == 1)
  }

  @Test func `a record of a call without a result is uncertain, not extra`() async throws {
    let bench = try await ComparisonBench.loaded()
    let states = bench.http.stores.states
    guard case .acquired(let lease) = try states.acquire("test", owner: "test", for: .seconds(60)) else {
      Issue.record("the lease is held")
      return
    }
    let scope = JournalScope(pipeline: "tests", destination: "app", mapping: "people", location: "loc1")
    for key in ["n1", "n2"] {
      _ = try bench.http.stores.journal.intend(
        IntentRequest(
          scope: scope, run: "later", target: "POST /people", idempotencyKey: key, body: [],
          records: [IntentRecord(ordinal: 0, key: Name(key), digest: [1])]), under: lease)
    }
    try states.release(lease)
    // The first one has arrived.
    bench.api.change { $0.append(.init(id: "r900", record: $0[0].record.setting("id", to: #""n1""#))) }
    let result = try await bench.compare(Self.records)
    #expect(result.words == [] && result.counts.uncertain == 2 && result.counts.isEqual)
    let narrowed = try await bench.compare(Self.records, reading: .list, isWhole: false)
    #expect(narrowed.words == [] && narrowed.counts.uncertain == 0)
  }

  @Test func `records without a key are of no interest for a part of the records`() async throws {
    let bench = try await ComparisonBench.loaded()
    bench.api.change { $0.append(.init(id: "r900", record: $0[3].record.setting("id", to: nil))) }
    #expect(try await bench.compare(Self.records).words == ["without-key"])
    let narrowed = try await bench.compare(ComparisonBench.records(0..<2), reading: .list, isWhole: false)
    #expect(narrowed.words == [] && narrowed.counts.withoutKey == 0)
  }

  @Test func `a field that the destination did not apply is different`() async throws {
    let bench = try ComparisonBench(.init(hasUniqueKeys: false, ignored: ["name"]))
    #expect(try await bench.http.load(ComparisonBench.records(0..<2)).codes == ["not-applied", "not-applied"])
    #expect(try await bench.compare(ComparisonBench.records(0..<2)).words == ["different k0 name", "different k1 name"])
  }

  // MARK: Fields that the list does not show

  private static func hideNames(_ bench: ComparisonBench) {
    bench.api.setEdit { request, answer in
      guard request.target.contains("page=") else { return answer }
      var answer = answer
      let items = (try? JSONReader.read(answer.body))?["items"]?.arrayValue ?? []
      let shown = items.map { $0.setting("name", to: nil) }
      answer.body = Array(JSONValue.object([.init("items", .array(shown))]).text.utf8)
      return answer
    }
  }

  @Test func `fields that the list does not show are looked up`() async throws {
    let bench = try await ComparisonBench.loaded()
    Self.hideNames(bench)
    bench.api.change { rows in
      rows[3].record = rows[3].record.setting("name", to: #""Eva""#)
      rows.append(.init(id: "r900", record: rows[0].record.setting("id", to: #""x1""#)))
      rows.remove(at: 7)
    }
    let result = try await bench.compare(Self.records)
    #expect(result.words == ["different k3 name", "missing k7", "extra x1"])
    #expect(result.counts.readBy == "list and key" && result.counts.notShown == [])
  }

  @Test func `without find, fields that the list does not show are named and not compared`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.withoutFind)
    Self.hideNames(bench)
    bench.api.change { $0[3].record = $0[3].record.setting("age", to: "9") }
    let result = try await bench.compare(Self.records)
    #expect(result.words == ["different k3 age"] && result.counts.notShown == [2])
  }

  @Test func `a value that a few records should have is different, not hidden`() async throws {
    let bench = try await ComparisonBench.loaded(10, Self.withoutFind)
    Self.hideNames(bench)
    let result = try await bench.compare(ComparisonBench.records(0..<10))
    #expect(result.counts.different == 10 && result.counts.notShown == [])
  }

  @Test func `other records say nothing about the fields that a list shows`() async throws {
    let bench = try await ComparisonBench.loaded(30, Self.withoutFind)
    Self.hideNames(bench)
    bench.api.change { rows in
      let others = (0..<1_100).map { number in
        FakeAPI.Row(id: "x\(number)", record: rows[0].record.setting("id", to: #""x\#(number)""#))
      }
      rows = others + rows
    }
    let result = try await bench.compare(Self.records)
    #expect(result.counts.notShown == [2] && result.counts.different == 0 && result.counts.extra == 1_100)
  }

  @Test func `the field of the key is compared, where the key is another one`() async throws {
    func bench() async throws -> ComparisonBench {
      try await ComparisonBench.loaded(30) { people in
        people.find = nil
        people.key = ResponsePath("own")
      }
    }
    let altered = try await bench()
    altered.api.change { rows in
      for index in rows.indices {
        rows[index].record = rows[index].record.setting("own", to: #""k\#(index)""#)
          .setting("id", to: index == 3 ? #""k33""# : #""k\#(index)""#)
      }
    }
    let result = try await altered.compare(Self.records)
    #expect(result.words == ["different k3 id"] && result.counts.notShown == [])
    let without = try await bench()
    without.api.change { rows in
      for index in rows.indices {
        rows[index].record = rows[index].record.setting("own", to: #""k\#(index)""#).setting("id", to: nil)
      }
    }
    let hidden = try await without.compare(Self.records)
    #expect(hidden.words == [] && hidden.counts.notShown == [0])
  }
}
