import Control
import Core
import Extract
import Foundation
import GHL
import Report
import Sandbox
import TestSupport
import Testing

@testable import Pipeline

/// Runs of a source that refuses some of what it has, or whose quota ends.
@Suite(.serialized) struct RefusalRunTests {
  static let mapping = """
    mapping: 1
    name: NAME
    source: {entity: contact, key: id}
    target: {entity: contact, key: id}
    fields:
      id: id
      phone: phone
    """

  static let pipeline = """
    pipeline: test
    source:
      ghl: {location: LOCATION, auth: {token: {env: TOKEN}}, base_url: "URL"BUDGET}
    mappings: [contacts.yaml, copies.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
    GATES
    """

  private func run(
    _ options: SandboxOptions, gates: String = "", budget: String = "",
    _ change: @escaping @Sendable (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> (report: RunEngine.Report, project: Project, statistics: SandboxStatistics) {
    try await SandboxServer.withServer(options) { address, sandbox in
      let pipeline = Self.pipeline.replacing("LOCATION", with: address.location).replacing("URL", with: address.baseURL)
        .replacing("BUDGET", with: budget).replacing("GATES", with: gates)
      let project = try Project(pipeline: pipeline, mapping: Self.mapping.replacing("NAME", with: "contacts"))
      try project.folder.write("copies.yaml", Self.mapping.replacing("NAME", with: "copies"))
      let report = try await project.run {
        $0.source.environment = ["TOKEN": address.token]
        change(&$0)
      }
      return (report, project, sandbox.statistics)
    }
  }

  private static func sandbox(_ faults: [String] = []) throws -> SandboxOptions {
    SandboxOptions(contacts: 60, businesses: 2, seed: 5, limitScale: 1000, faults: try FaultPlan(faults))
  }

  /// Gates, lenient, exit code, whether the files appear.
  static let cases: [(String, Bool, ExitCode, Bool)] = [
    ("gates: {coverage: {min_percent: 100}}", false, .gateFailed, false),
    ("gates: {coverage: {min_percent: 50}}", false, .done, true), ("gates: {read: {min: 1}}", false, .recordsFailed, true),
    ("", false, .recordsFailed, true), ("", true, .done, true),
  ]

  @Test(arguments: cases) func `contacts that cannot be read decide the exit code`(
    _ item: (gates: String, isLenient: Bool, code: ExitCode, appears: Bool)
  ) async throws {
    let isLenient = item.isLenient
    let (report, project, _) = try await run(try Self.sandbox(["refuse-contacts=0.2"]), gates: item.gates) {
      $0.isLenient = isLenient
    }
    #expect(report.exitCode == item.code, "\(report.summary.messages)")
    try Agreement.check(report, in: project)
    #expect(project.folder.names(in: "out") == (item.appears ? ["contacts.csv", "copies.csv"] : []))
    let ledger = try #require(project.file("ledger.ndjson", of: report))
    let refused = ledger.split(separator: "\n").count { $0.contains("source-refused") }
    #expect(refused > 0)
    // Both mappings read the same contacts.
    let entities = report.summary.entities
    #expect(entities.map(\.name) == ["contacts", "copies"] && entities[0].read == entities[1].read)
    for gate in report.summary.gates where gate.gate == "coverage" { #expect(try #require(gate.actual) < 100) }
  }

  @Test func `a source with the reported number of records passes the gate`() async throws {
    let (report, _, _) = try await run(try Self.sandbox(), gates: "gates: {coverage: {min_percent: 100}}")
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(report.summary.gates.filter { $0.gate == "coverage" }.map(\.actual) == [100, 100])
  }

  @Test func `a day's quota that ends asks to try again later`() async throws {
    var options = try Self.sandbox()
    options.dailyLimit = 30
    let (report, project, statistics) = try await run(options)
    #expect(report.exitCode == .tryLater)
    #expect(report.summary.status == .interrupted)
    #expect(report.summary.requests.remaining == 0)
    #expect(statistics.requests <= 31)
    try Agreement.check(report, in: project)
    #expect(project.folder.names(in: "out") == [])
    #expect(report.summary.messages.first?.contains("quota") == true)
  }

  @Test func `the share of the day that may be used is kept`() async throws {
    var options = try Self.sandbox()
    options.dailyLimit = 80
    let (report, _, statistics) = try await run(options, budget: ", budget: {daily_percent: 50}")
    #expect(report.exitCode == .tryLater)
    #expect(statistics.requests <= 40)
    #expect(statistics.tooManyRequests == 0)
  }

  @Test func `a request budget is kept`() async throws {
    let (report, project, statistics) = try await run(try Self.sandbox()) { $0.source.requestBudget = 25 }
    #expect(report.exitCode == .tryLater)
    #expect(statistics.requests <= 25)
    #expect(report.summary.requests.made <= 25)
    #expect(project.folder.names(in: "out") == [])
    #expect(report.summary.messages.first?.contains("--budget") == true)
  }

  @Test(arguments: [true, false]) func `a token that may not read the location is enough where nothing needs it`(
    needsZone: Bool
  ) async throws {
    let sandbox = try Self.sandbox(["scope-missing=locations.readonly"])
    try await SandboxServer.withServer(sandbox) { address, _ in
      let pipeline = Self.pipeline.replacing("LOCATION", with: address.location).replacing("URL", with: address.baseURL)
        .replacing("BUDGET", with: "").replacing("GATES", with: "").replacing(", copies.yaml", with: "")
      let zone = needsZone ? "\n  added: {from: dateAdded, do: [datetime]}\nsettings: {timezone: location}" : ""
      let project = try Project(pipeline: pipeline, mapping: Self.mapping.replacing("NAME", with: "contacts") + zone)
      let report = try await project.run { $0.source.environment = ["TOKEN": address.token] }
      #expect(report.exitCode == (needsZone ? .notAuthorised : .done), "\(report.summary.messages)")
      if needsZone {
        let message = try #require(report.summary.messages.first)
        #expect(message.contains("locations.readonly") && message.contains("contacts.settings.timezone"))
      }
    }
  }

  @Test(arguments: [("followers", true), ("tags", false)])
  func `a list-only field is reported at compile time`(_ field: String, _ isTold: Bool) throws {
    let pipeline = Self.pipeline.replacing("LOCATION", with: "loc").replacing("URL", with: "http://127.0.0.1:1")
      .replacing("BUDGET", with: "").replacing("GATES", with: "")
    let project = try Project(pipeline: pipeline, mapping: Self.mapping.replacing("NAME", with: "contacts"))
    try project.folder.write(
      "copies.yaml", Self.mapping.replacing("NAME", with: "copies").replacing("phone: phone", with: "f: \(field)"))
    let compilation = PipelineCompilation.compile(try project.document())
    let told = compilation.diagnostics.all.filter { $0.code == .listOnlyField }
    #expect(told.count == (isTold ? 1 : 0))
    #expect(
      told.allSatisfy { $0.severity == .warning && $0.message.contains("followers") && $0.message.contains("contact.phone") })
  }
}
