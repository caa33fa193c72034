import Control
import Core
import HTTP
import TestSupport
import Testing

@testable import Load

/// A mapping whose records name records of another mapping, which are removed.
@Suite struct DeletionTests {
  /// - Parameter share: of the records that may be removed, in hundredths of a percent.
  private static func bench(_ api: FakeAPI = FakeAPI(), share: Int = 10_000) throws -> HTTPBench {
    var bench = try HTTPBench(api)
    var leavers = ResourceDocument(mapping: "leavers", place: HTTPBench.place)
    leavers.deletion = DeletionDocument(of: "people", share: share)
    leavers.delete = try HTTPBench.request("DELETE /people/{remote_id}")
    (leavers.find, leavers.key) = (bench.document.resources[0].find, ResponsePath("id"))
    bench.document.resources.append(leavers)
    return bench
  }

  private static func leavers(_ keys: [String]) -> StagedRecords {
    StagedRecords(
      keys.map { #"{"person":"\#($0)"}"# }, columns: [LoadColumn(path: ["person"], types: .string)], mapping: "leavers")
  }

  private static func removals(_ api: FakeAPI) -> Int { api.requests.count { $0.method == "DELETE" } }

  @Test func `the records that are named are removed, once`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<5))
    let result = try await bench.load(Self.leavers(["k1", "k3"]), run: "run2")
    #expect(result.words == ["removed", "removed"] && result.codes == [] && result.failure == nil)
    #expect(api.content.keys.sorted() == ["k0", "k2", "k4"] && Self.removals(api) == 2)
    let again = try await bench.load(Self.leavers(["k1", "k3"]), run: "run3")
    #expect(again.words == ["unchanged", "unchanged"] && Self.removals(api) == 2)
    // The mapping whose records they are knows it.
    #expect(try await bench.load(HTTPBench.people([0, 2, 4]), run: "run4").words == ["unchanged", "unchanged", "unchanged"])
    #expect(try await bench.load(HTTPBench.people(1..<2), run: "run5").words == ["created"])
  }

  @Test func `keys that come twice, that are not there, or that were never loaded`() async throws {
    let api = FakeAPI(.init(refused: ["k4"]))
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<5))
    let result = try await bench.load(Self.leavers(["k0", "k0", "k4", "k9"]), run: "run2")
    #expect(result.words == ["removed", "unchanged", "unchanged", "failed"] && result.codes == ["request-impossible"])
    #expect(Self.removals(api) == 1)
  }

  @Test(arguments: [
    (100, 100, 1, true), (100, 100, 2, false), (199, 100, 1, true), (199, 100, 2, false), (200, 100, 2, true),
    (10, 100, 1, false),
    (10, 1_000, 1, true), (1, 9_999, 1, false), (1, 10_000, 1, true), (100, 250, 2, true), (100, 250, 3, false),
    (100, 1, 0, true),
  ])
  func `nothing is removed above the limit`(_ count: Int, _ share: Int, _ named: Int, _ isAllowed: Bool) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, share: share)
    try await bench.load(HTTPBench.people(0..<count))
    // Records that are not there do not count.
    let leavers = Self.leavers((0..<named).map { "k\($0)" } + ["k-1"])
    let forecast = try await leavers.forecast(by: bench.destination())
    let result = try await bench.load(leavers, run: "run2")
    #expect(result.words == Array(repeating: isAllowed ? "removed" : "pending", count: named) + ["failed"])
    #expect(forecast.sink.words == result.words)
    #expect(Self.removals(api) == (isAllowed ? named : 0))
    for failure in [result.failure, forecast.failure] {
      #expect(failure?.code == (isAllowed ? nil : .gateFailed) && failure?.code.exitCode == (isAllowed ? nil : .gateFailed))
    }
    if !isAllowed {
      #expect(result.failure?.description.contains("\(named) of \(count) records") == true)
      #expect(result.sink.problems[0]?.map(\.code) == [.notSent])
    }
  }

  @Test func `no more records are kept than may be removed, and none once they are too many`() async throws {
    for (named, isAllowed) in [(3, true), (40, false)] {
      let bench = try Self.bench(share: 100)
      try await bench.load(HTTPBench.people(0..<300))
      // Each key comes twice, and there are others that were never loaded.
      let keys = (0..<named).flatMap { ["k\($0)", "x\($0)", "k\($0)"] }
      let staged = Self.leavers(keys)
      let plan = try PartPlan(staged.part(), destination: "app", bench.document)
      let records = NamedRecords(plan, try #require(plan.resource.deletion), bench.stores.journal)
      let bodies = BodyWriter(plan.resource.body, columns: plan.columns, items: nil)
      let outgoing = OutgoingRecords(plan, key: staged.key, bodies)
      let reader = try staged.reader(in: TemporaryFolder(), batchCells: 4)
      var (judged, most) = (0, 0)
      while let batch = try reader.next() {
        judged += try await records.judge(outgoing.copy(batch)).count
        most = max(most, records.removals.count)
      }
      #expect(most == 3 && records.removals.count == (isAllowed ? 3 : 0))
      #expect(records.removals.allSatisfy { $0.record.json.isEmpty })
      #expect(judged == keys.count - records.removals.count && (records.excess == nil) == isAllowed)
      let result = try await bench.load(staged, size: 2, run: "run2")
      let word = isAllowed ? "removed" : "pending"
      #expect(result.words == (0..<named).flatMap { _ in [word, "failed", "unchanged"] })
    }
  }

  @Test func `the limit is shown as the pipeline file has it`() {
    for (share, text) in [(100, "1"), (50, "0.5"), (1, "0.01"), (1_234, "12.34"), (3_005, "30.05"), (10_000, "100")] {
      let document = DeletionDocument(of: "people", share: share)
      #expect(document.percent == text)
    }
  }

  @Test(
    arguments: [
      (FakeAPI.Fault.respond(404, #"{"detail":"no such record"}"#), "removed", []), (.respond(410), "removed", []),
      (.respond(422, #"{"detail":"it has orders"}"#), "failed", ["destination-refused"]),
      (.respond(412), "failed", ["destination-refused"]), (.respond(403), "pending", ["not-sent"]),
      (.respond(401), "pending", ["not-sent"]),
    ] as [(FakeAPI.Fault, String, [String])])
  func `responses to a removal`(_ fault: FakeAPI.Fault, _ word: String, _ codes: [String]) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<3))
    api.setScript { $0.method == "DELETE" ? fault : nil }
    let result = try await bench.load(Self.leavers(["k1"]), run: "run2")
    #expect(result.words == [word] && result.codes == codes)
    // Whatever was not removed can be removed later.
    api.setScript { _ in nil }
    let next = try await bench.load(Self.leavers(["k1"]), run: "run3")
    #expect(next.words == [word == "removed" ? "unchanged" : "removed"])
  }

  @Test(arguments: [FakeAPI.Fault.lostBefore, .lostAfter, .failAfter, .unreachable])
  func `a removal without a response is repeated`(_ fault: FakeAPI.Fault) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<3))
    let faults = Locked(1)
    api.setScript { request in
      guard request.method == "DELETE" else { return nil }
      return faults.withLock { left in
        left -= 1
        return left >= 0 ? fault : nil
      }
    }
    let result = try await bench.load(Self.leavers(["k1"]), run: "run2")
    #expect(result.words == ["removed"] && api.content["k1"] == nil && api.content.count == 2)
  }

  @Test(arguments: KillPoint.allCases) func `a killed run is finished by the next one`(_ point: KillPoint) async throws {
    for number in 1...3 {
      let api = FakeAPI()
      let bench = try Self.bench(api, share: 4_000)
      try await bench.load(HTTPBench.people(0..<10))
      let leavers = Self.leavers(["k1", "k2", "k3"])
      _ = try? await bench.load(leavers, run: "run2", by: DyingProcess(at: point, of: number))
      let result = try await bench.load(leavers, run: "run3")
      #expect(Set(result.words).isSubset(of: ["removed", "unchanged"]) && result.failure == nil, "\(point): \(result.codes)")
      #expect(api.content.count == 7 && api.content["k1"] == nil)
      let scope = try #require(try bench.stores.journal.scopes().first { $0.scope.mapping == "people" })
      #expect(scope.openIntents == 0 && scope.records == 7)
    }
  }

  @Test func `a record whose call has no result is left`() async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api)
    // Without a lookup, nobody knows whether the update was carried out.
    for index in bench.document.resources.indices { bench.document.resources[index].find = nil }
    (bench.document.idempotency, bench.document.resources[0].update) = (nil, try HTTPBench.request("POST /people/{remote_id}"))
    try await bench.load(HTTPBench.people(0..<2), isFirstLoad: true)
    api.setScript { $0.isWrite ? .lostAfter : nil }
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva"), run: "run2").words == ["pending"])
    api.setScript { _ in nil }
    let result = try await bench.load(Self.leavers(["k0", "k1"]), run: "run3")
    #expect(result.words == ["pending", "removed"] && result.codes == ["result-unknown"])
    #expect(api.content["k0"] != nil)
  }

  @Test func `a plan removes what it predicted, or nothing`() async throws {
    let leavers = Self.leavers(["k1", "k2"])
    for isChanged in [false, true] {
      let api = FakeAPI()
      let bench = try Self.bench(api)
      try await bench.load(HTTPBench.people(0..<4))
      let plan = try await leavers.forecast(by: bench.destination()).sink.plan(isCompared: false)
      if isChanged {
        // Another record has the key by now.
        api.change { $0.removeAll { FakeAPI.key(of: $0.record) == "k2" } }
        try await bench.load(HTTPBench.people(2..<3, name: "Eva"), run: "run2")
        try await bench.load(HTTPBench.people(2..<3, name: "Eva"), run: "run3")
      }
      let result = try await bench.load(leavers, run: "run4", applying: plan)
      #expect(result.words == Array(repeating: isChanged ? "pending" : "removed", count: 2))
      #expect(result.failure?.code == (isChanged ? .differs : nil) && Self.removals(api) == (isChanged ? 0 : 2))
    }
  }

  @Test func `a plan that was applied in part is applied to the end`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api)
    try await bench.load(HTTPBench.people(0..<4))
    let leavers = Self.leavers(["k1", "k2", "k3"])
    let plan = try await leavers.forecast(by: bench.destination()).sink.plan(isCompared: false)
    _ = try? await bench.load(leavers, run: "run2", applying: plan, by: DyingProcess(at: .afterResult, of: 1))
    let result = try await bench.load(leavers, run: "run2", applying: plan)
    #expect(Set(result.words).isSubset(of: ["removed", "unchanged"]) && result.failure == nil)
    #expect(api.content.keys.sorted() == ["k0"])
  }

  @Test func `its mapping runs after the one whose records it removes, and is not compared`() async throws {
    let bench = try Self.bench()
    #expect(bench.document.resource(of: "leavers")?.needs == ["people"])
    try await bench.load(HTTPBench.people(0..<4))
    try await bench.load(Self.leavers(["k1"]), run: "run2")
    let options = ComparisonOptions(isWhole: true, scratch: TemporaryFolder().path)
    var session = try await bench.destination().beginComparing(Self.leavers([]).part(), options)
    let counts = try await session.compare { _ in Issue.record("nothing is compared") }
    await session.close()
    #expect(counts.isEqual && counts.loaded == 0 && counts.stored == 0)
  }

  @Test func `undo of the other mapping is not held back by it`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api).saving()
    try await bench.load(HTTPBench.people(0..<2))
    let found = Locked<[Name: UndoneRecord]>([:])
    let request = UndoRequest(log: bench.undoLog("run1"), unsaved: ["leavers"])
    var part = HTTPBench.people(0..<1).part()
    part.undoLog = bench.undoLog
    _ = try await bench.destination().undo(part, request) { record in found.withLock { $0[record.key] = record } }
    #expect(HTTPUndoTests.outcomes(found.withLock { $0 }) == ["k0 removed", "k1 removed"])
  }

  @Test(arguments: [ConflictDocument.Then.reject, .adopt])
  func `a record that was left as it was is not removed, and does not count`(_ then: ConflictDocument.Then) async throws {
    let api = FakeAPI()
    try HTTPUndoTests.seed(api, 2)
    var bench = try Self.bench(api, share: 5_000)
    (bench.document.resources[0].conflict.then, bench.document.resources[0].conflict.isStated) = (then, true)
    try await bench.load(HTTPBench.people(0..<4))
    let result = try await bench.load(Self.leavers(["k0", "k2"]), run: "run2")
    #expect(result.words == ["failed", "removed"] && result.codes == ["already-exists"] && result.failure == nil)
    #expect(api.content.keys.sorted() == ["k0", "k1", "k3"])
    let excess = try await bench.load(Self.leavers(["k3"]), run: "run3")
    #expect(excess.words == ["pending"] && excess.failure?.code == .gateFailed)
  }
}
