import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// `before: save`, and `undo`: what a run wrote is put back, and what somebody has changed since is left.
@Suite struct HTTPUndoTests {
  enum Requests: CaseIterable, Sendable {
    case put, putMerge, patch, post, readMergePut, readMergePost, batch, batchWithUpdates

    /// What the destination does with them.
    var options: FakeAPI.Options { .init(putsMerge: self == .putMerge) }
  }

  static func bench(_ api: FakeAPI, _ requests: Requests = .put, hasKeys: Bool = true) throws -> HTTPBench {
    try HTTPBench(api, hasIdempotencyKeys: hasKeys) {
      switch requests {
      case .put: break
      case .putMerge: $0.updateStyle = .merge
      case .patch: ($0.update, $0.updateStyle) = (try HTTPBench.request("PATCH /people/{remote_id}"), .merge)
      case .post: $0.update = try HTTPBench.request("POST /people/{remote_id}")
      case .readMergePost: ($0.update, $0.updateStyle) = (try HTTPBench.request("POST /people/{remote_id}"), .readMergePut)
      case .readMergePut: $0.updateStyle = .readMergePut
      case .batch: $0.batch = try HTTPBench.batch(size: 3)
      case .batchWithUpdates: $0.batch = try HTTPBench.batch(size: 3, updates: true)
      }
    }.saving()
  }

  /// Records that somebody else has made, with members that no mapping writes. Their spelling must survive.
  static func seed(_ api: FakeAPI, _ count: Int) throws {
    for number in 0..<count {
      let text =
        #"{"note":"\#(number)","id":"k\#(number)","age":1.0,"name":"Old","address":{"zip":"x","city":null},"tags":[1,{"a":1}]}"#
      let record = try JSONReader.read(text)
      api.state.withLock { $0.rows.append(.init(id: "x\(number)", record: record)) }
    }
  }

  static func change(_ api: FakeAPI, _ key: String, _ name: String, _ value: JSONValue) {
    api.state.withLock { state in
      for index in state.rows.indices where FakeAPI.key(of: state.rows[index].record) == key {
        var members = state.rows[index].record.objectValue ?? []
        if let own = members.firstIndex(where: { $0.name == name }) {
          members[own] = .init(name, value)
        } else {
          members.append(.init(name, value))
        }
        state.rows[index].record = .object(members)
        state.rows[index].version += 1
      }
    }
  }

