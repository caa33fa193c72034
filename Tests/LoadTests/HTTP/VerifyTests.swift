import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// `verify`: unchanged records are read back, and those that somebody has changed or removed are reported, or sent again.
@Suite struct VerifyTests {
  enum Requests: CaseIterable, Sendable { case put, ifMatch, readMergePut, batch, batchWithUpdates, saving }

  private static func bench(
    _ api: FakeAPI = FakeAPI(), _ then: VerifyDocument.Then = .report, _ requests: Requests = .put, share: Int = 10_000,
    _ change: (inout ResourceDocument) throws -> Void = { _ in }
  ) throws -> HTTPBench {
    let bench = try HTTPBench(api) {
      $0.verify = VerifyDocument(share: share, then: then)
      switch requests {
      case .put, .saving: break
      case .ifMatch:
        $0.update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
        $0.entityTag = .headerOrBody("etag", try #require(ResponsePath("etag")))
      case .readMergePut: $0.updateStyle = .readMergePut
      case .batch: $0.batch = try HTTPBench.batch(size: 3)
      case .batchWithUpdates: $0.batch = try HTTPBench.batch(size: 3, updates: true)
      }
      try change(&$0)
    }
    return requests == .saving ? try bench.saving() : bench
  }

  /// Somebody else changes what the destination has of `k1`.
  enum Alteration: CaseIterable, Sendable {
    case changed, erased, null, removed, replaced, doubled
    /// These are as they were loaded.
    case untouched, extended, respelled, reordered

    /// The columns of the warnings: the name, the age, or the record as a whole.
    var columns: [Int?] {
      switch self {
      case .changed: [1]
      case .erased, .null: [2]
      case .removed, .replaced, .doubled: [nil]
      case .untouched, .extended, .respelled, .reordered: []
      }
    }

    var isResent: Bool { !columns.isEmpty && self != .doubled }

    func apply(to api: FakeAPI) {
      api.state.withLock { state in
        guard let index = state.rows.firstIndex(where: { FakeAPI.key(of: $0.record) == "k1" }) else { return }
        let members = state.rows[index].record.objectValue ?? []
        func set(_ name: String, _ value: JSONValue?) {
          state.rows[index].version += 1
          let others = members.compactMap { $0.name == name ? value.map { .init(name, $0) } : $0 }
          state.rows[index].record = .object(others)
        }
        switch self {
        case .untouched: break
        case .changed: set("name", .string("Other"))
        case .erased: set("age", nil)
        case .null: set("age", .null)
        case .removed: state.rows.remove(at: index)
        case .replaced: state.rows[index].id = "x1"
        case .doubled: state.rows.append(.init(id: "x1", record: state.rows[index].record))
        case .extended: state.rows[index].record = .object(members + [.init("note", .string("call her"))])
        case .respelled: set("age", .number("1.0"))
        case .reordered: state.rows[index].record = .object(members.reversed())
        }
      }
    }
  }

  private static func problems(_ result: HTTPBench.Result, _ ordinal: UInt64 = 1) -> [LoadProblem] {
    result.sink.problems[ordinal] ?? []
  }

  private static func lookups(_ api: FakeAPI, after number: Int = 0) -> [String] {
    api.requests.dropFirst(number).filter { !$0.isWrite }.map { String($0.target.split(separator: "=").last ?? "") }.sorted()
  }

  // MARK: Both policies

  @Test(arguments: Alteration.allCases, Requests.allCases)
  func `report warns, and changes nothing`(_ alteration: Alteration, _ requests: Requests) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .report, requests)
    try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true)
    alteration.apply(to: api)
    let (text, writes, requests) = (api.text, api.writes.count, api.requests.count)
    for run in ["run2", "run3"] {
      let result = try await bench.load(HTTPBench.people(0..<4), run: run)
      #expect(result.words == Array(repeating: "unchanged", count: 4) && result.failure == nil)
      let problems = Self.problems(result)
      #expect(problems.map(\.column) == alteration.columns && result.sink.problems.keys.allSatisfy { $0 == 1 })
      #expect(problems.allSatisfy { $0.code == .drifted && $0.severity == .warning && $0.attempt == 0 && !$0.detail.isEmpty })
      let isGone = alteration == .removed
      let expected = VerifyCounts(
        records: 4, drifted: alteration.columns.isEmpty || isGone ? 0 : 1, missing: isGone ? 1 : 0)
      #expect(result.verified == expected)
    }
    #expect(api.text == text && api.writes.count == writes)
    #expect(Self.lookups(api, after: requests) == ["k0", "k0", "k1", "k1", "k2", "k2", "k3", "k3"])
  }

  @Test(arguments: Alteration.allCases, Requests.allCases)
  func `resend makes it as it was loaded, once`(_ alteration: Alteration, _ requests: Requests) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend, requests)
    try await bench.load(HTTPBench.people(0..<4), isFirstLoad: true)
    let before = api.content
    alteration.apply(to: api)
    let writes = api.writes.count
    let result = try await bench.load(HTTPBench.people(0..<4), run: "run2")
    let isGone = alteration == .removed
    let word = !alteration.isResent ? "unchanged" : isGone ? "created" : "updated"
    #expect(result.words == ["unchanged", word, "unchanged", "unchanged"], "\(result.codes)")
    #expect(Self.problems(result).map(\.column) == alteration.columns && Set(result.codes).isSubset(of: ["drifted"]))
    #expect(api.writes.count == writes + (alteration.isResent ? 1 : 0))
    #expect(result.verified?.resent == (alteration.isResent ? 1 : 0))
    if alteration.isResent { #expect(api.content["k1"]?.map(\.text) == before["k1"]?.map(\.text)) }
    // It is as it should be, and a run that verifies again has nothing to say.
    guard alteration.isResent else { return }
    let next = try await bench.load(HTTPBench.people(0..<4), run: "run3")
    #expect(next.words == Array(repeating: "unchanged", count: 4) && next.codes == [])
    #expect(api.writes.count == writes + 1)
  }

  @Test func `the ledger is told both values, for the mapping's privacy to mask`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<4))
    Alteration.changed.apply(to: api)
    let named = try #require(Self.problems(try await bench.load(HTTPBench.people(0..<4), run: "run2")).first)
    #expect(named.value == "Ann 1" && named.found == "Other" && named.record == "r2" && named.line == 2)
    #expect(!named.detail.contains("Ann") && !named.detail.contains("Other"))
    Alteration.erased.apply(to: api)
    let erased = try #require(Self.problems(try await bench.load(HTTPBench.people(0..<4), run: "run3")).last)
    #expect(erased.column == 2 && erased.value == "1" && erased.found == nil && erased.detail == "it has no value now")
  }

  @Test(arguments: [true, false])
  func `a value where none was sent counts if updates erase it`(_ erases: Bool) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend) {
      if !erases { ($0.update, $0.updateStyle) = (try HTTPBench.request("PATCH /people/{remote_id}"), .merge) }
    }
    let people = HTTPBench.people(0..<2, hasAge: false)
    try await bench.load(people)
    api.state.withLock { state in
      // They arrive in any order.
      state.rows.sort { FakeAPI.key(of: $0.record) < FakeAPI.key(of: $1.record) }
      state.rows[1].record = .object((state.rows[1].record.objectValue ?? []) + [.init("age", .number(7))])
    }
    let result = try await bench.load(people, run: "run2")
    #expect(result.words == ["unchanged", erases ? "updated" : "unchanged"])
    #expect(Self.problems(result).map(\.found) == (erases ? ["7"] : []))
    #expect(api.content["k1"]?[0]["age"] == (erases ? nil : .number(7)))
  }

  @Test func `what the destination changes by design, or did not apply when it was sent, is not drift`() async throws {
    let api = FakeAPI(.init(ignored: ["age"]))
    let bench = try Self.bench(api) {
      $0.normalizes = [NormalizedField(["name"], [.lower], place: HTTPBench.place)]
    }
    #expect(Set(try await bench.load(HTTPBench.people(0..<2)).codes) == ["not-applied"])
    api.state.withLock { state in
      state.rows.sort { FakeAPI.key(of: $0.record) < FakeAPI.key(of: $1.record) }
      state.rows[0].record = .object(
        (state.rows[0].record.objectValue ?? []).map { $0.name == "name" ? .init("name", .string("ANN 0")) : $0 })
    }
    let result = try await bench.load(HTTPBench.people(0..<2), run: "run2")
    #expect(result.codes == [] && result.verified == VerifyCounts(records: 2))
  }

  @Test func `a record that was adopted as it was is not read`() async throws {
    let api = FakeAPI()
    let foreign = JSONValue.object([.init("id", .string("k1")), .init("name", .string("Other")), .init("age", .number(1))])
    api.state.withLock { $0.rows.append(.init(id: "x1", record: foreign)) }
    let bench = try Self.bench(api) { ($0.conflict.then, $0.conflict.isStated) = (.adopt, true) }
    #expect(try await bench.load(HTTPBench.people(0..<2)).words == ["created", "unchanged"])
    let result = try await bench.load(HTTPBench.people(0..<2), run: "run2")
    #expect(result.words == ["unchanged", "unchanged"] && result.codes == [] && result.verified == VerifyCounts(records: 1))
  }

  @Test func `a record that is not ours is not verified`() async throws {
    let api = FakeAPI()
    api.state.withLock {
      $0.rows.append(.init(id: "x1", record: .object([.init("id", .string("k1")), .init("name", .string("Other"))])))
    }
    let bench = try Self.bench(api, .resend) { ($0.conflict.then, $0.conflict.isStated) = (.reject, true) }
    for run in 0..<3 {
      let result = try await bench.load(HTTPBench.people(0..<3), run: "run\(run)")
      #expect(result.words == [run == 0 ? "created" : "unchanged", "failed", run == 0 ? "created" : "unchanged"])
      #expect(result.codes == ["already-exists"] && result.verified == VerifyCounts(records: run == 0 ? 0 : 2))
    }
    #expect(api.content["k1"]?[0]["name"] == .string("Other"))
  }

  @Test func `each location verifies its own records`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend)
    func load(_ location: String, _ numbers: Range<Int>) async throws -> HTTPBench.Result {
      try await bench.load(HTTPBench.people(numbers)) { $0.location = location }
    }
    #expect(try await load("a", 0..<3).words == ["created", "created", "created"])
    #expect(try await load("b", 3..<5).words == ["created", "created"])
    Alteration.changed.apply(to: api)
    #expect(try await load("b", 3..<5).verified == VerifyCounts(records: 2))
    #expect(try await load("a", 0..<3).verified == VerifyCounts(records: 3, drifted: 1, resent: 1))
  }

  // MARK: The sample

  @Test func `each record is read once in a cycle, and the same ones if the run is resumed`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, share: 2_500)
    let people = HTTPBench.people(0..<200)
    try await bench.load(people)
    var read: [String] = []
    // 2026-12-01 begins a cycle of four days.
    for day in 1...4 {
      var samples: [[String]] = []
      for _ in 0..<2 {
        let before = api.requests.count
        let result = try await bench.load(people, run: "day\(day)") { $0.date = "2026-12-0\(day)" }
        samples.append(Self.lookups(api, after: before))
        #expect(result.verified?.records == samples.last?.count && 20...80 ~= samples[0].count)
      }
      #expect(samples[0] == samples[1])
      read += samples[0]
    }
    #expect(read.sorted() == (0..<200).map { "k\($0)" }.sorted())
  }

  @Test func `only unchanged records are read, and none without verify`() async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<4))
    var before = api.requests.count
    let changed = try await bench.load(HTTPBench.people(0..<4, name: "Eva"), run: "run2")
    #expect(changed.verified == VerifyCounts() && Self.lookups(api, after: before) == [])
    bench.document.resources[0].verify = nil
    before = api.requests.count
    let plain = try await bench.load(HTTPBench.people(0..<4, name: "Eva"), run: "run3")
    #expect(plain.verified == nil && api.requests.count == before)
  }

  // MARK: Neighbors

  private struct Applied: AppliedPlan {
    let run = "dry"
    let comparesDestination: Bool
    let target: TargetVersion? = nil
    func outcome(of ordinal: UInt64) -> Outcome? { .unchanged }
    func problem(of ordinal: UInt64) -> ProblemCode? { nil }
    func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool { true }
    func predictsRemoval(_ key: Name) -> Bool { false }
  }

  @Test(arguments: Alteration.allCases, [false, true])
  func `a load that applies a dry run only reports`(_ alteration: Alteration, _ isCompared: Bool) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend)
    try await bench.load(HTTPBench.people(0..<4))
    alteration.apply(to: api)
    let writes = api.writes.count
    let result = try await bench.load(HTTPBench.people(0..<4), run: "run2") {
      $0.applied = Applied(comparesDestination: isCompared)
    }
    #expect(result.words == Array(repeating: "unchanged", count: 4) && result.failure == nil)
    #expect(Self.problems(result).map(\.column) == alteration.columns && api.writes.count == writes)
  }

  @Test(arguments: [false, true]) func `undo puts back what somebody had made of it`(_ isRemoved: Bool) async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api, .resend, .saving)
    try await bench.load(HTTPBench.people(0..<4), run: "run0")
    (isRemoved ? Alteration.removed : .changed).apply(to: api)
    let before = api.text
    try await bench.load(HTTPBench.people(0..<4), run: "run1")
    #expect(api.text != before)
    let undone = try await bench.undo("run1")
    #expect(undone.records.mapValues(\.outcome) == ["k1": isRemoved ? .removed : .restored])
    #expect(api.text == before)
    // The journal has what it had before the run, so the change is not overwritten again.
    bench.document.resources[0].verify = nil
    let next = try await bench.load(HTTPBench.people(0..<4), run: "run2").words
    #expect(next == ["unchanged", isRemoved ? "created" : "unchanged", "unchanged", "unchanged"])
  }

  @Test(arguments: [false, true])
  func `what the destination refuses now is outstanding in the next run`(_ inBatches: Bool) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend, inBatches ? .batchWithUpdates : .put)
    try await bench.load(HTTPBench.people(0..<4))
    Alteration.changed.apply(to: api)
    api.setScript { $0.isWrite ? .respond(422, #"{"detail":"no"}"#) : nil }
    let refused = try await bench.load(HTTPBench.people(0..<4), run: "run2")
    #expect(refused.words == ["unchanged", "failed", "unchanged", "unchanged"])
    #expect(Set(refused.codes) == ["drifted", "destination-refused"] && refused.verified?.resent == 0)
    let writes = api.writes.count
    let next = try await bench.load(HTTPBench.people(0..<4), run: "run3")
    #expect(next.words == refused.words && next.codes == ["outstanding"] && api.writes.count == writes)
  }

  @Test func `somebody is faster than the update`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend, .ifMatch)
    try await bench.load(HTTPBench.people(0..<4))
    Alteration.changed.apply(to: api)
    let hasChanged = Locked(false)
    api.setScript { request in
      if request.isWrite,
        !hasChanged.withLock({ value in
          defer { value = true }
          return value
        })
      {
        Alteration.changed.apply(to: api)
      }
      return nil
    }
    let result = try await bench.load(HTTPBench.people(0..<4), run: "run2")
    #expect(result.words == ["unchanged", "updated", "unchanged", "unchanged"])
    #expect(Set(result.codes) == ["drifted", "overwritten"])
    #expect(api.content["k1"]?[0]["name"] == .string("Ann 1"))
  }

  @Test func `a parent that is created again is there before its children, and they get its new ID`() async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api, .resend)
    var notes = ResourceDocument(mapping: "notes", place: HTTPBench.place)
    notes.create = try HTTPBench.request("POST /notes?under={remote_id(people, person)}")
    notes.find = FindDocument(
      try HTTPBench.request("GET /notes?id={key}&under={remote_id(people, person)}"), items: ResponsePath("items"))
    notes.remoteID = .body(try #require(ResponsePath("remoteId")))
    notes.verify = VerifyDocument(share: 10_000)
    bench.document.resources.append(notes)
    func texts(_ numbers: Range<Int>) -> StagedRecords {
      StagedRecords(
        numbers.map { #"{"id":"n\#($0)","person":"k1"}"# },
        columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["person"])], mapping: "notes")
    }
    try await bench.load(HTTPBench.people(0..<4))
    #expect(try await bench.load(texts(0..<1)).words == ["created"])
    Alteration.removed.apply(to: api)
    #expect(
      try await bench.load(HTTPBench.people(0..<4), run: "run2").words == ["unchanged", "created", "unchanged", "unchanged"])
    let children = try await bench.load(texts(0..<2), run: "run2")
    #expect(children.words == ["unchanged", "created"])
    let id = api.state.withLock { $0.rows.first { FakeAPI.key(of: $0.record) == "k1" }?.id }
    #expect(api.state.withLock { $0.rows.first { FakeAPI.key(of: $0.record) == "n1" }?.under } == id)
    // The old note is below the parent that is gone.
    #expect(children.verified == VerifyCounts(records: 1, missing: 1) && Self.problems(children, 0).map(\.code) == [.drifted])
  }

  @Test(arguments: [VerifyDocument.Then.report, .resend])
  func `children of the same mapping go on once their parent is read`(_ then: VerifyDocument.Then) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, then) {
      $0.create = try HTTPBench.request("POST /people?under={remote_id(people, boss)}")
      $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
    }
    func staff(_ texts: [String]) -> StagedRecords {
      StagedRecords(
        texts, columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"]), LoadColumn(path: ["boss"])])
    }
    api.state.withLock { state in
      let root = JSONValue.object([.init("id", .string("k1")), .init("name", .string("Ann")), .init("boss", .string("k1"))])
      state.rows.append(.init(id: "x1", record: root))
    }
    let boss = #"{"id":"k1","name":"Ann","boss":"k1"}"#
    #expect(try await bench.load(staff([boss])).words == ["unchanged"])
    Alteration.changed.apply(to: api)
    let result = try await bench.load(staff([#"{"id":"k2","name":"Bob","boss":"k1"}"#, boss]), run: "run2")
    #expect(result.words == ["created", then == .report ? "unchanged" : "updated"])
    #expect(api.state.withLock { $0.rows.first { FakeAPI.key(of: $0.record) == "k2" }?.under } == "x1")
  }

  @Test func `two records with one key are read one after the other`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend)
    try await bench.load(HTTPBench.people(0..<2))
    Alteration.changed.apply(to: api)
    let result = try await bench.load(HTTPBench.people([0, 1, 1]), run: "run2")
    #expect(result.words == ["unchanged", "updated", "unchanged"])
    #expect(result.verified == VerifyCounts(records: 3, drifted: 1, resent: 1))
  }
}
