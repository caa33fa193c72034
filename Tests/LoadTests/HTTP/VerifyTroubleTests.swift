import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// `verify` where something goes wrong: records that cannot be read, a destination that is stopped, a process that is killed.
@Suite struct VerifyTroubleTests {
  private static func bench(
    _ api: FakeAPI, _ then: VerifyDocument.Then = .report, batch: Int? = nil
  ) throws -> HTTPBench {
    try HTTPBench(api) {
      $0.verify = VerifyDocument(share: 10_000, then: then)
      if let batch { $0.batch = try HTTPBench.batch(size: batch, updates: true) }
    }
  }

  private static func edit(_ api: FakeAPI, _ key: String, name: String?) {
    api.state.withLock { state in
      guard let index = state.rows.firstIndex(where: { FakeAPI.key(of: $0.record) == key }) else { return }
      guard let name else { return _ = state.rows.remove(at: index) }
      let members = state.rows[index].record.objectValue ?? []
      state.rows[index].record = .object(members.map { $0.name == "name" ? .init("name", .string(name)) : $0 })
    }
  }

  /// Records `k0` to `k59`; those from `k40` are changed.
  private static let mixed = StagedRecords(
    HTTPBench.people(0..<40).records + HTTPBench.people(40..<60, name: "Eva").records,
    columns: HTTPBench.people(0..<1).columns)

