import Core
import HTTP
import Load
import TestSupport
import Testing

/// Records that a destination or a source does not distinguish.
@Suite struct SharedIdentityTests {
  /// A destination that identifies people by something other than their key: all of them become its first record.
  private func sharing(_ api: FakeAPI) {
    api.setEdit { request, answer in
      guard request.isWrite, answer.status < 300 else { return answer }
      var answer = answer
      // `remoteId` in a response to one record, `id` in the results of a batch.
      answer.body = Array(
        String(decoding: answer.body, as: UTF8.self).replacing(#/"(remoteId)":"r[0-9]+"/#) { "\"\($0.1)\":\"r1\"" }
          .replacing(#/"id":"r[0-9]+"/#) { _ in "\"id\":\"r1\"" }.utf8)
      return answer
    }
  }

  @Test(arguments: [false, true], [false, true])
  func `a shared ID is also reported if another process made the call`(isBatch: Bool, isNarrowed: Bool) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false))
    let bench = try HTTPBench(api) { if isBatch { $0.batch = try HTTPBench.batch(size: 10) } }
    try await bench.load(HTTPBench.people(0..<1))
    sharing(api)
    _ = try? await bench.load(HTTPBench.people(1..<2), by: DyingProcess(at: .beforeResponse, of: 1))
    if isNarrowed {
      let narrowed = try await bench.load(HTTPBench.people(0..<1), run: "run2", isNarrowed: true)
      #expect(narrowed.warnings.map { $0.contains("a record of earlier calls") && $0.contains("remote-id-shared") } == [true])
      return
    }
    let result = try await bench.load(HTTPBench.people(0..<2), run: "run2")
    #expect(result.words == ["unchanged", "unchanged"])
    #expect(result.sink.problems[1]?.map(\.code) == [.remoteIDShared])
    #expect(try await bench.load(HTTPBench.people(0..<2), run: "run3").codes == [])
  }

  @Test(arguments: [false, true], [false, true])
  func `the ID of another record causes a warning, and nothing is created again`(isBatch: Bool, isKnown: Bool) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      if isBatch { $0.batch = try HTTPBench.batch(size: 10) }
    }
    // The other record is in the journal, or in the same load.
    if isKnown { try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true) }
    sharing(api)
    let result = try await bench.load(HTTPBench.people(0..<3), isFirstLoad: true)
    #expect(result.words == [isKnown ? "unchanged" : "created", "created", "created"])
    #expect(result.codes == ["remote-id-shared", "remote-id-shared"])
    #expect(result.sink.problems.values.joined().allSatisfy { $0.detail == "the ID is 'r1'" && $0.severity == .warning })
    let writes = api.writes.count
    #expect(try await bench.load(HTTPBench.people(0..<3)).words == ["unchanged", "unchanged", "unchanged"])
    #expect(api.writes.count == writes)
  }

  @Test func `IDs that no request uses are not compared`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false))
    let bench = try HTTPBench(api) { $0.update = nil }
    sharing(api)
    #expect(try await bench.load(HTTPBench.people(0..<3)).codes.isEmpty)
  }

  @Test func `an update may repeat the ID`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    try await bench.load(HTTPBench.people(0..<5))
    let result = try await bench.load(HTTPBench.people(0..<8, name: "Eva"))
    #expect(result.words == Array(repeating: "updated", count: 5) + Array(repeating: "created", count: 3))
    #expect(result.codes.isEmpty)
  }

  @Test(arguments: [false, true]) func `an ID may be unique only within its parent`(isBelowParent: Bool) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let update = isBelowParent ? "PUT /people/{remote_id(people, boss)}/staff/{remote_id}" : "PUT /people/{remote_id}"
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      $0.create = try HTTPBench.request("POST /people?boss={remote_id(people, boss)}")
      $0.update = try HTTPBench.request(update)
    }
    var plain = bench
    plain.document.resources[0].create = try HTTPBench.request("POST /people")
    plain.document.resources[0].update = nil
    try await plain.load(people(["top"]), isFirstLoad: true)
    sharing(api)
    let result = try await bench.load(people(["a", "b", "c"]), isFirstLoad: true)
    #expect(result.words == ["created", "created", "created"])
    #expect(result.codes == (isBelowParent ? [] : ["remote-id-shared", "remote-id-shared", "remote-id-shared"]))
  }

  /// People who work for `top`.
  private func people(_ keys: [String]) -> StagedRecords {
    StagedRecords(
      keys.map { #"{"id":"\#($0)","boss":"top"}"# },
      columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["boss"])])
  }

  // MARK: Keys

  @Test func `a second record with the same key is a warning`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    let people = HTTPBench.people(0..<3)
    let twice = StagedRecords(people.records + [people.records[1].replacing("Ann", with: "Eva")], columns: people.columns)
    for words in [["created", "created", "created", "updated"], ["unchanged", "updated", "unchanged", "updated"]] {
      let result = try await bench.load(twice)
      #expect(result.words == words)
      let problems = result.sink.problems
      #expect(problems.mapValues { $0.map(\.code) } == [3: [.repeatedKey]])
      #expect(problems[3]?.first?.severity == .warning && problems[3]?.first?.record == "r4")
    }
    #expect(api.content["k1"]?.first?["name"] == .string("Eva 1"))
  }
}
