import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// Records that are at an `http` destination already, or that somebody else has changed there.
@Suite struct HTTPConflictTests {
  struct Conflict: Sendable, CustomTestStringConvertible {
    var then: ConflictDocument.Then
    var outcome: String
    var name: String
    var testDescription: String { then.rawValue }
  }

  @Test(arguments: [
    Conflict(then: .update, outcome: "updated", name: "Ann 0"), Conflict(then: .adopt, outcome: "unchanged", name: "Other"),
    Conflict(then: .reject, outcome: "failed", name: "Other"), Conflict(then: .reread, outcome: "updated", name: "Ann 0"),
  ])
  func `a record that is there already becomes what the pipeline says`(conflict: Conflict) async throws {
    let api = FakeAPI()
    api.state.withLock {
      $0.rows.append(.init(id: "r9", record: .object([.init("id", .string("k0")), .init("name", .string("Other"))])))
    }
    let bench = try HTTPBench(api) {
      ($0.conflict.then, $0.conflict.isStated) = (conflict.then, true)
    }
    // Somebody else creates it between the lookup and the create.
    let hidden = Locked(true)
    api.setScript { request in
      if request.isWrite { hidden.withLock { $0 = false } }
      return !request.isWrite && hidden.withLock { $0 } ? .respond(200, #"{"items":[]}"#) : nil
    }
    for run in 0..<3 {
      let result = try await bench.load(HTTPBench.people(0..<1))
      #expect(result.words == [run == 0 || conflict.outcome == "failed" ? conflict.outcome : "unchanged"])
      #expect(api.content["k0"]?.map { $0["name"] } == [.string(conflict.name)])
      if conflict.outcome == "failed" { #expect(result.codes == ["already-exists"]) }
    }
  }

  @Test(arguments: [ConflictDocument.Then.update, .adopt, .reject, .reread], [false, true])
  func `a first load treats existing records as the pipeline says`(then: ConflictDocument.Then, lists: Bool) async throws {
    let api = FakeAPI()
    let records = ["Other", "Ann 1"].enumerated().map { index, name in
      FakeAPI.Row(
        id: "x\(index)",
        record: .object([.init("id", .string("k\(index)")), .init("name", .string(name)), .init("age", .number(index))]))
    }
    api.state.withLock { $0.rows = records }
    let bench = try HTTPBench(api) {
      ($0.conflict.then, $0.conflict.isStated) = (then, true)
      if lists {
        $0.list = ListDocument(try HTTPBench.request("GET /people?page={page}"), items: ResponsePath("items"), paging: .number)
      }
    }
    let overwrites = then == .update || then == .reread
    let expected = [overwrites ? "updated" : then == .adopt ? "unchanged" : "failed", "unchanged", "created"]
    let first = try await bench.load(HTTPBench.people(0..<3))
    #expect(first.words == expected)
    #expect(first.codes == (then == .reject ? ["already-exists"] : []))
    #expect(api.content["k0"]?.first?["name"] == .string(overwrites ? "Ann 0" : "Other"))
    // A kept record counts as ours from then on; a rejected one does not.
    #expect(
      try await bench.load(HTTPBench.people(0..<3)).words == [then == .reject ? "failed" : "unchanged", "unchanged", "unchanged"])
    let changed = try await bench.load(HTTPBench.people(0..<3, name: "Eva"))
    #expect(changed.words == [then == .reject ? "failed" : "updated", "updated", "updated"])
  }

  @Test func `a record that one lookup did not find is looked up again before it is created`() async throws {
    let api = FakeAPI(.init(hasUniqueKeys: false, hasIdempotencyKeys: false))
    let bench = try HTTPBench(api, hasIdempotencyKeys: false) { $0.updateStyle = .readMergePut }
    try await bench.load(HTTPBench.people(0..<1))
    api.setScript { $0.isWrite ? nil : .respond(200, #"{"items":[]}"#) }
    let missed = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(missed.words == ["failed"] && missed.codes == ["gone"])
    api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<1, name: "Eva")).words == ["updated"])
    #expect(api.content["k0"]?.count == 1)
  }

