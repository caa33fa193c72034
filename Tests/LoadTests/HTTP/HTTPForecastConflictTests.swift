import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// Dry runs that compare with a destination which others have changed, or whose list shows less than a lookup: they predict what the
/// load does, which knows less.
@Suite struct HTTPForecastConflictTests {
  private let folder = TemporaryFolder()

  private static func list() throws -> ListDocument {
    ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
  }

  private static let columns = [
    LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"]), LoadColumn(path: ["age"], omitsNull: true),
    LoadColumn(path: ["address", "city"]),
  ]

  private static func records(_ texts: [String]) -> StagedRecords { StagedRecords(texts, columns: columns) }

  private static let before = records([
    #"{"id":"k0","name":"Ann","age":1,"address":{"city":"Ulm"}}"#, #"{"id":"k1","name":"Bob"}"#,
    #"{"id":"k2","name":"Cy","age":3}"#,
  ])

  private static let after = records([
    #"{"id":"k0","name":"Ann","age":1,"address":{"city":"Ulm"}}"#, #"{"id":"k1","name":"Bert"}"#,
    #"{"id":"k2","name":"Cy","age":4}"#, #"{"id":"k9","name":"New"}"#,
  ])

  private func change(_ api: FakeAPI, _ key: String, _ text: String?) {
    api.state.withLock { state in
      guard let index = state.rows.firstIndex(where: { FakeAPI.key(of: $0.record) == key }) else { return }
      if let text {
        state.rows[index].record = (try? JSONReader.read(text)) ?? .null
        state.rows[index].version += 1
      } else {
        state.rows.remove(at: index)
      }
    }
  }

  /// A list that shows less than a lookup.
  private func hide(_ names: Set<String>, in api: FakeAPI) {
    api.setEdit { request, answer in
      guard request.target.contains("page="), let body = try? JSONReader.read(answer.body) else { return answer }
      let items = (body["items"]?.arrayValue ?? []).map { item in
        JSONValue.object((item.objectValue ?? []).filter { !names.contains($0.name) })
      }
      var answer = answer
      answer.body = Array(JSONValue.object([.init("items", .array(items))]).text.utf8)
      return answer
    }
  }

  // MARK: What the load does not expect

  static let policies: [ConflictDocument.Then] = [.update, .reread, .adopt, .reject]

  /// Loads, or applies what was predicted: both do the same.
  private func load(
    _ records: StagedRecords, into bench: HTTPBench, as forecast: RecordingForecasts, isApplied: Bool
  ) async throws -> [String] {
    let plan = try isApplied ? forecast.plan(isCompared: true) : nil
    let result = try await bench.load(records, applying: plan)
    #expect(result.failure == nil, "\(result.failure.map { "\($0)" } ?? "")")
    return result.words
  }