  static func outcomes(_ records: [Name: UndoneRecord]) -> [String] {
    records.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.outcome)" }
  }

  // MARK: Everything is put back

  @Test(arguments: Requests.allCases, [true, false])
  func `what a run created, changed and was refused is as it was before`(requests: Requests, isKnown: Bool) async throws {
    let api = FakeAPI(requests.options)
    try Self.seed(api, 5)
    let bench = try Self.bench(api, requests)
    // The journal knows the records, or meets them for the first time.
    if isKnown { try await bench.load(HTTPBench.people(0..<5, hasAge: false), run: "run0") }
    let before = api.text
    api.setScript { request in
      let isThird =
        request.target.hasSuffix("/x2") || request.body?["items"]?.arrayValue?.contains { $0["id"] == .string("k2") } ?? false
      return request.isWrite && isThird ? .respond(422, #"{"detail":"no"}"#) : nil
    }
    let result = try await bench.load(HTTPBench.people(0..<8, name: "Eva"))
    #expect(result.words == ["updated", "updated", "failed", "updated", "updated", "created", "created", "created"])
    #expect(api.text != before)
    let written = api.text
    let trial = try await bench.undo(isTrial: true)
    #expect(api.text == written)
    let undone = try await bench.undo()
    #expect(Self.outcomes(undone.records) == Self.outcomes(trial.records))
    #expect(
      Self.outcomes(undone.records) == [
        "k0 restored", "k1 restored", "k2 unchanged", "k3 restored", "k4 restored", "k5 removed", "k6 removed", "k7 removed",
      ], "\(undone.records)")
    // A merge cannot put back the order of members.
    #expect(Self.sorted(api.text) == Self.sorted(before))
    if requests != .patch, requests != .putMerge { #expect(api.text == before) }
    let writes = api.writes.count
    let again = try await bench.undo()
    #expect(again.records.values.allSatisfy { $0.outcome == .unchanged }, "\(again.records)")
    #expect(api.writes.count == writes)
  }

  static func sorted(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",").map { $0.filter { !"{}".contains($0) } }.sorted() }
  }

  @Test func `the journal knows afterwards what the destination has`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<3), run: "run0")
    try await bench.load(HTTPBench.people(0..<5, name: "Eva"))
    try await bench.undo()
    let writes = api.writes.count
    #expect(try await bench.load(HTTPBench.people(0..<3), run: "run2").words == ["unchanged", "unchanged", "unchanged"])
    #expect(api.writes.count == writes)
    // The next run sends what was undone again.
    let words = try await bench.load(HTTPBench.people(0..<5, name: "Eva"), run: "run3").words
    #expect(words == ["updated", "updated", "updated", "created", "created"])
  }

  @Test func `runs are undone one after the other, the last one first`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    var before: [String] = []
    for (run, name) in ["Ann", "Eva", "Ina"].enumerated() {
      before.append(api.text)
      try await bench.load(HTTPBench.people(0..<(3 + run), name: name), run: "run\(run)")
    }
    // What a later run has changed since is left.
    let early = try await bench.undo("run0")
    #expect(early.records.values.allSatisfy { $0.reason == .changedSince })
    for run in [2, 1, 0] {
      try await bench.undo("run\(run)")
      #expect(api.text == before[run])
    }
  }

  @Test func `only the records that are named are undone`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<4))
    let undone = try await bench.undo(keys: ["k1", "k9"])
    #expect(Self.outcomes(undone.records) == ["k1 removed"])
    #expect(api.content.keys.sorted() == ["k0", "k2", "k3"])
  }

  // MARK: Changed since

  @Test(arguments: Requests.allCases)
  func `what somebody has changed or removed since is left and listed`(requests: Requests) async throws {
    let api = FakeAPI(requests.options)
    try Self.seed(api, 4)
    let bench = try Self.bench(api, requests)
    try await bench.load(HTTPBench.people(0..<8, name: "Eva"))
    Self.change(api, "k1", "name", .string("Somebody"))
    Self.change(api, "k5", "age", .number(99))
    api.state.withLock { $0.rows.removeAll { ["k2", "k6"].contains(FakeAPI.key(of: $0.record)) } }
    let writes = api.writes.count
    let undone = try await bench.undo().records
    #expect(
      Self.outcomes(undone) == [
        "k0 restored", "k1 left", "k2 left", "k3 restored", "k4 removed", "k5 left", "k6 unchanged", "k7 removed",
      ])
    #expect(undone["k1"]?.reason == .changedSince && undone["k1"]?.fields == ["name"])
    #expect(undone["k5"]?.reason == .changedSince && undone["k5"]?.fields == ["age"])
    #expect(undone["k2"]?.reason == .goneSince)
    #expect(api.writes.count == writes + 4)
    #expect(api.content["k1"]?.first?["name"] == .string("Somebody") && api.content["k2"] == nil)
  }

  @Test(arguments: [true, false], [true, false])
  func `a change between the lookup and the call is kept`(isRemoval: Bool, isConditional: Bool) async throws {
    let api = FakeAPI()
    if !isRemoval { try Self.seed(api, 1) }
    var bench = try Self.bench(api)
    // Undo adds the condition where the pipeline's request has none.
    if isConditional { try Self.makeConditional(&bench) }
    try await bench.load(HTTPBench.people(0..<1))
    api.setScript { request in
      if request.isWrite { Self.change(api, "k0", "name", .string("Somebody")) }
      return nil
    }
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.outcome == .left && undone["k0"]?.reason == .changedSince)
    #expect(api.content["k0"]?.first?["name"] == .string("Somebody"))
  }

  static func makeConditional(_ bench: inout HTTPBench) throws {
    bench.document.resources[0].update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
    bench.document.resources[0].delete = try HTTPBench.request("DELETE /people/{remote_id}", ["If-Match": "{etag}"])
  }

  @Test(arguments: [true, false], Requests.allCases)
  func `a change between the run's write and its lookup is somebody else's`(isUpdate: Bool, requests: Requests) async throws {
    let api = FakeAPI()
    if isUpdate { try Self.seed(api, 1) }
    let bench = try Self.bench(api, requests)
    api.setEdit { request, answer in
      if request.isWrite { Self.change(api, "k0", "name", .string("Somebody")) }
      return answer
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == [isUpdate ? "updated" : "created"])
    api.setEdit { $1 }
    let writes = api.writes.count
    let undone = try await bench.undo().records
    // The results of a batch have no tags, but the records.
    let reason: UndoVerdict.Left = api.writes[0].target == "/people/batch" ? .resultUnknown : .changedSince
    #expect(undone["k0"]?.outcome == .left && undone["k0"]?.reason == reason)
    #expect(api.writes.count == writes && api.content["k0"]?.first?["name"] == .string("Somebody"))
  }

  /// The first write has its effect, and its response is lost.
  static func loseFirst(_ api: FakeAPI) {
    let isFirst = Locked(true)
    api.setScript { request in
      guard request.isWrite else { return nil }
      return isFirst.withLock { first in
        defer { first = false }
        return first ? .lostAfter : nil
      }
    }
  }

  @Test func `what a call without a response has left is not taken for what was there before`() async throws {
    // The destination does not take the name, so lookups do not recognize the record.
    let api = FakeAPI(.init(hasIdempotencyKeys: false, ignored: ["name"]))
    try Self.seed(api, 1)
    var bench = try Self.bench(api, hasKeys: false)
    try Self.makeConditional(&bench)
    Self.loseFirst(api)
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["updated"])
    let written = api.text
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.outcome == .left && undone["k0"]?.reason == .resultUnknown)
    #expect(api.text == written)
  }

  @Test(arguments: [true, false], [true, false])
  func `undo recognizes what it has put back without a response`(hasKeys: Bool, hasResult: Bool) async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: hasKeys, showsVersions: true))
    try Self.seed(api, 1)
    var bench = try Self.bench(api, hasKeys: hasKeys)
    try Self.makeConditional(&bench)
    let before = api.text
    // Without a lookup after the run's write, it is not known which members the destination sets itself.
    if !hasResult { api.setScript { [api] in !$0.isWrite && !api.writes.isEmpty ? .respond(404, "{}") : nil } }
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["updated"])
    Self.loseFirst(api)
    let undone = try await bench.undo().records
    if hasResult {
      #expect(Self.outcomes(undone) == ["k0 restored"], "\(undone)")
      #expect(Self.outcomes(try await bench.undo().records) == ["k0 unchanged"])
    }
    #expect(api.text == before)
    // Whatever undo reports, the journal does not have what the run sent.
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva"), run: "run2").words == ["updated"])
  }

  @Test func `the next run sends what somebody else has put back or removed`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<2), run: "run0")
    let old = api.state.withLock { $0.rows }
    try await bench.load(HTTPBench.people(0..<4, name: "Eva"))
    api.state.withLock { state in
      state.rows = old.map { .init(id: $0.id, version: 7, record: $0.record) }
    }
    let writes = api.writes.count
    #expect(Self.outcomes(try await bench.undo(isTrial: true).records).allSatisfy { $0.hasSuffix("unchanged") })
    #expect(Self.outcomes(try await bench.undo().records).allSatisfy { $0.hasSuffix("unchanged") })
    #expect(api.writes.count == writes)
    #expect(try await bench.load(HTTPBench.people(0..<2), run: "run2").words == ["unchanged", "unchanged"])
    let words = try await bench.load(HTTPBench.people(0..<4, name: "Eva"), run: "run3").words
    #expect(words == ["updated", "updated", "created", "created"])
  }

  @Test(arguments: [true, false], [true, false])
  func `a call that a killed undo has not sent is never sent later`(isRemoval: Bool, hasKeys: Bool) async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: hasKeys))
    if !isRemoval { try Self.seed(api, 1) }
    let bench = try Self.bench(api, hasKeys: hasKeys)
    try await bench.load(HTTPBench.people(0..<1))
    _ = try? await bench.undo(by: DyingProcess(at: .afterIntent, of: 1))
    Self.change(api, "k0", "name", .string("Somebody"))
    let writes = api.writes.count
    #expect(try await bench.load(HTTPBench.people(9..<10), run: "run2").words == ["created"])
    #expect(api.writes.count == writes + 1)
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.outcome == .left && undone["k0"]?.reason == .changedSince)
    #expect(api.content["k0"]?.first?["name"] == .string("Somebody"))
  }

  @Test func `an envelope among the members is put back with the record`() async throws {
    let api = FakeAPI()
    try Self.seed(api, 2)
    Self.change(api, "k1", "note", .string("mine"))
    var bench = try Self.bench(api)
    // One record has the member, and the other does not.
    api.state.withLock { state in
      state.rows[1].record = .object((state.rows[1].record.objectValue ?? []) + [.init("source", .string("crm"))])
    }
    bench.document.resources[0].body.envelope = [.init("source", .string("waybill"))]
    let before = api.text
    try await bench.load(HTTPBench.people(0..<3))
    #expect(api.content["k1"]?.first?["source"] == .string("waybill"))
    #expect(Self.outcomes(try await bench.undo().records) == ["k0 restored", "k1 restored", "k2 removed"])
    #expect(api.text == before)
  }

  @Test func `what somebody changed just before the run wrote it is put back`() async throws {
    let api = FakeAPI()
    try Self.seed(api, 1)
    var bench = try Self.bench(api)
    bench.document.resources[0].update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
    let isFirst = Locked(true)
    api.setScript { request in
      let changes =
        request.isWrite
        && isFirst.withLock { first in
          defer { first = false }
          return first
        }
      if changes { Self.change(api, "k0", "name", .string("Somebody")) }
      return nil
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["updated"])
    #expect(Self.outcomes(try await bench.undo().records) == ["k0 restored"])
    #expect(api.content["k0"]?.first?["name"] == .string("Somebody") && api.content["k0"]?.first?["note"] == .string("0"))
  }

  // MARK: What cannot be done

  @Test func `without delete, created records stay and are listed`() async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api)
    bench.document.resources[0].delete = nil
    try await bench.load(HTTPBench.people(0..<1))
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.reason == .noDelete && api.content.count == 1)
  }

  @Test func `a refusal and what the destination does not take back are reported`() async throws {
    let api = FakeAPI(.init(ignored: ["note"]))
    try Self.seed(api, 2)
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<2))
    api.setScript { $0.isWrite && $0.target.hasSuffix("/x1") ? .respond(422, #"{"detail":"not today, ada@example.com"}"#) : nil }
    let undone = try await bench.undo().records
    #expect(undone["k0"]?.outcome == .failed && undone["k0"]?.fields == ["note"])
    #expect(undone["k1"]?.outcome == .failed && undone["k1"]?.detail == "not today, ***")
    // Nobody else has changed it, so the next undo says the same, and sends nothing for it.
    api.setScript { _ in nil }
    let writes = api.writes.count
    #expect(try await bench.undo(keys: ["k0"], isTrial: true).records["k0"] == undone["k0"])
    #expect(try await bench.undo(keys: ["k0"]).records["k0"] == undone["k0"])
    #expect(api.writes.count == writes)
    Self.change(api, "k0", "name", .string("Somebody"))
    #expect(try await bench.undo().records["k0"]?.reason == .changedSince)
  }

  @Test func `members that the destination sets itself are not expected back`() async throws {
    let api = FakeAPI()
    try Self.seed(api, 2)
    let versions = Locked(0)
    // Each response has another version.
    api.setEdit { _, answer in
      guard var text = String(validating: answer.body, as: UTF8.self) else { return answer }
      let version = api.state.withLock { $0.updated }
      text = text.replacing(#""note""#, with: #""version":\#(version),"note""#)
      versions.withLock { $0 += 1 }
      return HTTPAnswer(status: answer.status, headers: answer.headers, body: Array(text.utf8))
    }
    let bench = try Self.bench(api, .patch)
    try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(Self.outcomes(try await bench.undo().records) == ["k0 restored"])
    #expect(api.writes.last?.body?["version"] == nil)
    #expect(Self.outcomes(try await bench.undo().records) == ["k0 unchanged"])
  }

  @Test func `what the run left is unknown if it could not be looked up`() async throws {
    let api = FakeAPI()
    try Self.seed(api, 1)
    let bench = try Self.bench(api)
    let hasWritten = Locked(false)
    api.setScript { request in
      if request.isWrite { hasWritten.withLock { $0 = true } }
      return !request.isWrite && hasWritten.withLock { $0 } ? .respond(404, "{}") : nil
    }
    #expect(try await bench.load(HTTPBench.people(0..<1)).words == ["updated"])
    api.setScript { _ in nil }
    // The response has a tag, which says as much.
    #expect(Self.outcomes(try await bench.undo(isTrial: true).records) == ["k0 restored"])
    var other = bench
    other.document.resources[0].entityTag = .header("none")
    #expect(try await other.undo().records["k0"]?.reason == .resultUnknown)
  }

  @Test func `a destination that is down leaves everything as it is`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<3))
    api.setScript { _ in .respond(401, "{}") }
    let (records, failure) = try await bench.undo()
    #expect(failure?.exitCode == .notAuthorised && records.values.allSatisfy { $0.outcome == .pending })
    #expect(api.content.count == 3)
  }

  @Test func `another base URL, a destination without find, and a damaged log are refused`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<1))
    var moved = bench
    moved.document.address = try ServerAddress("https://api.example/v2")
    await #expect { try await moved.undo() } throws: {
      ($0 as? OperationFailure)?.exitCode == .configuration && "\($0)".contains("but base_url is now https://api.example/v2")
    }
    var blind = bench
    blind.document.resources[0].find = nil
    await #expect { try await blind.undo() } throws: { ($0 as? OperationFailure)?.exitCode == .configuration }
    let text = try #require(bench.logs.read("run1/people.undo.ndjson"))
    #expect(bench.logs.mode(of: "run1/people.undo.ndjson") == 0o600)
    try bench.logs.write("run1/people.undo.ndjson", text + "{\"before\":{}}\n")
    await #expect { try await bench.undo() } throws: {
      ($0 as? OperationFailure)?.exitCode == .inputMissing && "\($0)".contains(":4 is not a valid entry")
    }
    // The beginning of a line is what a killed process leaves.
    try bench.logs.write("run1/people.undo.ndjson", text + "{\"before\":{")
    #expect(Self.outcomes(try await bench.undo().records) == ["k0 removed"])
  }

  @Test func `without before, nothing is saved and nothing more is looked up`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    try await bench.load(HTTPBench.people(0..<1), run: "run0")
    let reads = api.requests.count { !$0.isWrite }
    try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(api.requests.count { !$0.isWrite } == reads && bench.logs.names() == [])
  }
}