  @Test func `a conflict with a record of another key is not ours`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api)
    api.setScript { $0.isWrite ? .respond(409, #"{"detail":"the e-mail exists","existingId":"r77"}"#) : nil }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == ["failed"])
    #expect(result.codes == ["conflict-not-ours"])
    #expect(api.writes.count == 1)
  }

  struct ConflictLookup: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The responses to the lookups after the conflict, but for the last one, which works.
    var faults: [FakeAPI.Fault]
    var outcome = "updated"
    var failure: OperationFailure.Code?
  }

  @Test(arguments: [
    ConflictLookup(testDescription: "503 and a lost connection", faults: [.respond(503), .lostBefore]),
    ConflictLookup(testDescription: "401, and a new token", faults: [.respond(401)]),
    ConflictLookup(testDescription: "403", faults: [.respond(403)], outcome: "pending", failure: .notAuthorised),
    ConflictLookup(
      testDescription: "401, and again with a new token", faults: [.respond(401), .respond(401)], outcome: "pending",
      failure: .notAuthorised),
  ])
  func `the lookup after a conflict is as patient as others`(test: ConflictLookup) async throws {
    let folder = TemporaryFolder()
    try folder.write("token", "first-token-of-the-api")
    let api = FakeAPI()
    api.state.withLock {
      $0.rows.append(.init(id: "r9", record: .object([.init("id", .string("k0")), .init("name", .string("Other"))])))
    }
    var bench = try HTTPBench(api)
    bench.document.authorization = .bearer(.file("\(folder.path)/token"))
    // Somebody else creates it between the lookup and the create.
    let faults = Locked<[FakeAPI.Fault]?>(nil)
    api.setScript { request in
      faults.withLock { faults in
        if request.isWrite {
          faults = faults ?? test.faults
          return nil
        }
        guard let next = faults?.first else { return faults == nil ? .respond(200, #"{"items":[]}"#) : nil }
        faults?.removeFirst()
        if next == .respond(401) { try? folder.write("token", "token-of-the-api-after-\(request.number)") }
        return next
      }
    }
    let result = try await bench.load(HTTPBench.people(0..<1))
    #expect(result.words == [test.outcome])
    #expect(result.failure?.code == test.failure)
    #expect(api.content["k0"]?.map { $0["name"] } == [.string(test.failure == nil ? "Ann 0" : "Other")])
    guard test.failure != nil else { return }
    // Nothing of it stays open: the record is sent once its destination can be read.
    #expect(result.codes == ["not-sent"])
    api.setScript { _ in nil }
    #expect(try await bench.load(HTTPBench.people(0..<1), run: "run2").words == ["updated"])
  }

  @Test func `an update with an old tag reads the new one`() async throws {
    let api = FakeAPI()
    let bench = try HTTPBench(api) {
      $0.update = try HTTPBench.request("PUT /people/{remote_id}", ["If-Match": "{etag}"])
      // A list has the tags in its records.
      $0.entityTag = .headerOrBody("etag", try #require(ResponsePath("etag")))
    }
    try await bench.load(HTTPBench.people(0..<1))
    api.state.withLock { $0.rows[0].version = 7 }
    let result = try await bench.load(HTTPBench.people(0..<1, name: "Eva"))
    #expect(result.words == ["updated"])
    #expect(api.content["k0"]?.first?["name"] == .string("Eva 0"))
    // Somebody has changed it.
    #expect(result.codes == ["overwritten"])
    // Only its tag has changed.
    api.state.withLock {
      $0.rows[0].version = 70
      $0.rows[0].record = .object([.init("id", .string("k0")), .init("name", .string("Ina 0")), .init("age", .number(0))])
    }
    let same = try await bench.load(HTTPBench.people(0..<1, name: "Ina"))
    #expect(same.words == ["updated"] && same.codes.isEmpty)
  }
}
