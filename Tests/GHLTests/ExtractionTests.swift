import Control
import Core
import Extract
import Foundation
import Records
import Sandbox
import Testing

@testable import GHL
@testable import HTTP

/// Whole extractions from a sandbox on loopback.
@Suite(.serialized) struct ExtractionTests {
  static let everything: [EntityNeed] = [
    EntityNeed(entity: "contact", fields: ["id", "firstName", "phone", "custom"]), EntityNeed(entity: "note", fields: ["body"]),
    EntityNeed(entity: "task", fields: ["title"]), EntityNeed(entity: "appointment", fields: ["startTime"]),
    EntityNeed(entity: "user", fields: ["email"]),
  ]

  static func plan(
    _ needs: [EntityNeed] = everything, without: FetchPlan.WithoutBusiness = .include, businesses: FetchPlan.Businesses = .all
  ) -> FetchPlan {
    FetchPlan(needs: needs, catalog: GHLCatalog(), withoutBusiness: without, businesses: businesses)
  }

  static func options(_ contacts: Int, _ businesses: Int, _ faults: [String] = []) throws -> SandboxOptions {
    SandboxOptions(contacts: contacts, businesses: businesses, seed: 7, limitScale: 1000, faults: try FaultPlan(faults))
  }

  /// Extracts all of a sandbox.
  static func extract(
    _ options: SandboxOptions, plan: FetchPlan = plan(), folder: TestFolder, limit: Int? = nil, window: Int = 16,
    change: @escaping @Sendable (inout GHLConfiguration) -> Void = { _ in }
  ) async throws -> (result: ExtractResult, data: SyntheticData, statistics: SandboxStatistics) {
    try await SandboxServer.withServer(options) { address, sandbox in
      var configuration = GHLConfiguration(
        baseURL: address.baseURL, location: address.location, token: Secret(address.token),
        retry: RetryPolicy(base: .milliseconds(1), cap: .milliseconds(4)))
      change(&configuration)
      let client = try GHLClient(configuration)
      let extractor = Extractor(client: client, plan: plan, options: .init(snapshots: folder.path, limit: limit, window: window))
      let result = await extractor.run()
      await client.close()
      return (result, sandbox.data, sandbox.statistics)
    }
  }

