import Control
import Core
import Extract
import Files
import Foundation
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs that have only some of the records publish nothing, and nothing treats them as complete.
@Suite struct NarrowedRunTests {
  /// Without records that no gate allows.
  static let input = (1...6).map { #"{"id":"c\#($0)","firstName":"Ada","email":"a\#($0)@example.com"}"# }.joined(separator: "\n")

  static func project() throws -> Project { try Project(input: input) }

  @Test func `a limited run leaves the complete files where they are`() async throws {
    let project = try Self.project()
    let whole = try await project.run()
    let published = try #require(project.folder.read("out/contacts.csv"))
    #expect(whole.summary.narrowing == nil && whole.summary.json["narrowed"] == .null)
    let report = try await project.run { $0.source.limit = 2 }
    #expect(report.exitCode == .done && report.summary.status == .done)
    #expect(project.folder.read("out/contacts.csv") == published)
    #expect(report.published == [])
    #expect(report.summary.json["narrowed"]?["limit"] == .number(2))
    for destination in try #require(report.summary.entities.first).destinations {
      #expect(destination.counts[.pending] == 2 && destination.counts[.written] == 0)
    }
    #expect(
      project.file("files/contacts.rejects.csv", of: report)?.contains(
        "c1,pending,1,,,not published: the run was narrowed (at most 2 records)") == true)
    // Its output is there to be inspected.
    #expect(project.file("files/contacts.csv", of: report)?.split(separator: "\n").count == 3)
    #expect(report.kept.map { FilePath.name(of: $0) } == ["contacts.csv", "contacts.json"])
    #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/files/contacts.csv") == 0o600)
    try Agreement.check(whole, in: project)
    try Agreement.check(report, in: project)
  }

  @Test func `a limit narrows the run even if it cuts nothing off`() async throws {
    let project = try Self.project()
    let report = try await project.run { $0.source.limit = 1000 }
    #expect(report.summary.narrowing?.limit == 1000)
    #expect(project.folder.names(in: "out") == [])
  }

  @Test func `a partial result is published on request only`() async throws {
    let project = try Self.project()
    let report = try await project.run {
      $0.source.limit = 2
      $0.publishesPartial = true
    }
    #expect(report.exitCode == .done)
    #expect(project.folder.read("out/contacts.csv")?.split(separator: "\n").count == 3)
    #expect(report.summary.narrowing?.limit == 2)
    #expect(report.summary.entities.first?.destinations.first?.counts[.written] == 2)
    try Agreement.check(report, in: project)
    // It is published, but runs are still not compared with it.
    let next = try await project.run()
    #expect(next.summary.gates.allSatisfy { $0.last == nil })
  }

  @Test func `a run on a narrowed snapshot is narrowed, and that snapshot is never the latest`() async throws {
    let project = try Self.project()
    let whole = try await project.run()
    let narrowed = try await project.run { $0.source.limit = 2 }
    let id = try #require(narrowed.summary.snapshot)
    let again = try await project.run { $0.source.snapshot = id }
    #expect(again.summary.narrowing == Narrowing(limit: 2, snapshot: id))
    #expect(again.published == [] && again.exitCode == .done)
    try Agreement.check(again, in: project)
    let latest = try await project.run { $0.source.snapshot = "latest" }
    #expect(latest.summary.snapshot == whole.summary.snapshot)
    #expect(latest.summary.narrowing == nil && latest.published.count == 2)
    // A pipeline that names the narrowed one.
    try project.folder.write(
      "waybill.yaml", Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{snapshot: \(id)}"))
    let named = try await project.run()
    #expect(named.summary.narrowing?.snapshot == id && named.published == [])
    try project.folder.write(
      "waybill.yaml", Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{snapshot: latest}"))
    let newest = try await project.run()
    #expect(newest.summary.snapshot == whole.summary.snapshot && newest.published.count == 2)
  }

  /// The gates, the input's size, and the expected exit code.
  static let gates: [(String, ExitCode)] = [
    ("{coverage: {min_percent: 100}, read: {min: 1000}, written: {min: 500}}", .done),
    ("{rejected: {max: 0}}", .gateFailed), ("{read: {min: 0}}", .recordsFailed), ("{rejected: {max: 1}}", .done),
  ]

  @Test(arguments: gates.indices)
  func `gates that a narrowed run cannot reach are not enforced, and gates on its own records are`(
    _ index: Int
  ) async throws {
    let (gates, code) = Self.gates[index]
    let isClean = index == 0
    let pipeline = Project.pipeline.replacing("gates:\n  read: {min: 1}\n  rejected: {max: 3}", with: "gates: \(gates)")
    let bad = #"{"id":"c0","firstName":""}"# + "\n"
    let project = try Project(pipeline: pipeline, input: isClean ? Self.input : bad + Self.input)
    let report = try await project.run { $0.source.limit = 3 }
    #expect(report.exitCode == code, "\(report.summary.messages)")
    #expect(report.published == [])
    for gate in report.summary.gates where gate.gate == "coverage" {
      #expect(!gate.isJudged && gate.json["judged"] == .bool(false) && gate.json["passed"] == .null && gate.actual != nil)
    }
    try Agreement.check(report, in: project)
  }

  @Test func `choosing one mapping does not narrow`() async throws {
    let pipeline = Project.pipeline.replacing("[contacts.yaml]", with: "[contacts.yaml, names.yaml]")
    let project = try Project(pipeline: pipeline, input: Self.input)
    try project.folder.write("names.yaml", Project.mapping.replacing("name: contacts", with: "name: names"))
    let report = try await project.run { $0.source.mappings = ["names"] }
    #expect(report.summary.narrowing == nil)
    #expect(project.folder.names(in: "out") == ["names.csv", "names.json"])
    try Agreement.check(report, in: project)
  }

  /// The same name in two Unicode forms is two names: the source selects by bytes.
  @Test func `a business in another Unicode form is another business`() throws {
    let (one, other) = (NamesTests.one, NamesTests.two)
    let pipeline = SnapshotFitTests.pipeline.replacing("base_url: \"URL\"", with: "businesses: [\"\(one)\"]")
    let (found, diagnostics) = PipelineDocument.read(file: "waybill.yaml", text: pipeline, environment: [:])
    let document = try #require(found, "\(diagnostics.all)")
    var options = SourceOptions(state: StateFolder(path: "/nowhere"), environment: [:])
    options.businesses = [one]
    #expect(options.narrowing(of: document) == nil)
    options.businesses = [other]
    #expect(options.narrowing(of: document)?.businesses.map { $0.isExactly([other]) } == true)
    for (name, isWhole) in [(one, true), (other, false)] {
      let json = JSONValue.object([
        .init("version", .number(2)), .init("id", .string("s")), .init("location", .object([.init("id", .string("l"))])),
        .init("started", .string("2026-01-01T00:00:00Z")), .init("complete", .bool(true)),
        .init("businesses", .array([.string(name)])),
      ])
      let manifest = try #require(SnapshotManifest(json))
      #expect(manifest.isWhole(businesses: [one]) == isWhole)
      #expect((manifest.narrowing(forBusinesses: [one]) == nil) == isWhole)
    }
  }

  @Test func `selecting some businesses narrows the run, selecting those that the pipeline names does not`() async throws {
    let sandbox = SandboxOptions(contacts: 40, businesses: 3, seed: 3, limitScale: 1000)
    try await SandboxServer.withServer(sandbox) { address, server in
      let plain = SnapshotFitTests.pipeline.replacing("LOCATION", with: address.location).replacing("URL", with: address.baseURL)
      let (one, other) = (server.data.businessID(at: 0), server.data.businessID(at: 1))
      let project = try Project(pipeline: plain, mapping: SnapshotFitTests.mapping)
      func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
        try await project.run {
          $0.source.environment = ["TOKEN": address.token]
          change(&$0)
        }
      }
      let narrowed = try await run { $0.source.businesses = [one] }
      #expect(narrowed.summary.narrowing == Narrowing(businesses: [one]))
      #expect(narrowed.exitCode == .done && narrowed.published == [])
      try Agreement.check(narrowed, in: project)
      #expect(try await run { $0.source.snapshot = "latest" }.exitCode == .inputMissing)

      // The pipeline's own selection is its whole.
      try project.folder.write(
        "waybill.yaml", plain.replacing("base_url", with: "businesses: [\(one), \(other)], base_url"))
      let chosen = try await run { $0.source.businesses = [other, one] }
      #expect(chosen.summary.narrowing == nil && chosen.published.count == 1)
      #expect(try await run { $0.source.businesses = [one] }.summary.narrowing == Narrowing(businesses: [one]))
      #expect(try await run { $0.source.snapshot = "latest" }.summary.snapshot == chosen.summary.snapshot)

      // A snapshot of all contacts has more than it wants.
      try project.folder.write("waybill.yaml", plain)
      let whole = try await run()
      try project.folder.write("waybill.yaml", plain.replacing("base_url", with: "businesses: [\(one)], base_url"))
      let snapshot = try #require(whole.summary.snapshot)
      let wide = try await run { $0.source.snapshot = snapshot }
      #expect(wide.exitCode == .inputMissing)
      #expect(wide.summary.messages.first?.contains("has the contacts of all businesses") == true)
    }
  }
}