  @Test(arguments: policies, ["find", "list", "both", "batch"])
  func `a record that others have created meets the policy for conflicts`(
    _ policy: ConflictDocument.Then, by way: String
  ) async throws {
    for (text, isApplied) in [
      (#"{"id":"k9","name":"New"}"#, false), (#"{"id":"k9","name":"Theirs"}"#, false), (#"{"id":"k9","name":"New"}"#, true),
      (#"{"id":"k9","name":"Theirs"}"#, true),
    ] {
      let api = FakeAPI()
      let bench = try HTTPBench(api) {
        if way != "find" { $0.list = try Self.list() }
        if way == "list" { $0.find = nil }
        if way == "batch" { $0.batch = try HTTPBench.batch(size: 2, updates: true) }
        ($0.conflict.then, $0.conflict.isStated) = (policy, true)
      }
      try await bench.load(Self.before)
      let record = try JSONReader.read(text)
      api.state.withLock { $0.rows.append(.init(id: "r99", record: record)) }
      let forecast = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink
      #expect(
        try await load(Self.after, into: bench, as: forecast, isApplied: isApplied) == forecast.words, "\(text) \(isApplied)")
    }
  }

  @Test(arguments: policies, [false, true]) func `a record that has another tag there meets the policy for conflicts`(
    _ policy: ConflictDocument.Then, isApplied: Bool
  ) async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      $0.entityTag = .body(try #require(ResponsePath("etag")))
      $0.update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
      ($0.conflict.then, $0.conflict.isStated) = (policy, true)
    }
    try await bench.load(Self.before)
    change(api, "k1", #"{"id":"k1","name":"Zoe"}"#)
    let forecast = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink
    let words: [ConflictDocument.Then: String] = [.adopt: "unchanged", .reject: "failed"]
    #expect(forecast.words[1] == words[policy] ?? "updated")
    #expect(try await load(Self.after, into: bench, as: forecast, isApplied: isApplied) == forecast.words)
  }

  @Test(arguments: [false, true])
  func `an ID that only the list shows does not help a load that does not read it`(isApplied: Bool) async throws {
    let api = FakeAPI()
    var bench = try HTTPBench(api) {
      $0.list = try Self.list()
      $0.find = nil
    }
    let place = bench.document.resources[0].remoteID
    bench.document.resources[0].remoteID = nil
    try await bench.load(Self.before)
    bench.document.resources[0].remoteID = place
    let forecast = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink
    #expect(forecast.words == ["unchanged", "failed", "failed", "created"])
    #expect(try await load(Self.after, into: bench, as: forecast, isApplied: isApplied) == forecast.words)
  }

  @Test func `a batch creates again what is gone, and a single update does not`() async throws {
    for (isBatch, isApplied) in [(false, false), (true, false), (false, true), (true, true)] {
      let api = FakeAPI()
      let bench = try HTTPBench(api) { if isBatch { $0.batch = try HTTPBench.batch(size: 2, updates: true) } }
      try await bench.load(Self.before)
      change(api, "k1", nil)
      let forecast = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink
      #expect(forecast.words[1] == (isBatch ? "created" : "failed"))
      #expect(try await load(Self.after, into: bench, as: forecast, isApplied: isApplied) == forecast.words)
    }
  }

  // MARK: Lists that show less

  @Test func `a lookup gives the tag and the ID that a list does not show`() async throws {
    let api = FakeAPI()
    let first = try HTTPBench(api) {
      $0.list = try Self.list()
      $0.entityTag = .body(try #require(ResponsePath("etag")))
      $0.update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
    }
    try await first.load(Self.before)
    hide(["etag", "remoteId"], in: api)
    let bench = HTTPBench(first, stores: MemoryStores())
    let forecast = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(forecast.words == ["unchanged", "updated", "updated", "created"])
    #expect(try await bench.load(Self.after).words == forecast.words)
  }

  @Test(arguments: [false, true]) func `a field that no record in the list has is not compared with it`(finds: Bool) async throws
  {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      $0.list = try Self.list()
      if !finds { $0.find = nil }
    }
    try await bench.load(Self.before)
    hide(["age"], in: api)
    let sink = try await Self.after.forecast(by: bench.destination(), after: Self.before, comparing: true, in: folder).sink
    #expect(sink.words == ["unchanged", "updated", "updated", "created"] && sink.all.allSatisfy { !$0.hasDrift })
    #expect(sink.all[2].fields == [.init(column: 2, path: ["age"], old: .value(.number(3)), new: .number(4))])
    #expect(sink.warnings.count == 1 && sink.warnings.first?.contains("has no 'age' in any record of 'people'") == true)
    // Without kept records, a lookup has the value, or nobody.
    let unknown = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink.all[2]
    #expect(unknown.fields.map(\.old) == [finds ? .value(.number(3)) : .notKept])
  }

  // MARK: Drift

  @Test func `what a record leaves out and others have filled in is drift, and so is another form`() async throws {
    let bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    change(bench.api, "k0", #"{"id":"k0","name":"Ann","age":1,"address":"Ulm"}"#)
    change(bench.api, "k1", #"{"id":"k1","name":"Bob","age":7,"other":1}"#)
    let all = try await Self.before.forecast(by: bench.destination(), comparing: true, in: folder).sink.all
    #expect(all[0].drift.map(\.path) == [["address", "city"]])
    #expect(all[1].drift == [.init(column: 2, path: ["age"], old: .absent, new: .number(7))])
    #expect(!all[2].hasDrift)
  }

  @Test func `what an update keeps, or a destination did not apply, is no drift`() async throws {
    let merging = try HTTPBench(FakeAPI()) {
      $0.update = try HTTPBench.request("PATCH /people/{remote_id}")
      $0.updateStyle = .merge
    }
    try await merging.load(Self.before)
    change(merging.api, "k1", #"{"id":"k1","name":"Bob","age":7}"#)
    let kept = try await Self.before.forecast(by: merging.destination(), comparing: true, in: folder).sink.all
    #expect(kept.allSatisfy { !$0.hasDrift })
    let ignoring = try HTTPBench(FakeAPI(.init(ignored: ["age"])))
    try await ignoring.load(Self.before)
    let ignored = try await Self.before.forecast(by: ignoring.destination(), comparing: true, in: folder).sink
    #expect(ignored.words.allSatisfy { $0 == "unchanged" } && ignored.all.allSatisfy { !$0.hasDrift })
  }

  // MARK: Repeated keys

  @Test func `records whose key waits for a parent come after it`() async throws {
    var bench = try HTTPBench(FakeAPI())
    let columns = [
      LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["boss"], omitsNull: true), LoadColumn(path: ["name"]),
    ]
    try await bench.load(StagedRecords([#"{"id":"k0","name":"Ann"}"#], columns: columns))
    bench.document.resources[0].create = try HTTPBench.request("POST /people?under={remote_id(people, boss)}")
    let records = StagedRecords(
      [
        #"{"id":"k2","boss":"k1","name":"Bob"}"#, #"{"id":"k2","boss":"k1","name":"Bert"}"#,
        #"{"id":"k2","boss":"k1","name":"Bert"}"#, #"{"id":"k3","boss":"k9","name":"Cy"}"#,
        #"{"id":"k3","boss":"k0","name":"Cy"}"#,
        #"{"id":"k1","boss":"k0","name":"Di"}"#,
      ], columns: columns)
    let forecast = try await records.forecast(by: bench.destination(), in: folder).sink
    #expect(forecast.words == ["created", "updated", "unchanged", "pending", "created", "created"])
    #expect(try await bench.load(records).words == forecast.words)
  }
}
