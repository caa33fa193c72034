import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// What a dry run predicts for an `http` destination, compared with what a load does.
@Suite struct HTTPForecastTests {
  private let folder = TemporaryFolder()

  /// How a destination is set up.
  struct Setting: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout ResourceDocument) throws -> Void
    var options = FakeAPI.Options()

    init(
      _ testDescription: String, _ options: FakeAPI.Options = .init(),
      _ change: @escaping @Sendable (inout ResourceDocument) throws -> Void = { _ in }
    ) {
      self.testDescription = testDescription
      self.change = change
      self.options = options
    }
  }

  private static func list() throws -> ListDocument {
    ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
  }

  static let settings: [Setting] = [
    Setting("PUT") { _ in },
    Setting("PATCH") {
      $0.update = try HTTPBench.request("PATCH /people/{remote_id}")
      $0.updateStyle = .merge
    },
    Setting("read, merge, PUT") { $0.updateStyle = .readMergePut },
    Setting("PUT if unchanged") { $0.update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"]) },
    Setting("batches that create") { $0.batch = try HTTPBench.batch(size: 3) },
    Setting("batches that update") { $0.batch = try HTTPBench.batch(size: 3, updates: true) },
    Setting("nulls are left out") { $0.body.nulls = .omit },
    Setting("nulls are written") { $0.body.nulls = .write },
    Setting("no update") { $0.update = nil },
    Setting("with a list") { $0.list = try list() },
    Setting("a list alone") {
      $0.list = try list()
      $0.find = nil
    },
    Setting("what was there is adopted") {
      $0.conflict.then = .adopt
      $0.conflict.isStated = true
    },
    Setting("what was there is not touched") {
      $0.conflict.then = .reject
      $0.conflict.isStated = true
    },
  ]

  /// Records with a name, an age and a list, all of which may be missing.
  private static func records(_ texts: [String]) -> StagedRecords {
    StagedRecords(
      texts,
      columns: [
        LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: [.string, .null]),
        LoadColumn(path: ["age"], omitsNull: true), LoadColumn(path: ["address", "city"]), LoadColumn(path: ["tags"]),
      ])
  }

  private static let before = records([
    #"{"id":"k0","name":"Ann","age":1,"address":{"city":"Köln"},"tags":["a"]}"#, #"{"id":"k1","name":"Bob"}"#,
    #"{"id":"k2","name":"Cy","age":3,"address":{"city":null}}"#, #"{"id":"k3","name":null}"#,
    #"{"id":"k4","name":"Eve","age":5}"#,
  ])

  private static let after = records([
    // Several fields; unchanged; a field removed and one added; a null filled; a new record; and a key that comes twice.
    #"{"id":"k0","name":"Ann","age":2,"address":{"city":"Bonn"},"tags":["a","b"]}"#, #"{"id":"k1","name":"Bob"}"#,
    #"{"id":"k2","name":"Cy","address":{"city":"Ulm"},"tags":[]}"#, #"{"id":"k3","name":"Di"}"#,
    #"{"id":"k9","name":"New","address":{"city":"Rom"}}"#, #"{"id":"k4","name":"Eve","age":6}"#,
    #"{"id":"k4","name":"Eva","age":6}"#, #"{"id":"k4","name":"Eva","age":6}"#,
  ])

  static let loads = [before, before, after, after]

  @Test(arguments: settings) func `a forecast is what the load then does, record by record`(_ setting: Setting) async throws {
    let api = FakeAPI(setting.options)
    let bench = try HTTPBench(api, setting.change)
    for (index, records) in Self.loads.enumerated() {
      let content = api.text
      let writes = api.writes.count
      let last = index == 0 ? nil : index == 3 ? Self.after : Self.before
      let forecast = try await records.forecast(by: bench.destination(), after: last, in: folder)
      #expect(api.writes.count == writes && api.text == content, "\(index)")
      let result = try await bench.load(records, run: "run\(index)")
      #expect(forecast.sink.words == result.words, "load \(index)")
      #expect(forecast.failure == nil && result.failure == nil)
    }
  }

  @Test(arguments: settings) func `a forecast writes nothing into the journal`(_ setting: Setting) async throws {
    let api = FakeAPI(setting.options)
    let bench = try HTTPBench(api, setting.change)
    try await bench.load(Self.before)
    func journal() throws -> [JournalRecord] {
      var all: [JournalRecord] = []
      for scope in try bench.stores.journal.scopes() {
        try bench.stores.journal.forEachRecord(in: scope.scope) { all += $0 }
      }
      return all
    }
    let before = try journal()
    for isCompared in [false, true] {
      _ = try await Self.after.forecast(by: bench.destination(), after: Self.before, comparing: isCompared, in: folder)
    }
    #expect(try journal() == before)
  }

  /// `name: "Ann" -> "Eve"`
  private func shown(_ forecast: Forecast) -> [String] {
    forecast.fields.map { field in
      let old =
        switch field.old {
        case .absent: "(none)"
        case .notKept: "?"
        case .value(let value): value.text
        }
      return "\(field.path.joined(separator: ".")): \(old) -> \(field.new?.text ?? "(none)")"
    }
  }

  @Test func `the fields of an update have their old and new values`() async throws {
    let bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    let all = try await Self.after.forecast(by: bench.destination(), after: Self.before, in: folder).sink.all
    #expect(
      all.map(shown) == [
        ["age: 1 -> 2", #"address.city: "Köln" -> "Bonn""#, #"tags: ["a"] -> ["a","b"]"#], [],
        ["age: 3 -> (none)", #"address.city: null -> "Ulm""#, "tags: (none) -> []"], [#"name: null -> "Di""#],
        [#"id: (none) -> "k9""#, #"name: (none) -> "New""#, #"address.city: (none) -> "Rom""#], ["age: 5 -> 6"],
        [#"name: "Eve" -> "Eva""#], [],
      ])
  }

  @Test func `a value that nobody has kept says so, and one of another record is not taken for it`() async throws {
    let bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    let without = try await Self.after.forecast(by: bench.destination(), in: folder).sink.all
    #expect(shown(without[3]) == [#"name: ? -> "Di""#])
    #expect(shown(without[2]) == ["age: ? -> (none)", #"address.city: ? -> "Ulm""#, "tags: (none) -> []"])
    // The kept record was never accepted: its name is not what the destination has.
    var other = Self.before
    other.records[3] = #"{"id":"k3","name":"Dora"}"#
    let stale = try await Self.after.forecast(by: bench.destination(), after: other, in: folder).sink.all
    #expect(shown(stale[3]) == [#"name: ? -> "Di""#])
  }

  @Test func `a merging update keeps what it leaves out`() async throws {
    let bench = try HTTPBench(FakeAPI()) {
      $0.update = try HTTPBench.request("PATCH /people/{remote_id}")
      $0.updateStyle = .merge
    }
    try await bench.load(Self.before)
    let all = try await Self.after.forecast(by: bench.destination(), after: Self.before, in: folder).sink.all
    #expect(shown(all[2]) == [#"address.city: null -> "Ulm""#, "tags: (none) -> []"])
  }

  @Test func `a field that the mapping no longer has is named if the earlier records are kept`() async throws {
    let bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    var fewer = Self.before
    fewer.columns.removeAll { $0.path == ["age"] }
    let kept = try await fewer.forecast(by: bench.destination(), after: Self.before, in: folder).sink.all
    #expect(kept.map(shown) == [["age: 1 -> (none)"], [], ["age: 3 -> (none)"], [], ["age: 5 -> (none)"]])
    #expect(kept[0].fields.map(\.column) == [nil])
    let unknown = try await fewer.forecast(by: bench.destination(), in: folder).sink.all
    #expect(unknown.map(shown) == [[": ? -> (none)"], [], [": ? -> (none)"], [], [": ? -> (none)"]])
  }

  @Test func `a record is sent again because its requests have changed`() async throws {
    var bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    bench.document.resources[0].update = try HTTPBench.request("PUT /people/{remote_id}?notify=1")
    let all = try await Self.before.forecast(by: bench.destination(), after: Self.before, in: folder).sink.all
    #expect(all.allSatisfy { $0.outcome == .updated && $0.isResent && $0.fields.isEmpty })
  }

  // MARK: What the journal does not know

  @Test(arguments: ["find", "list", "both"]) func `a lost journal is replaced by what is there`(by way: String) async throws {
    let api = FakeAPI()
    try await HTTPBench(api).load(Self.before)
    let bench = try HTTPBench(api) {
      if way != "find" { $0.list = try Self.list() }
      if way == "list" { $0.find = nil }
    }
    let forecast = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(shown(forecast.all[0]) == ["age: 1 -> 2", #"address.city: "Köln" -> "Bonn""#, #"tags: ["a"] -> ["a","b"]"#])
    #expect(try await bench.load(Self.after).words == forecast.words)
  }

  @Test func `without find and list, a first load must be confirmed`() async throws {
    let bench = try HTTPBench(FakeAPI()) { $0.find = nil }
    let failure = await #expect(throws: OperationFailure.self) {
      try await Self.before.forecast(by: bench.destination(), in: folder)
    }
    #expect(failure?.code == .configuration && failure?.description.contains("--first-load") == true)
    let confirmed = try await Self.before.forecast(by: bench.destination(isFirstLoad: true), in: folder)
    #expect(confirmed.sink.words == Array(repeating: "created", count: 5))
  }

  @Test func `an open call keeps its records pending`() async throws {
    let api = FakeAPI(.init(hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.find = nil }
    api.setScript { $0.isWrite && $0.body?["id"] == .string("k1") ? .lostAfter : nil }
    try await bench.load(Self.before, isFirstLoad: true)
    api.setScript { _ in nil }
    let forecast = try await Self.before.forecast(by: bench.destination(), after: Self.before, in: folder).sink
    #expect(forecast.words == ["unchanged", "pending", "unchanged", "unchanged", "unchanged"])
    #expect(forecast.all[1].problem?.code == .resultUnknown)
  }

  @Test func `a destination that cannot be read leaves the rest pending`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    api.setScript { _ in .respond(401) }
    let (sink, failure) = try await Self.before.forecast(by: bench.destination(), in: folder)
    #expect(sink.words == Array(repeating: "pending", count: 5) && failure?.code == .notAuthorised)
    #expect(sink.all.allSatisfy { $0.problem?.code == .notSent })
  }

  // MARK: Compared with the destination

  private func change(_ api: FakeAPI, _ key: String, _ change: (JSONValue) -> JSONValue?) {
    api.state.withLock { state in
      guard let index = state.rows.firstIndex(where: { FakeAPI.key(of: $0.record) == key }) else { return }
      if let record = change(state.rows[index].record) {
        state.rows[index].record = record
      } else {
        state.rows.remove(at: index)
      }
    }
  }

  @Test(arguments: ["find", "list", "both"]) func `what others have changed is found`(by way: String) async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      if way != "find" { $0.list = try Self.list() }
      if way == "list" { $0.find = nil }
    }
    try await bench.load(Self.before)
    change(api, "k1") { .object(($0.objectValue ?? []).map { $0.name == "name" ? .init("name", .string("Bert")) : $0 }) }
    change(api, "k2") { .object(($0.objectValue ?? []).map { $0.name == "age" ? .init("age", .number(9)) : $0 }) }
    change(api, "k3") { _ in nil }
    let same = try await Self.before.forecast(by: bench.destination(), after: Self.before, comparing: true, in: folder).sink.all
    #expect(same.map(\.outcome) == Array(repeating: .unchanged, count: 5))
    #expect(same.map(\.hasDrift) == [false, true, true, true, false] && same[3].isMissing)
    #expect(same[1].drift == [.init(column: 1, path: ["name"], old: .value(.string("Bob")), new: .string("Bert"))])
    let after = try await Self.after.forecast(by: bench.destination(), after: Self.before, comparing: true, in: folder).sink
    #expect(shown(after.all[2]) == [#"address.city: null -> "Ulm""#, "tags: (none) -> []", "age: 9 -> (none)"])
    #expect(after.all[3].outcome == .failed && after.all[3].problem?.code == .goneAtDestination)
    #expect(try await bench.load(Self.after).words[3] == "failed")
  }

  @Test(arguments: ["find", "list", "both"], [false, true])
  func `an update lists the fields that it erases`(by way: String, isLost: Bool) async throws {
    let api = FakeAPI()
    let first = try HTTPBench(api) {
      if way != "find" { $0.list = try Self.list() }
      if way == "list" { $0.find = nil }
    }
    try await first.load(Self.before)
    let bench = isLost ? HTTPBench(first, stores: MemoryStores()) : first
    // Somebody has filled in fields of ours that our records leave out, and one of theirs.
    change(api, "k1") {
      .object(
        ($0.objectValue ?? []) + [
          .init("age", .number(7)), .init("tags", .array([])), .init("address", .null), .init("theirs", .number(1)),
        ])
    }
    var after = Self.before
    after.records[1] = #"{"id":"k1","name":"Bert"}"#
    let forecast = try await after.forecast(by: bench.destination(), comparing: !isLost, in: folder).sink.all[1]
    #expect(forecast.outcome == .updated && !forecast.isResent)
    #expect(shown(forecast) == [#"name: "Bob" -> "Bert""#, "age: 7 -> (none)", "tags: [] -> (none)"])
    #expect(try await bench.load(after).words[1] == "updated")
    #expect(api.content["k1"]?.first?["age"] == nil)
  }

  @Test func `a record that somebody has already changed as we would is not sent because of its requests`() async throws {
    let bench = try HTTPBench(FakeAPI())
    try await bench.load(Self.before)
    change(bench.api, "k1") { _ in try? JSONReader.read(#"{"id":"k1","name":"Bert"}"#) }
    var after = Self.before
    after.records[1] = #"{"id":"k1","name":"Bert"}"#
    let forecast = try await after.forecast(by: bench.destination(), comparing: true, in: folder).sink.all[1]
    #expect(forecast.outcome == .updated && forecast.fields.isEmpty && !forecast.isResent)
  }

  @Test func `an untouched destination has no drift`() async throws {
    let bench = try HTTPBench(FakeAPI()) {
      $0.list = try Self.list()
      $0.normalizes = [NormalizedField(["name"], [.lower], place: HTTPBench.place)]
    }
    try await bench.load(Self.before)
    change(bench.api, "k0") { .object(($0.objectValue ?? []).map { $0.name == "name" ? .init("name", .string("ANN")) : $0 }) }
    let all = try await Self.before.forecast(by: bench.destination(), comparing: true, in: folder).sink.all
    #expect(all.allSatisfy { !$0.hasDrift && $0.outcome == .unchanged })
  }

  @Test func `a destination that can neither list nor find cannot be compared`() async throws {
    let bench = try HTTPBench(FakeAPI()) { $0.find = nil }
    try await bench.load(Self.before, isFirstLoad: true)
    let failure = await #expect(throws: OperationFailure.self) {
      try await Self.before.forecast(by: bench.destination(), comparing: true, in: folder)
    }
    #expect(failure?.code == .configuration && failure?.description.contains("`list` or `find`") == true)
  }

  // MARK: Parents

  @Test func `parents of the same mapping come in any order`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) { $0.create = try HTTPBench.request("POST /people?under={remote_id(people, boss)}") }
    let columns = [
      LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["boss"], types: [.string, .null], omitsNull: true),
    ]
    // A first record without a boss cannot be sent, nor can those below it.
    let records = StagedRecords(
      [#"{"id":"k1","boss":"k0"}"#, #"{"id":"k2","boss":"k1"}"#, #"{"id":"k0"}"#, #"{"id":"k3","boss":"k9"}"#],
      columns: columns)
    let forecast = try await records.forecast(by: bench.destination(), in: folder).sink
    let result = try await bench.load(records)
    #expect(forecast.words == result.words && forecast.words == ["pending", "pending", "failed", "pending"])
  }
}
