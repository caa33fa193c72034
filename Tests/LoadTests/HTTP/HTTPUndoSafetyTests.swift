import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// `before: save` and `undo`, when somebody else or the destination does something at a bad moment: what is not certain is left.
@Suite struct HTTPUndoSafetyTests {
  private typealias Undo = HTTPUndoTests

  private static func isLeft(_ record: UndoneRecord?, _ reason: UndoVerdict.Left) -> Bool {
    record?.outcome == .left && record?.reason == reason
  }

  /// Does something at the first request that it is given.
  private static func once(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    let isFirst = Locked(true)
    return {
      let now = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      if now { body() }
    }
  }

  // MARK: What was there before

  @Test func `a record of a batch that was stored otherwise is not taken for what was there before`() async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false, shortened: ["k1"]))
    let bench = try Undo.bench(api, .batchWithUpdates, hasKeys: false)
    // Both are known, so one call changes them.
    try await bench.load(HTTPBench.people(0..<2), run: "run0")
    let people = HTTPBench.people(0..<2, name: "Evangeline")
    _ = try? await bench.load(people, by: DyingProcess(at: .beforeResponse, of: 1))
    #expect(try await !bench.load(people).words.contains("pending"))
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.outcome == .restored && Self.isLeft(undone["k1"], .resultUnknown), "\(undone)")
    #expect(api.content["k0"]?.first?["name"] == .string("Ann 0") && api.content["k1"]?.first?["name"] == .string("Eva"))
  }

  @Test(arguments: [true, false])
  func `an update that is sent again after a page is not taken for what was there before`(hasEffect: Bool) async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false, ignored: hasEffect ? ["name"] : []))
    try Undo.seed(api, 1)
    var bench = try Undo.bench(api, hasKeys: false)
    try Undo.makeConditional(&bench)
    let (writes, reads) = (Locked(0), Locked(0))
    api.setScript { request in
      if !request.isWrite {
        // The second lookup after the page shows somebody's change, and the tag for the next attempt.
        if writes.withLock({ $0 }) == 1, reads.next() == 2, !hasEffect { Undo.change(api, "k0", "name", .string("Somebody")) }
        return nil
      }
      guard writes.next() == 1 else { return nil }
      let (page, headers) = ("<html></html>", ["content-type": "text/html"])
      return hasEffect ? .respondAfter(200, page, headers) : .respond(200, page, headers)
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["updated"])
    #expect(api.writes.count == 2)
    let written = api.text
    let undone = try await bench.undo().records
    #expect(Self.isLeft(undone["k0"], .resultUnknown), "\(undone)")
    #expect(api.text == written)
  }

  @Test func `a call of a run that saved nothing yet leaves its record in doubt`() async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    try Undo.seed(api, 2)
    let plain = try HTTPBench(api, hasIdempotencyKeys: false) { $0.update = try HTTPBench.request("POST /people/{remote_id}") }
    _ = try? await plain.load(HTTPBench.people(0..<1), isFirstLoad: true, by: DyingProcess(at: .beforeResponse, of: 1))
    let bench = try plain.saving()
    try await bench.load(HTTPBench.people(0..<2))
    let undone = try await bench.undo().records
    #expect(Self.isLeft(undone["k0"], .resultUnknown) && undone["k1"]?.outcome == .restored, "\(undone)")
  }

  // MARK: What the run left

  @Test(arguments: [true, false], [true, false])
  func `a change before the lookup that finds a call's record is somebody else's`(isUpdate: Bool, merges: Bool) async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    if isUpdate { try Undo.seed(api, 1) }
    var bench = try Undo.bench(api, merges ? .patch : .post, hasKeys: false)
    if merges { bench.document.resources[0].update = try HTTPBench.request("PATCH /people/{remote_id}", ["If-Match": "{etag}"]) }
    Undo.loseFirst(api)
    let change = Self.once { Undo.change(api, "k0", "note", .string("Somebody")) }
    api.setEdit { request, answer in
      if request.isWrite { change() }
      return answer
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == [isUpdate ? "updated" : "created"])
    let writes = api.writes.count
    let undone = try await bench.undo().records
    #expect(Self.isLeft(undone["k0"], .resultUnknown), "\(undone)")
    #expect(api.writes.count == writes && api.content["k0"]?.first?["note"] == .string("Somebody"))
  }

  @Test(arguments: [true, false])
  func `tags without quotes show a change after the write, and are not sent`(isChanged: Bool) async throws {
    let api = FakeAPI(.init(hasPlainTags: true))
    try Undo.seed(api, 1)
    let bench = try Undo.bench(api)
    api.setEdit { request, answer in
      guard request.isWrite else { return answer }
      if isChanged { Undo.change(api, "k0", "name", .string("Somebody")) }
      // Only the tag says what the write has left.
      let body = try? JSONReader.read(answer.body)
      let short = JSONValue.object((body?.objectValue ?? []).filter { ["remoteId", "etag"].contains($0.name) })
      return HTTPAnswer(status: answer.status, headers: [:], body: Array(short.text.utf8))
    }
    try await bench.load(HTTPBench.people(0..<2))
    api.setEdit { $1 }
    let undone = try await bench.undo().records
    if isChanged {
      #expect(Self.isLeft(undone["k0"], .changedSince), "\(undone)")
      #expect(api.content["k0"]?.first?["name"] == .string("Somebody"))
    } else {
      #expect(Undo.outcomes(undone) == ["k0 restored", "k1 removed"])
    }
    #expect(api.writes.allSatisfy { $0.headers["if-match"] == nil })
  }

  @Test func `a stale lookup that reads a record back does not count as what the run left`() async throws {
    let api = FakeAPI()
    try Undo.seed(api, 1)
    var bench = try Undo.bench(api)
    bench.document.resources[0].readsBack = true
    bench.document.resources[0].entityTag = .header("none")
    let before = api.text
    let old = Locked<HTTPAnswer?>(nil)
    let isStale = Locked(false)
    api.setEdit { request, answer in
      if request.isWrite {
        isStale.withLock { $0 = true }
        return HTTPAnswer(status: 204, headers: [:], body: [])
      }
      let wasStale = isStale.withLock { stale in
        defer { stale = false }
        return stale
      }
      if wasStale { return old.withLock { $0 } ?? answer }
      old.withLock { $0 = answer }
      return answer
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["updated"])
    api.setEdit { $1 }
    #expect(Undo.outcomes(try await bench.undo().records) == ["k0 restored"])
    #expect(api.text == before)
  }

  // MARK: Undo's own requests

  @Test func `an upsert that finds the record by its body is put back with its key`() async throws {
    let api = FakeAPI()
    try Undo.seed(api, 2)
    var bench = try Undo.bench(api)
    bench.document.resources[0].update = try HTTPBench.request("POST /people/upsert")
    bench.document.resources[0].updateStyle = .merge
    let before = api.text
    #expect(try await bench.load(HTTPBench.people(0..<3)).words == ["updated", "updated", "created"])
    #expect(Undo.outcomes(try await bench.undo().records) == ["k0 restored", "k1 restored", "k2 removed"])
    #expect(Undo.sorted(api.text) == Undo.sorted(before))
    #expect(api.writes.suffix(3).filter { $0.method == "POST" }.allSatisfy { $0.body?["id"] != nil && $0.body?["note"] == nil })
  }

  @Test func `a destination that does not accept the tag of find is reported as such`() async throws {
    let api = FakeAPI()
    try Undo.seed(api, 1)
    let bench = try Undo.bench(api)
    try await bench.load(HTTPBench.people(0..<2))
    let written = api.text
    api.setScript { $0.isWrite && $0.headers["if-match"] != nil ? .respond(412, "{}") : nil }
    let undone = try await bench.undo().records
    #expect(
      undone.count == 2 && undone.values.allSatisfy { $0.outcome == .failed && $0.detail.contains("If-Match") }, "\(undone)")
    #expect(api.text == written)
    api.setScript { _ in nil }
    #expect(Undo.outcomes(try await bench.undo().records) == ["k0 restored", "k1 removed"])
  }

  @Test func `the tag of another resource is not sent`() async throws {
    let api = FakeAPI()
    try Undo.seed(api, 1)
    var bench = try Undo.bench(api)
    bench.document.resources[0].entityTag = nil
    bench.document.resources[0].find = FindDocument(try HTTPBench.request("GET /people/{key}"), items: nil)
    api.setEdit { request, answer in
      if request.isWrite { return HTTPAnswer(status: answer.status, headers: [:], body: answer.body) }
      return HTTPAnswer(status: answer.status, headers: ["etag": "\"view\""], body: answer.body)
    }
    try await bench.load(HTTPBench.people(0..<2))
    #expect(Undo.outcomes(try await bench.undo().records) == ["k0 restored", "k1 removed"])
    #expect(api.writes.allSatisfy { $0.headers["if-match"] == nil })
  }

  // MARK: Parents

  @Test(arguments: [true, false], [true, false])
  func `a parent stays with a child that somebody has changed`(isNamed: Bool, isTrial: Bool) async throws {
    let api = FakeAPI()
    let staff = { (pairs: [(String, String)]) in
      StagedRecords(
        pairs.map { #"{"id":"\#($0.0)","boss":"\#($0.1)"}"# },
        columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["boss"])])
    }
    let roots = try Undo.bench(api)
    try await roots.load(staff([("root", "root")]))
    var bench = roots
    bench.document.resources[0].create = try HTTPBench.request("POST /people?under={remote_id(people, boss)}")
    let records = staff([("a", "root"), ("b", "root"), ("a1", "a"), ("b1", "b")])
    #expect(try await bench.load(records).words == ["created", "created", "created", "created"])
    Undo.change(api, "a1", "boss", .string("somebody"))
    // Without `b1`, which is only looked up.
    let keys: Set<Name>? = isNamed ? ["root", "a", "a1", "b"] : nil
    let undone = try await bench.undo(of: records, keys: keys, isTrial: isTrial).records
    #expect(Self.isLeft(undone["a1"], .changedSince) && Self.isLeft(undone["a"], .needed) && Self.isLeft(undone["root"], .needed))
    if isNamed {
      #expect(Self.isLeft(undone["b"], .needed) && undone["b1"] == nil)
    } else {
      #expect(undone["b"]?.outcome == .removed && undone["b1"]?.outcome == .removed)
    }
    #expect(api.content.count == (isTrial || isNamed ? 5 : 3))
    // Once the child is gone, there is nothing that needs the parents.
    api.state.withLock { state in state.rows.removeAll { FakeAPI.key(of: $0.record) == "a1" } }
    let rest = try await bench.undo(of: records).records
    #expect(rest.values.allSatisfy { $0.outcome == .removed || $0.outcome == .unchanged } && api.content.isEmpty, "\(rest)")
  }

  // MARK: An early end

  @Test(arguments: [true, false])
  func `everything that was sent is reported if undo ends early`(isCancelled: Bool) async throws {
    let api = FakeAPI()
    try Undo.seed(api, 4)
    let bench = try Undo.bench(api)
    try await bench.load(HTTPBench.people(0..<12))
    let before = api.state.withLock { $0.rows }
    let writes = Locked(0)
    if isCancelled {
      // Its task is cancelled in the middle of a call, and with it all others.
      api.setScript { request in
        if request.method == "PUT", writes.next() == 2 { withUnsafeCurrentTask { $0?.cancel() } }
        return nil
      }
    }
    let found = Locked<[Name: UndoneRecord]>([:])
    let process = isCancelled ? nil : DyingProcess(at: .beforeResult, of: 2)
    await #expect(throws: (any Error).self) { try await bench.undo(by: process, found: found) }
    let after = api.state.withLock { $0.rows }
    let sent = Set(before).symmetricDifference(after).map { Name(FakeAPI.key(of: $0.record)) }
    let records = found.withLock { $0 }
    #expect(!sent.isEmpty && Set(sent).isSubset(of: records.keys), "\(sent) \(records)")
    let early = records.values.filter { $0.detail.contains("undo ended early") || $0.detail.contains("undo was interrupted") }
    #expect(!early.isEmpty && early.allSatisfy { $0.outcome == .pending })
    api.setScript { _ in nil }
    #expect(try await bench.undo().records.values.allSatisfy { $0.outcome != .left && $0.outcome != .failed })
    #expect(api.content.count == 4 && api.content.values.allSatisfy { $0[0]["name"] == .string("Old") })
  }
}
