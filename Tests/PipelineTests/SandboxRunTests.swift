import Control
import Core
import Extract
import Foundation
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// The shipped mappings, end to end, from the sandbox.
@Suite struct SandboxRunTests {
  static let mappings = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("mappings").path

  static func environment(_ address: SandboxAddress, _ folder: TemporaryFolder) -> [String: String] {
    [
      "WAYBILL_SANDBOX_LOCATION": address.location, "WAYBILL_SANDBOX_URL": address.baseURL,
      "WAYBILL_SANDBOX_TOKEN": address.token, "WAYBILL_OUT": "\(folder.path)/out",
    ]
  }

  static func document(_ environment: [String: String]) throws -> PipelineDocument {
    let (document, diagnostics) = PipelineDocument.load(path: "\(mappings)/waybill.yaml", environment: environment)
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    return try #require(document)
  }

  @Test func `300 contacts in 3 businesses each have exactly one outcome`() async throws {
    let folder = TemporaryFolder()
    try await SandboxServer.withServer(SandboxOptions(contacts: 300, businesses: 3, seed: 11, limitScale: 1000)) {
      address, sandbox in
      let environment = Self.environment(address, folder)
      let document = try Self.document(environment)
      let options = SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment)
      let plan = await PlanEngine(document, options: options).run()
      let shard = try #require(plan.plan?.shards.first)
      #expect(plan.plan?.basis == .api)
      #expect(shard.location == address.location)
      #expect(shard.requests > 300)
      #expect(shard.dailyRemaining != nil)

      var run = RunEngine.Options(source: options)
      run.threads = 2
      let report = await RunEngine(document, options: run).run()
      #expect(report.summary.messages == [])
      #expect(report.exitCode == .done)
      #expect(report.summary.unaccounted == 0)
      #expect(report.summary.requests.throttled == 0)
      #expect(report.summary.requests.made > 300)
      #expect(report.summary.entities.map(\.name) == ["contacts", "tasks", "notes", "appointments"])
      let members = (0..<3).map { sandbox.data.members(ofBusiness: $0).count }.reduce(0, +)
      #expect(report.summary.entities[0].read == members)
      #expect(report.summary.outsideBusinesses == 300 - members)
      #expect(report.summary.locations.map(\.id) == [address.location])
      for entity in report.summary.entities {
        #expect(entity.read > 0)
        #expect(entity.destinations.map(\.name) == ["files", "lines"])
        for destination in entity.destinations { #expect(destination.counts.total == entity.read) }
        let lines = folder.read("out/\(entity.name).ndjson")?.split(separator: "\n").count
        #expect(lines == entity.destinations[1].counts[.written])
      }

      let again = await RunEngine(
        document,
        options: {
          var o = run; o.source.snapshot = "latest"; return o
        }()
      ).run()
      #expect(again.exitCode == .done)
      #expect(again.summary.requests.made == 0)
      #expect(again.summary.entities == report.summary.entities)
      let known = await PlanEngine(document, options: options).run(asksSource: false)
      #expect(known.plan?.basis == .snapshot)
      #expect(known.plan?.contacts == members)
    }
  }

  /// What goes wrong, and the exit code.
  @Test(arguments: ["token", "location", "no-token", "business"]) func `a source that refuses ends the run with its code`(
    _ fault: String
  ) async throws {
    let folder = TemporaryFolder()
    try await SandboxServer.withServer(SandboxOptions(contacts: 20, businesses: 1, seed: 3, limitScale: 1000)) { address, _ in
      var environment = Self.environment(address, folder)
      let document: PipelineDocument
      let expected: ExitCode
      switch fault {
      case "token": (environment["WAYBILL_SANDBOX_TOKEN"], expected) = ("pit-wrong", .notAuthorised)
      case "location": (environment["WAYBILL_SANDBOX_LOCATION"], expected) = ("another", .configuration)
      default: expected = .configuration
      }
      document = try Self.document(environment)
      if fault == "no-token" { environment["WAYBILL_SANDBOX_TOKEN"] = nil }
      var options = SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment)
      if fault == "business" { options.businesses = ["no such business"] }
      let report = await RunEngine(document, options: RunEngine.Options(source: options)).run()
      #expect(report.exitCode == expected)
      #expect(report.summary.status == .failed)
      #expect(folder.names(in: "out") == [])
      #expect(report.summary.messages.count == 1)
    }
  }
}
