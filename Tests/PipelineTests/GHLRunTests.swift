import Control
import Core
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs that load into GHL locations: what the engine shares between source and destinations, checks before it reads anything, and
/// reports at the end.
@Suite struct GHLRunTests {
  private static let file = """
    pipeline: crm
    source: {csv: {person: people.csv}}
    mappings: [contacts.yaml]
    destinations:
      crm:
        ghl:
          location: TARGET
          base_url: URL
          auth: {token: {env: TARGET_TOKEN}, fallback: {env: NEXT_TOKEN}}
          mappings: {contacts: {to: contacts}}

    """

  private static let copy = file.replacing(
    "{csv: {person: people.csv}}",
    with: "{ghl: {location: SOURCE, base_url: URL, auth: {token: {env: SOURCE_TOKEN}}, without_business: include}}")

  /// - Parameter more: a further field.
  private static func mapping(_ entity: String, _ more: String = "") -> String {
    """
    mapping: 1
    name: contacts
    source: {entity: \(entity), key: id}
    target: {entity: contacts, key: key}
    fields:
      key: id
      lastName: id
      email: {from: [id, id], do: [{join: "@"}, lower]}
      \(more)

    """
  }

  private struct Bench: Sendable {
    let project: Project
    let sandboxes: [Sandbox]
    let environment: [String: String]

    func run(_ change: @Sendable (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
      try await project.run {
        $0.source.environment = environment
        change(&$0)
      }
    }

    /// The requests to all locations, or to one.
    func requests(_ location: Int? = nil) -> Int {
      sandboxes.indices.filter { location == nil || location == $0 }.map { sandboxes[$0].statistics.requests }.reduce(0, +)
    }

    /// How many contacts a location has received.
    func created(_ location: Int) -> Int { sandboxes[location].statistics.byRoute["POST /contacts/"] ?? 0 }
  }

  /// - Parameters:
  ///   - target: the number of the location to write to.
  ///   - entity: what the mapping reads.
  ///   - fields: what it writes in addition.
  private static func bench(
    _ pipeline: String = file, contacts: Int = 0, locations: Int = 1, target: Int = 0, people: Int = 12,
    entity: String = "person", fields: String = "",
    faults: [String] = [], dailyLimit: Int? = nil, _ body: @escaping @Sendable (Bench) async throws -> Void
  ) async throws {
    var options = SandboxOptions(
      contacts: contacts, businesses: 4, limitScale: 1_000, faults: try FaultPlan(faults))
    (options.locations, options.dailyLimit) = (locations, dailyLimit)
    try await SandboxServer.withServer(options) { address, sandbox in
      let text = pipeline.replacing("SOURCE,", with: "\(address.locations[0].id),").replacing(
        "location: TARGET", with: "location: \(address.locations[target].id)"
      ).replacing("URL", with: address.baseURL)
      let project = try Project(pipeline: text, mapping: mapping(entity, fields))
      try project.folder.write("people.csv", "id\n" + (0..<people).map { "p\($0)\n" }.joined())
      let environment = [
        "SOURCE_TOKEN": address.locations[0].token, "TARGET_TOKEN": address.locations[target].token,
        "NEXT_TOKEN": address.fallbackToken ?? "",
      ]
      try await body(Bench(project: project, sandboxes: sandbox.sandboxes, environment: environment))
    }
  }

  @Test func `records of a file become contacts, and a second run writes nothing`() async throws {
    try await Self.bench { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      try Agreement.check(report, in: bench.project)
      #expect(bench.created(0) == 12)
      #expect(report.summary.requests.made == bench.requests())
      let before = bench.requests()
      let again = try await bench.run()
      #expect(again.exitCode == .done, "\(again.summary.messages)")
      #expect(again.summary.entities.first?.destinations.first?.counts[.unchanged] == 12)
      #expect(bench.created(0) == 12)
      #expect(again.summary.requests.made == bench.requests() - before)
    }
  }

  @Test func `one location is copied into another, and only the other is written`() async throws {
    try await Self.bench(Self.copy, contacts: 15, locations: 2, target: 1, entity: "contact") { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(bench.created(0) == 0 && bench.created(1) == 15)
      #expect(bench.requests(0) > 0)
      #expect(report.summary.requests.made == bench.requests())
    }
  }

  @Test func `a budget is that of the run, whatever the number of locations`() async throws {
    try await Self.bench(Self.copy, contacts: 15, locations: 2, target: 1, entity: "contact") { bench in
      _ = try await bench.run { $0.isDryRun = true }
      let (extraction, before) = (bench.requests(0), bench.requests())
      let report = try await bench.run { $0.source.requestBudget = extraction + 8 }
      #expect(report.exitCode == .tryLater && report.pause == .budgetSpent, "\(report.summary.messages)")
      #expect(report.hasSnapshot)
      // A request that was about to be sent when another one found the budget spent is not sent.
      #expect((extraction + 3...extraction + 8).contains(bench.requests() - before))
      #expect(report.summary.requests.made == bench.requests() - before)
    }
  }

  @Test func `source and destination in one location share its requests`() async throws {
    try await Self.bench(Self.copy, entity: "business") { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(bench.created(0) == 4)
      #expect(report.summary.requests.made == bench.requests())
    }
  }

  @Test func `a spent budget is continued without another extraction, and the summary counts both processes`() async throws {
    try await Self.bench(people: 30) { bench in
      let first = try await bench.run { $0.source.requestBudget = 60 }
      #expect(first.exitCode == .tryLater && first.pause == .budgetSpent, "\(first.summary.messages)")
      #expect(first.hasSnapshot && first.canResume)
      #expect(first.summary.requests.made == bench.requests() && bench.requests() <= 60)
      #expect(bench.created(0) > 0 && bench.created(0) < 30)
      let run = first.summary.run
      let second = try await bench.run { $0.resume = run }
      #expect(second.exitCode == .done, "\(second.summary.messages)")
      #expect(second.summary.run == run)
      #expect(bench.created(0) == 30)
      #expect(second.summary.requests.made == bench.requests())
      try Agreement.check(second, in: bench.project)
    }
  }

