import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Sandbox

/// The two pipelines in `mappings/` that load into GHL, as they are.
@Suite struct ShippedGHLPipelinesTests {
  private struct Bench: Sendable {
    let state = TemporaryFolder()
    let address: SandboxAddress
    let sandbox: Sandbox
    let file: String

    var environment: [String: String] {
      let (source, target) = (address.locations[0], address.locations[address.locations.count - 1])
      return [
        "GHL_BASE_URL": address.baseURL, "GHL_SOURCE_LOCATION": source.id, "GHL_SOURCE_TOKEN": source.token,
        "GHL_TARGET_LOCATION": target.id, "GHL_TARGET_TOKEN": target.token,
      ]
    }

    /// Runs the pipeline, expects it to end well, and returns the outcomes, such as `contacts created 4`.
    func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> (RunEngine.Report, outcomes: [String]) {
      let path = "\(ShippedMappingsTests.folder)/\(file)"
      let (document, diagnostics) = PipelineDocument.load(path: path, environment: environment)
      #expect(diagnostics.all.filter { $0.severity != .note }.map { diagnostics.text(of: $0) } == [])
      var options = RunEngine.Options(
        source: SourceOptions(state: StateFolder(path: state.path + "/state"), environment: environment))
      change(&options)
      let report = await RunEngine(try #require(document), options: options).run()
      #expect(report.exitCode == .done, "\(report.summary.messages) \(report.diagnostics.all.map(\.message))")
      let counts = report.summary.entities.map { entity in
        let forecast = report.summary.forecast.first { $0.part.mapping == Name(entity.name) }
        return (entity.name, forecast?.counts ?? entity.destinations[0].counts)
      }
      let outcomes = counts.flatMap { name, counts in
        Outcome.allCases.filter { counts[$0] > 0 }.map { "\(name) \($0.rawValue) \(counts[$0])" }
      }
      return (report, outcomes)
    }
  }

  private static func bench(
    _ file: String, contacts: Int = 0, locations: Int = 1, _ body: @escaping @Sendable (Bench) async throws -> Void
  ) async throws {
    var options = SandboxOptions(contacts: contacts, businesses: 2, limitScale: 1_000)
    options.locations = locations
    try await SandboxServer.withServer(options) { address, sandbox in
      try await body(Bench(address: address, sandbox: sandbox.sandboxes[0], file: file))
    }
  }

  private static let unchanged = [
    "contacts unchanged 4", "tags unchanged 3", "tags filtered 1", "tasks unchanged 3", "notes unchanged 3",
  ]

  @Test func `people of CSV files become contacts, and a second run changes nothing`() async throws {
    try await Self.bench("csv-to-ghl.yaml") { bench in
      let first = try await bench.run().outcomes
      #expect(first == ["contacts created 4", "tags updated 3", "tags filtered 1", "tasks created 3", "notes created 3"])
      #expect(try await bench.run().outcomes == Self.unchanged)
    }
  }

  @Test func `their dry run can be applied`() async throws {
    try await Self.bench("csv-to-ghl.yaml") { bench in
      let (report, predicted) = try await bench.run { $0.isDryRun = true }
      let applied = try await bench.run { $0.apply = report.summary.run }.outcomes
      #expect(applied == predicted && applied.contains("tags updated 3"))
      #expect(try await bench.run().outcomes == Self.unchanged)
    }
  }

  @Test func `what a contact loses at the source, its copy loses too`() async throws {
    try await Self.bench("ghl-to-ghl.yaml", contacts: 12, locations: 2) { bench in
      _ = try await bench.run()
      let data = bench.sandbox.data
      let linked = (0..<12).map { data.contact(at: $0) }.first {
        $0.businessID != nil && $0.assignedTo != nil && $0.source != nil
      }
      let (id, source) = (try #require(linked).id, bench.address.locations[0])
      func write(_ method: String, _ path: String, _ body: String) {
        let answer = bench.sandbox.respond(
          to: SandboxRequest(
            method, path, authorization: "Bearer \(source.token)", version: "2021-07-28", body: Array(body.utf8)))
        #expect(answer.status < 300, "\(String(decoding: answer.body, as: UTF8.self))")
      }
      write("PUT", "/contacts/\(id)", #"{"source":null,"assignedTo":null,"city":null}"#)
      write("POST", "/contacts/bulk/business", #"{"locationId":"\#(source.id)","ids":["\#(id)"],"businessId":null}"#)
      let outcomes = try await bench.run().outcomes
      #expect(outcomes.contains("contacts updated 1") && outcomes.contains("links updated 1"), "\(outcomes)")
      let again = try await bench.run().outcomes
      #expect(again.allSatisfy { $0.contains(" unchanged ") }, "\(again)")
    }
  }
}
