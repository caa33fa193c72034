import Core
import HTTP
import Load
import TestSupport
import Testing

/// Records that a destination or a source does not distinguish.
@Suite struct SharedIdentityTests {
  /// A destination that identifies people by something other than their key: all of them become its first record.
  private func sharing(_ api: FakeAPI, keepsKey: Bool) -> FakeAPI {
    api.setEdit { request, answer in
      guard request.isWrite, answer.status < 300 else { return answer }
      var answer = answer
      // `remoteId` in a response to one record, `id` in the results of a batch.
      answer.body = Array(
        String(decoding: answer.body, as: UTF8.self).replacing(#/"(remoteId)":"r[0-9]+"/#) { "\"\($0.1)\":\"r1\"" }
          .replacing(#/"id":"r[0-9]+"/#) { _ in "\"id\":\"r1\"" }.utf8)
      return answer
    }
    guard keepsKey else { return api }
    api.setScript { request in
      guard !request.isWrite, request.target.hasPrefix("/people?id=") else { return nil }
      let key = String(request.target.dropFirst("/people?id=".count))
      let isThere = api.writes.contains { write in
        (write.body?["items"]?.arrayValue ?? [write.body ?? .null]).contains { FakeAPI.key(of: $0) == key }
      }
      return .respond(200, isThere ? #"{"items":[{"id":"\#(key)","remoteId":"r1"}]}"# : #"{"items":[]}"#)
    }
    return api
  }

  @Test(arguments: [false, true], [false, true])
  func `an ID that another record has is not trusted`(isBatch: Bool, canFind: Bool) async throws {
    let api = sharing(FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false)), keepsKey: true)
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      if !canFind { $0.find = nil }
      if isBatch { $0.batch = try HTTPBench.batch(size: 10) }
    }
    let result = try await bench.load(HTTPBench.people(0..<3), isFirstLoad: true)
    #expect(result.words.sorted() == ["created", "failed", "failed"])
    #expect(result.codes == ["remote-id-shared", "remote-id-shared"])
    #expect(result.sink.problems.values.joined().allSatisfy { $0.detail == "the ID is 'r1'" && $0.severity == .error })
    let known = try bench.ids(of: 0..<3)
    #expect(known.compactMap { $0 } == ["r1"])
    // No request uses an ID that is in doubt.
    let writes = api.writes.count
    let next = try await bench.load(HTTPBench.people(0..<3, name: "Eva"), isFirstLoad: true)
    #expect(next.words.count { $0 == "updated" } == 1)
    #expect(api.writes.dropFirst(writes).filter { $0.method == "PUT" }.count == 1)
  }

  @Test(arguments: [false, true])
  func `an ID that the journal has for another record is not trusted`(isBatch: Bool) async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) {
      $0.find = nil
      if isBatch { $0.batch = try HTTPBench.batch(size: 10) }
    }
    try await bench.load(HTTPBench.people(0..<1), isFirstLoad: true)
    _ = sharing(api, keepsKey: false)
    let result = try await bench.load(HTTPBench.people(5..<6), isFirstLoad: true)
    #expect(result.words == ["failed"] && result.codes == ["remote-id-shared"])
    #expect(try bench.ids(of: [0, 5]) == ["r1", nil])
  }

  @Test func `a record with its own ID is accepted as a lookup shows it`() async throws {
    // The response is wrong, but the lookup is right.
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false)
    try await bench.load(HTTPBench.people(0..<1))
    _ = sharing(api, keepsKey: false)
    let result = try await bench.load(HTTPBench.people(0..<3))
    #expect(result.words == ["unchanged", "created", "created"])
    #expect(Set(try bench.ids(of: 0..<3)) == ["r1", "r2", "r3"])
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
    _ = sharing(api, keepsKey: false)
    let result = try await bench.load(people(["a", "b", "c"]), isFirstLoad: true)
    #expect(result.words == Array(repeating: isBelowParent ? "created" : "failed", count: 3))
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

extension HTTPBench {
  /// The IDs in the journal of `k0`, `k1`, …
  fileprivate func ids(of numbers: some Sequence<Int>) throws -> [String?] {
    let scopes = try stores.journal.scopes().map(\.scope)
    return try numbers.map { number in
      try scopes.compactMap { try stores.journal.accepted(Name("k\(number)"), in: $0) }.first?.remoteID?.text
    }
  }
}