  struct Failure: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var fault: FakeAPI.Fault
    /// No other record is read once one of these has come.
    var isFinal = false
  }

  static let failures = [
    Failure(testDescription: "401", fault: .respond(401), isFinal: true),
    Failure(testDescription: "403", fault: .respond(403, #"{"detail":"read is not granted"}"#), isFinal: true),
    Failure(testDescription: "500", fault: .respond(500)), Failure(testDescription: "unreachable", fault: .unreachable),
    Failure(testDescription: "no response", fault: .lostBefore), Failure(testDescription: "400", fault: .respond(400)),
    Failure(testDescription: "not JSON", fault: .respond(200, "<html>")),
    Failure(testDescription: "no list", fault: .respond(200, "{}")),
    Failure(testDescription: "other records", fault: .respond(200, #"{"items":[{"id":"other"}]}"#)),
    Failure(testDescription: "404 of a list", fault: .respond(404)),
  ]

  @Test(arguments: failures, [VerifyDocument.Then.report, .resend])
  func `records that cannot be read stay unchanged, and what has changed is sent nevertheless`(
    _ failure: Failure, _ then: VerifyDocument.Then
  ) async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, then)
    try await bench.load(HTTPBench.people(0..<60))
    api.setScript { $0.isWrite ? nil : failure.fault }
    let result = try await bench.load(Self.mixed, run: "run2")
    #expect(result.failure == nil)
    #expect(result.words == Array(repeating: "unchanged", count: 40) + Array(repeating: "updated", count: 20))
    #expect(result.verified == VerifyCounts(notRead: 40))
    // Not every record is tried.
    let warned = result.sink.problems.filter { $0.value.contains { $0.code == .notVerified } }
    #expect(1..<40 ~= warned.count && Set(result.codes) == ["not-verified"])
    #expect(warned.values.joined().allSatisfy { $0.severity == .warning && $0.attempt == 0 && !$0.detail.isEmpty })
    api.setScript { _ in nil }
    #expect(try await bench.load(Self.mixed, run: "run3").verified == VerifyCounts(records: 60))
  }

  @Test func `a lookup that fails for one record says nothing about the others, and is tried again`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend)
    try await bench.load(HTTPBench.people(0..<20))
    let failed = Locked(0)
    api.setScript { request in
      if request.target.hasSuffix("=k3") { return .respond(400) }
      guard request.target.hasSuffix("=k7"),
        failed.withLock({ value in
          value += 1
          return value
        }) < 3
      else { return nil }
      return .respond(503)
    }
    let result = try await bench.load(HTTPBench.people(0..<20), run: "run2")
    #expect(result.verified == VerifyCounts(records: 19, notRead: 1) && result.failure == nil)
    #expect(result.sink.problems.mapValues { $0.map(\.code) } == [3: [.notVerified]])
  }

  @Test func `a destination that is stopped is not asked any more`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .resend)
    try await bench.load(HTTPBench.people(0..<60))
    for number in 0..<60 { Self.edit(api, "k\(number)", name: "Other") }
    api.setScript { $0.isWrite ? .respond(403) : nil }
    let result = try await bench.load(Self.mixed, run: "run2")
    #expect(result.failure?.code == .notAuthorised)
    let verified = try #require(result.verified)
    #expect(verified.records + verified.notRead == 40 && verified.resent == 0 && verified.drifted == verified.records)
    // What was found to differ is pending, and nothing of it is lost.
    let pending = result.words.prefix(40).count { $0 == "pending" }
    #expect(pending == verified.drifted && result.words.suffix(20).allSatisfy { $0 == "pending" })
    api.setScript { _ in nil }
    let next = try await bench.load(Self.mixed, run: "run3")
    #expect(next.words == Array(repeating: "updated", count: 60))
    #expect(api.content.values.allSatisfy { $0[0]["name"] != .string("Other") })
  }

  @Test(arguments: KillPoint.allCases, [nil, 4])
  func `a process that is killed leaves nothing that counts as equal`(_ point: KillPoint, _ batch: Int?) async throws {
    for (number, isRemoved) in [1, 2, 3, 4, 6].flatMap({ number in [false, true].map { (number, $0) } }) {
      // Its batches change records only if it recognizes them.
      let api = FakeAPI(.init(hasUniqueKeys: batch != nil))
      var bench = try Self.bench(api, .resend, batch: batch)
      let people = HTTPBench.people(0..<8)
      try await bench.load(people, isFirstLoad: true)
      let before = api.content.mapValues { $0.map(\.text) }
      for key in ["k1", "k4", "k5"] { Self.edit(api, key, name: isRemoved ? nil : "Other") }
      _ = try? await bench.load(people, run: "run2", by: DyingProcess(at: point, of: number))
      let what: Comment = "killed at \(number), removed: \(isRemoved)"
      if number > 3 {
        // Every record that the journal no longer has as it is loaded is sent, without being verified. The others are verified again.
        bench.document.resources[0].verify = nil
        let plain = try await bench.load(people, run: "run3")
        for (key, word) in zip(["k1", "k4", "k5"], [1, 4, 5].map { plain.words[$0] }) where word != "unchanged" {
          #expect(api.content[key]?.map(\.text) == before[key], what)
        }
        bench.document.resources[0].verify = VerifyDocument(share: 10_000, then: .resend)
      }
      let resumed = try await bench.load(people, run: "run2")
      #expect(resumed.failure == nil && Set(resumed.words).isSubset(of: ["unchanged", "updated", "created"]), what)
      #expect(api.content.mapValues { $0.map(\.text) } == before, what)
      let last = try await bench.load(people, run: "run4")
      #expect(last.codes == [] && last.verified == VerifyCounts(records: 8), what)
    }
  }

  @Test func `a kill between the journal and the update leaves a record that the next load sends`() async throws {
    let api = FakeAPI()
    var bench = try Self.bench(api, .resend)
    try await bench.load(HTTPBench.people(0..<1))
    Self.edit(api, "k0", name: "Other")
    // The first intent is the lookup's, and the second one the update's.
    _ = try? await bench.load(HTTPBench.people(0..<1), run: "run2", by: DyingProcess(at: .beforeIntent, of: 2))
    #expect(api.content["k0"]?[0]["name"] == .string("Other"))
    bench.document.resources[0].verify = nil
    #expect(try await bench.load(HTTPBench.people(0..<1), run: "run3").words == ["updated"])
    #expect(api.content["k0"]?[0]["name"] == .string("Ann 0"))
  }
}