  @Test func `a spent day is continued on the next one`() async throws {
    try await Self.bench(people: 30, dailyLimit: 20) { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .tryLater && report.pause == .dailyQuotaSpent, "\(report.summary.messages)")
      #expect(report.hasSnapshot && report.canResume && report.summary.retryAfterSeconds == nil)
      #expect(report.summary.requests.remaining == 0)
      #expect(bench.requests() <= 21)
      let destination = try #require(report.summary.entities.first?.destinations.first)
      #expect(destination.counts[.pending] > 0 && destination.counts[.failed] == 0)
    }
  }

  @Test func `a scope that is missing ends the run before anything is read`() async throws {
    try await Self.bench(
      Self.copy, contacts: 15, locations: 2, target: 1, entity: "contact", faults: ["scope-missing=contacts.write"]
    ) { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .notAuthorised)
      #expect(report.summary.messages.contains { $0.contains("contacts.write") }, "\(report.summary.messages)")
      #expect(bench.requests(0) == 0 && bench.created(1) == 0)
      #expect(!report.hasSnapshot)
    }
  }

  @Test func `a scope that is missing ends an applied dry run before anything is looked up or written`() async throws {
    try await Self.bench(faults: ["scope-missing=contacts.write"]) { bench in
      let forecast = try await bench.run { $0.isDryRun = true }
      #expect(forecast.exitCode == .done, "\(forecast.summary.messages)")
      let before = bench.requests()
      let report = try await bench.run { $0.apply = forecast.summary.run }
      #expect(report.exitCode == .notAuthorised)
      #expect(report.summary.messages.contains { $0.contains("contacts.write") }, "\(report.summary.messages)")
      // The probes: one for each scope, and none for the 12 records.
      #expect(bench.requests() - before <= 3 && bench.created(0) == 0)
    }
  }

  @Test(arguments: ["job_title", "job_titel"])
  func `a custom field that the location lacks ends the run before anything is read`(name: String) async throws {
    try await Self.bench(
      Self.copy, contacts: 5, locations: 2, target: 1, entity: "contact", fields: "customFields.\(name): {const: x}"
    ) { bench in
      let report = try await bench.run()
      if name == "job_title" { return #expect(report.exitCode == .done, "\(report.summary.messages)") }
      #expect(report.exitCode == .configuration)
      let message = "has no custom field 'job_titel'; did you mean 'job_title'?"
      #expect(report.summary.messages.contains { $0.contains(message) }, "\(report.summary.messages)")
      #expect(bench.requests(0) == 0 && bench.created(1) == 0)
      #expect(!report.hasSnapshot)
    }
  }

  @Test func `with the token of another location, nothing is read or written`() async throws {
    try await Self.bench(Self.copy, contacts: 15, locations: 2, target: 1, entity: "contact") { bench in
      let report = try await bench.run {
        $0.source.environment["TARGET_TOKEN"] = bench.environment["SOURCE_TOKEN"]
        $0.source.environment["NEXT_TOKEN"] = nil
      }
      #expect(report.exitCode == .configuration)
      let message = "the token does not belong to this location"
      #expect(report.summary.messages.contains { $0.contains(message) }, "\(report.summary.messages)")
      #expect(bench.requests() == 1 && !report.hasSnapshot)
      #expect(bench.created(0) == 0 && bench.created(1) == 0)
    }
  }

  @Test func `a location that is named after the token is refused`() async throws {
    let project = try Project(
      pipeline: Self.file.replacing("TARGET\n", with: "a-token-as-a-location\n").replacing("URL", with: "http://127.0.0.1:1"),
      mapping: Self.mapping("person"))
    try project.folder.write("people.csv", "id\np1\n")
    let report = try await project.run { $0.source.environment = ["TARGET_TOKEN": "a-token-as-a-location"] }
    #expect(report.exitCode == .configuration)
    let message = "the location of a destination contains the token"
    #expect(report.summary.messages.first?.contains(message) == true, "\(report.summary.messages)")
  }

  @Test func `a token that is refused gives way to the fallback, and the log says so`() async throws {
    try await Self.bench(faults: ["rotate-after=8"]) { bench in
      let report = try await bench.run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(report.summary.entities.first?.destinations.first?.counts[.created] == 12)
      let log = try #require(bench.project.file("waybill.log", of: report))
      #expect(log.ranges(of: "'crm' refused the token; continuing with the fallback").count == 1, "\(log)")
    }
  }

  @Test func `a fallback that is missing is reported at the start, and when it is needed`() async throws {
    let missing = "the environment has no NEXT_TOKEN"
    try await Self.bench { bench in
      let report = try await bench.run { $0.source.environment["NEXT_TOKEN"] = nil }
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      let log = try #require(bench.project.file("waybill.log", of: report))
      #expect(log.ranges(of: "there is no fallback token for 'crm': \(missing)").count == 1, "\(log)")
    }
    try await Self.bench(faults: ["rotate-after=8"]) { bench in
      let report = try await bench.run { $0.source.environment["NEXT_TOKEN"] = nil }
      #expect(report.exitCode == .notAuthorised)
      let messages = report.summary.messages
      #expect(messages.contains { $0.contains("check `auth`; the fallback cannot be read: \(missing)") }, "\(messages)")
    }
  }
}
