import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// Loads that apply a dry run: they end as it predicted, also if an earlier attempt was stopped.
@Suite struct HTTPAppliedPlanTests {
  private let folder = TemporaryFolder()
  private static let before = HTTPBench.people(0..<4)
  /// `k1` has changed, `k4` is new.
  private static let after = StagedRecords(
    before.records.map { $0.replacing("Ann 1", with: "Bob") } + [#"{"id":"k4","name":"New","age":4}"#], columns: before.columns)

  @Test(arguments: HTTPForecastTests.settings, [false, true])
  func `what a forecast says is what applying it does`(_ setting: HTTPForecastTests.Setting, isCompared: Bool) async throws {
    let bench = try HTTPBench(FakeAPI(setting.options), setting.change)
    for (index, records) in HTTPForecastTests.loads.enumerated() {
      let forecast = try await records.forecast(by: bench.destination(), comparing: isCompared, in: folder).sink
      let plan = try forecast.plan(isCompared: isCompared)
      let result = try await bench.load(records, run: "run\(index)", applying: plan)
      #expect(result.words == forecast.words && result.failure == nil, "load \(index)")
    }
  }

  @Test(arguments: [false, true]) func `a record for which there is no request fails, and the others are sent`(
    isCompared: Bool
  ) async throws {
    let bench = try HTTPBench(FakeAPI()) { $0.update = nil }
    try await bench.load(Self.before)
    let forecast = try await Self.after.forecast(by: bench.destination(), comparing: isCompared, in: folder).sink
    let result = try await bench.load(Self.after, run: "run2", applying: forecast.plan(isCompared: isCompared))
    #expect(result.words == ["unchanged", "failed", "unchanged", "unchanged", "created"])
    #expect(result.codes == ["update-impossible"] && result.failure == nil)
  }

  /// Somebody changes only what the mapping does not write, so the tag alone tells.
  @Test(arguments: [ConflictDocument.Then.adopt, .reject])
  func `another tag stops a conditional update that a conflict would leave out`(_ policy: ConflictDocument.Then) async throws {
    let bench = try HTTPBench(FakeAPI()) {
      $0.update = try HTTPBench.request("PATCH /people/{remote_id}", ["If-Match": "{etag}"])
      $0.entityTag = .headerOrBody("etag", try #require(ResponsePath("etag")))
      ($0.conflict.then, $0.conflict.isStated) = (policy, true)
    }
    try await bench.load(Self.before)
    let forecast = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(forecast.words == ["unchanged", "updated", "unchanged", "unchanged", "created"])
    bench.api.change { rows in
      guard let index = rows.firstIndex(where: { FakeAPI.key(of: $0.record) == "k1" }) else { return }
      rows[index].record = rows[index].record.setting("note", to: #""call her""#)
      rows[index].version += 1
    }
    let result = try await bench.load(Self.after, run: "run2", applying: forecast.plan(isCompared: false))
    #expect(result.failure?.code == .differs && result.words[1] == "pending", "\(result.words)")
    #expect(bench.api.content["k1"]?[0]["name"] == .string("Ann 1"))
  }

  @Test func `a record that is gone is created by the run after the one that found it out`() async throws {
    let bench = try HTTPBench(FakeAPI()) { $0.updateStyle = .readMergePut }
    try await bench.load(Self.before)
    bench.api.change { $0.removeAll { FakeAPI.key(of: $0.record) == "k1" } }
    for word in ["failed", "created"] {
      let forecast = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder) { $0.run = word }.sink
      #expect(forecast.words[1] == word)
      let result = try await bench.load(Self.after, run: word, applying: forecast.plan(isCompared: true))
      #expect(result.words == forecast.words && result.failure == nil, "\(word): \(result.words)")
    }
  }

  /// The journal has no hashes of what an undo has put back, or of what was adopted.
  @Test(arguments: [false, true]) func `a record without hashes is compared before it is overwritten`(_ isUndone: Bool)
    async throws
  {
    var bench = try HTTPBench(FakeAPI()) { ($0.conflict.then, $0.conflict.isStated) = (isUndone ? .update : .adopt, true) }
    let record = try JSONReader.read(#"{"id":"k1","name":"Theirs","age":1}"#)
    bench.api.change { $0.append(.init(id: "r99", record: record)) }
    if isUndone { bench = try bench.saving() }
    try await bench.load(Self.before, isFirstLoad: true)
    if isUndone { #expect(try await bench.undo().records["k1"]?.outcome == .restored) }
    let forecast = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(forecast.words[1] == "updated")
    bench.api.change { rows in
      guard let index = rows.firstIndex(where: { FakeAPI.key(of: $0.record) == "k1" }) else { return }
      rows[index].record = rows[index].record.setting("name", to: #""Zoe""#)
      rows[index].version += 1
    }
    let result = try await bench.load(Self.after, run: "run2", applying: forecast.plan(isCompared: false))
    #expect(result.failure?.code == .differs, "\(result.words)")
    #expect(bench.api.content["k1"]?[0]["name"] == .string("Zoe"))
  }

  /// Applies a forecast while the API follows a script, then predicts again, and applies the rest.
  private func continued(
    _ bench: HTTPBench, _ records: StagedRecords, isCompared: Bool,
    _ script: @escaping @Sendable (FakeAPI.Request) -> FakeAPI.Fault?
  ) async throws -> (first: [String], planned: [String], second: HTTPBench.Result) {
    let forecast = try await records.forecast(by: bench.destination(), comparing: isCompared, in: folder) { $0.run = "run2" }.sink
    bench.api.setScript(script)
    let plan = try forecast.plan(isCompared: isCompared)
    let first = try await bench.load(records, run: "run2", isReported: false, applying: plan)
    bench.api.setScript { _ in nil }
    let later = try forecast.plan(isCompared: isCompared, isContinued: true)
    let again = try await records.forecast(by: bench.destination(), comparing: isCompared, in: folder) {
      ($0.run, $0.applied) = ("run2", later)
    }.sink
    #expect(again.difference(from: later) == nil)
    return (first.words, forecast.words, try await bench.load(records, run: "run2", applying: later))
  }

  @Test(arguments: [false, true]) func `what the destination has refused in an earlier attempt is sent again`(
    isCompared: Bool
  ) async throws {
    let bench = try HTTPBench(FakeAPI(.init(refused: ["k4"])))
    try await bench.load(Self.before)
    let (first, planned, second) = try await continued(bench, Self.after, isCompared: isCompared) { _ in nil }
    #expect(planned == ["unchanged", "updated", "unchanged", "unchanged", "created"])
    #expect(first == ["unchanged", "updated", "unchanged", "unchanged", "failed"])
    #expect(second.words == ["unchanged", "unchanged", "unchanged", "unchanged", "failed"] && second.failure == nil)
    #expect(second.codes == ["destination-refused"])
  }

  @Test(arguments: [false, true], [ConflictDocument.Then.update, .adopt, .reject])
  func `a first load that was stopped is continued`(isCompared: Bool, _ policy: ConflictDocument.Then) async throws {
    let api = FakeAPI()
    let record = try JSONReader.read(#"{"id":"k1","name":"Theirs"}"#)
    api.state.withLock { $0.rows.append(.init(id: "r99", record: record)) }
    let bench = try HTTPBench(api) { ($0.conflict.then, $0.conflict.isStated) = (policy, true) }
    let (_, planned, second) = try await continued(bench, Self.after, isCompared: isCompared) {
      $0.isWrite ? .respond(401, "{}") : nil
    }
    let words: [ConflictDocument.Then: String] = [.update: "updated", .adopt: "unchanged"]
    #expect(planned == ["created", words[policy] ?? "failed", "created", "created", "created"])
    #expect(second.words == planned && second.failure == nil, "\(second.failure.map { "\($0)" } ?? "")")
  }

  @Test(arguments: [false, true]) func `an outstanding record stays outstanding when a dry run is applied again`(
    isCompared: Bool
  ) async throws {
    let bench = try HTTPBench(FakeAPI(.init(refused: ["k1"])))
    try await bench.load(Self.before)
    let (_, planned, second) = try await continued(bench, Self.after.replacing("Bob", with: "Ann 1"), isCompared: isCompared) {
      $0.isWrite ? .respond(401, "{}") : nil
    }
    #expect(planned == ["unchanged", "failed", "unchanged", "unchanged", "created"])
    #expect(second.words == planned && second.codes == ["outstanding"] && second.failure == nil)
  }

  @Test func `after a load whose process died, refused records are predicted to be sent`() async throws {
    let bench = try HTTPBench(FakeAPI(.init(refused: ["k1"])))
    try await bench.load(Self.before, isReported: false)
    let first = try await Self.before.forecast(by: bench.destination(), in: folder) { $0.run = "run2" }.sink
    #expect(first.words == ["unchanged", "created", "unchanged", "unchanged"])
    // The load that applies it is told again why.
    let result = try await bench.load(Self.before, run: "run2", applying: first.plan(isCompared: false))
    #expect(result.codes == ["destination-refused"] && result.failure == nil)
    let second = try await Self.before.forecast(by: bench.destination(), in: folder) { $0.run = "run3" }.sink
    #expect(second.words == ["unchanged", "failed", "unchanged", "unchanged"])
  }

  @Test func `what earlier runs have staged may be removed before a dry run is applied`() async throws {
    let bench = try HTTPBench(FakeAPI(.init(ignored: ["age"])))
    try await bench.load(Self.before)
    let forecast = try await Self.after.forecast(by: bench.destination(), after: Self.before, in: folder).sink
    let other = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(forecast.all[1].fields.map(\.old) == [.value(.string("Ann 1"))])
    #expect(other.difference(from: try forecast.plan(isCompared: false)) == nil)
    // What the destination accepted last still counts.
    try await bench.load(HTTPBench.people([1], name: "Cy"))
    let changed = try await Self.after.forecast(by: bench.destination(), in: folder).sink
    #expect(changed.difference(from: try forecast.plan(isCompared: false)) != nil)
  }

  @Test(arguments: ["find", "list"]) func `an unchanged record that cannot be read is not compared`(_ way: String) async throws {
    let bench = try HTTPBench(FakeAPI(.init(hasUniqueKeys: false))) {
      guard way == "list" else { return }
      $0.list = ListDocument(
        try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
      $0.find = nil
    }
    try await bench.load(Self.before, isFirstLoad: true)
    // Another one has the same key.
    bench.api.state.withLock { state in
      if let row = state.rows.first(where: { FakeAPI.key(of: $0.record) == "k2" }) {
        state.rows.append(.init(id: "r99", record: row.record))
      }
    }
    let sink = try await Self.after.forecast(by: bench.destination(), comparing: true, in: folder).sink
    #expect(sink.words == ["unchanged", "updated", "unchanged", "unchanged", "created"])
    #expect(sink.all.map(\.isNotCompared) == [false, false, true, false, false] && sink.all.allSatisfy { !$0.hasDrift })
    let warning = try #require(sink.warnings.first)
    #expect(warning.hasPrefix("1 unchanged record of 'people' could not be compared with 'app': "), "\(warning)")
    #expect(warning.contains("records with this key"), "\(warning)")
  }
}

extension StagedRecords {
  fileprivate func replacing(_ text: String, with other: String) -> StagedRecords {
    StagedRecords(records.map { $0.replacing(text, with: other) }, columns: columns)
  }
}