  static func ids(_ snapshot: Snapshot, _ entity: String) throws -> [String] {
    let text = try String(contentsOfFile: "\(snapshot.folder)/\(entity).ndjson", encoding: .utf8)
    return try text.split(separator: "\n").map { try #require(JSONReader.read(String($0))["id"]?.stringValue) }
  }

  /// In the order of the lists: business by business, then those of none as the search gives them.
  static func members(_ data: SyntheticData) -> [String] {
    (0..<data.businessCount).flatMap { data.members(ofBusiness: $0) }.map { data.contactID(at: $0) }
  }

  @Test(
    "an extraction has every record once, in the list's order, and verifies",
    arguments: [
      [], ["moving=0.3", "5xx=0.05"], ["duplicate-ids", "count-lies"], ["repeated-page=0.3", "repeated-cursor=0.3"],
      ["truncated=0.05", "html=0.05", "disconnect=0.05"],
    ])
  func complete(faults: [String]) async throws {
    let folder = TestFolder()
    let (result, data, statistics) = try await Self.extract(try Self.options(260, 3, faults), folder: folder)
    #expect(result.failure == nil)
    // A count that lies does not end a walk; what it says is missing is told.
    #expect(result.problems.allSatisfy { _ in faults.contains("count-lies") })
    let snapshot = try #require(result.snapshot)
    try snapshot.verify()
    let contacts = try Self.ids(snapshot, "contact")
    let members = Self.members(data)
    #expect(contacts.count == 260)
    #expect(Set(contacts).count == 260)
    #expect(Set(contacts.prefix(members.count)) == Set(members))
    if faults.isEmpty { #expect(Array(contacts.prefix(members.count)) == members) }
    #expect(result.outsideBusinesses == data.membersWithoutBusiness.count)
    #expect(try Self.ids(snapshot, "task").count == (0..<260).reduce(0) { $0 + data.taskCount(of: $1) })
    let coverage = try #require(snapshot.manifest.coverage(of: "contact"))
    #expect(faults.contains("count-lies") ? coverage <= 100 : coverage == 100)
    #expect(statistics.tooManyRequests == 0)
    #expect(try snapshot.customFields()?.isEmpty == false)
    let reader = SnapshotReader(root: folder.path)
    #expect(reader.latestComplete(location: data.locationID)?.id == snapshot.id)
    #expect(try reader.open(snapshot.folder) == snapshot)
  }

  @Test("the files are the same however many contacts are under way")
  func sameFiles() async throws {
    var digests: [[Name: String]] = []
    for window in [1, 7, 64] {
      let folder = TestFolder()
      let (result, data, _) = try await Self.extract(try Self.options(200, 3), folder: folder, window: window)
      #expect(result.failure == nil)
      #expect(!data.membersWithoutBusiness.isEmpty)
      digests.append(try #require(result.manifest).entities.mapValues(\.sha256))
    }
    #expect(digests.allSatisfy { $0 == digests[0] && $0["task"] != nil })
  }

  @Test("records are the API's own bytes")
  func bytes() async throws {
    let folder = TestFolder()
    let (result, _, _) = try await Self.extract(try Self.options(30, 1), plan: Self.plan(without: .ignore), folder: folder)
    let snapshot = try #require(result.snapshot)
    let lines = try String(contentsOfFile: "\(snapshot.folder)/contact.ndjson", encoding: .utf8).split(separator: "\n")
    let sandbox = Sandbox(try Self.options(30, 1))
    for line in lines {
      let id = try #require(JSONReader.read(String(line))["id"]?.stringValue)
      let answer = sandbox.respond(
        to: SandboxRequest(
          "GET", "/contacts/\(id)", authorization: "Bearer \(sandbox.tokens.location)", version: "2021-07-28"))
      #expect(String(decoding: try #require(JSONSlicer.slice(answer.body)["contact"]).raw, as: UTF8.self) == String(line))
    }
    #expect(lines.count == Self.members(sandbox.data).count)
  }

  @Test("only what is read is fetched")
  func planned() async throws {
    let folder = TestFolder()
    let plan = Self.plan([EntityNeed(entity: "contact", fields: ["id", "email"])], without: .count)
    let (result, data, statistics) = try await Self.extract(try Self.options(150, 2), plan: plan, folder: folder)
    #expect(result.failure == nil)
    #expect(result.manifest?.entities["contact"]?.count == Self.members(data).count)
    #expect(result.outsideBusinesses == data.membersWithoutBusiness.count)
    #expect(statistics.byRoute["GET /contacts/{contactId}"] == nil)
    #expect(result.manifest?.entities["note"] == nil)
  }

  @Test("without the scope for all tasks, each contact's are read")
  func tasksByContact() async throws {
    let folder = TestFolder()
    let options = try Self.options(40, 1, ["scope-missing=locations/tasks.readonly"])
    let (result, data, _) = try await Self.extract(
      options, plan: Self.plan([EntityNeed(entity: "task", fields: ["title"])]), folder: folder)
    #expect(result.failure == nil)
    #expect(try Self.ids(try #require(result.snapshot), "task").count == (0..<40).reduce(0) { $0 + data.taskCount(of: $1) })
  }

  @Test(
    "what every request would meet ends the run, and the snapshot is not complete",
    arguments: [
      ("scope-missing=contacts.readonly", ExitCode.notAuthorised), ("unauthorised-after=20", .notAuthorised),
      ("repeated-page=1", .unreachable),
    ])
  func ends(fault: String, code: ExitCode) async throws {
    let folder = TestFolder()
    let (result, data, _) = try await Self.extract(try Self.options(300, 1, [fault]), folder: folder)
    #expect(result.exitCode == code)
    let snapshot = try #require(result.snapshot)
    #expect(!snapshot.manifest.isComplete)
    #expect(SnapshotReader(root: folder.path).latestComplete(location: data.locationID) == nil)
    #expect(try SnapshotReader(root: folder.path).open(snapshot.folder).manifest.isComplete == false)
  }

  @Test("a spent budget keeps what was read and ends with try later")
  func budget() async throws {
    let folder = TestFolder()
    let (result, _, statistics) = try await Self.extract(try Self.options(200, 1), folder: folder) { $0.budget.requests = 50 }
    #expect(result.exitCode == .tryLater)
    #expect(result.quota.made == 50)
    #expect(statistics.requests <= 50)
    try #require(result.snapshot).verify()
  }

  @Test("some businesses, and a few contacts")
  func some() async throws {
    let folder = TestFolder()
    let options = try Self.options(200, 3)
    let id = options.data.businessID(at: 1)
    let (result, data, _) = try await Self.extract(
      options, plan: Self.plan(without: .count, businesses: .some([id])), folder: folder, limit: 5)
    #expect(
      try Self.ids(try #require(result.snapshot), "contact")
        == data.members(ofBusiness: 1).prefix(5).map { data.contactID(at: $0) })
    #expect(result.manifest?.limit == 5)
    let (wrong, _, _) = try await Self.extract(options, plan: Self.plan(businesses: .some(["nobody"])), folder: folder)
    #expect(wrong.failure == .unknownBusiness("nobody", hint: nil))
  }

  @Test("an interrupted extraction leaves whole lines and an incomplete manifest")
  func cancelled() async throws {
    let folder = TestFolder()
    try await SandboxServer.withServer(try Self.options(2_000, 1)) { address, _ in
      let client = try GHLClient(
        GHLConfiguration(baseURL: address.baseURL, location: address.location, token: Secret(address.token)))
      let (advanced, signal) = AsyncStream.makeStream(of: Int.self)
      let extractor = Extractor(
        client: client, plan: Self.plan(), options: .init(snapshots: folder.path, window: 8), observer: Progress(signal: signal))
      let running = Task { await extractor.run() }
      for await done in advanced where done >= 20 { break }
      running.cancel()
      let result = await running.value
      await client.close()
      #expect(result.exitCode == .tryLater)
      let snapshot = try #require(result.snapshot)
      #expect(!snapshot.manifest.isComplete)
      try snapshot.verify()
      let contacts = try Self.ids(snapshot, "contact")
      #expect(contacts.count >= 20 && contacts.count < 2_000)
    }
  }

  struct Progress: RunObserver {
    var signal: AsyncStream<Int>.Continuation
    func receive(_ event: RunEvent) {
      if case .stageAdvanced(_, of: "contact", let done) = event { signal.yield(done) }
    }
  }
}
