import Core
import Extract
import Foundation
import GHL
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs on snapshots that were made for less than the mappings read today.
@Suite struct SnapshotFitTests {
  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: id}
    fields:
      id: id
    """
  static let pipeline = """
    pipeline: test
    source:
      ghl: {location: LOCATION, auth: {token: {env: TOKEN}}, base_url: "URL"}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
    """

  @Test func `a field that nothing fetched ends the run, and no column is null`() async throws {
    let sandbox = SandboxOptions(contacts: 20, businesses: 2, seed: 3, limitScale: 1000)
    try await SandboxServer.withServer(sandbox) { address, _ in
      let pipeline = Self.pipeline.replacing("LOCATION", with: address.location).replacing("URL", with: address.baseURL)
      let project = try Project(pipeline: pipeline, mapping: Self.mapping)
      func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
        try await project.run {
          $0.source.environment = ["TOKEN": address.token]
          change(&$0)
        }
      }
      let first = try await run()
      #expect(first.summary.messages == [])
      let id = try #require(first.summary.snapshot)
      let snapshot = try SnapshotReader(root: "\(project.folder.path)/.waybill/snapshots").snapshot(
        id, location: address.location)
      #expect(snapshot.manifest.calls == ["businesses", "list", "location", "outside"])
      #expect(snapshot.manifest.businesses == nil)
      #expect(try await run { $0.source.snapshot = "latest" }.exitCode == .done)

      try project.folder.write("contacts.yaml", Self.mapping + "\n  visitor: phone\n")
      let detail = try await run { $0.source.snapshot = id }
      #expect(detail.exitCode == .inputMissing)
      #expect(
        detail.summary.messages == [
          "snapshot \(id) has no contact details, which contact.phone needs: run without --snapshot"
        ])

      // Narrowed ones are neither counted in nor taken as the latest.
      try project.folder.write("contacts.yaml", Self.mapping)
      var narrow = SourceOptions(
        state: StateFolder(path: "\(project.folder.path)/.waybill"), environment: ["TOKEN": address.token])
      narrow.businesses = [try #require(try Self.business(snapshot))]
      let extracted = await ExtractEngine(try project.document(), options: narrow).run()
      #expect(extracted.failure == nil)
      let part = try #require(extracted.snapshot)
      #expect(part.manifest.businesses == narrow.businesses)
      // Ids of one second have no order: it is made the newest.
      let snapshots = "\(project.folder.path)/.waybill/snapshots"
      try FileManager.default.moveItem(atPath: "\(snapshots)/\(part.id)", toPath: "\(snapshots)/newest")
      #expect(try await run { $0.source.snapshot = "latest" }.summary.snapshot == id)
      #expect(try await run { $0.source.snapshot = "newest" }.summary.snapshot == part.id)
    }
  }

  @Test func `a missing fallback token does not stop a run`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 5, businesses: 1, seed: 3, limitScale: 1000)) { address, _ in
      let pipeline = Self.pipeline.replacing("LOCATION", with: address.location).replacing("URL", with: address.baseURL)
        .replacing("{env: TOKEN}}", with: "{env: TOKEN}, fallback: {env: NEXT_TOKEN}}")
      let project = try Project(pipeline: pipeline, mapping: Self.mapping)
      let report = try await project.run { $0.source.environment = ["TOKEN": address.token] }
      #expect(report.summary.messages == [])
      #expect(report.exitCode == .done)
    }
  }

  private static func business(_ snapshot: Snapshot) throws -> String? {
    let text = try String(contentsOfFile: "\(snapshot.folder)/business.ndjson", encoding: .utf8)
    return try text.split(separator: "\n").first.flatMap { try JSONReader.read(String($0))["id"]?.stringValue }
  }

  @Test func `an older manifest passes, and one without custom fields does not where they are read`() throws {
    var manifest = try #require(
      SnapshotManifest(
        .object([
          .init("version", .number(1)), .init("id", .string("s")), .init("location", .object([.init("id", .string("l"))])),
          .init("started", .string("2026-01-01T00:00:00Z")), .init("complete", .bool(true)),
        ])))
    let custom = [EntityNeed(entity: "contact", fields: ["custom"])]
    let notes = [EntityNeed(entity: "note", fields: ["body"])]
    try SnapshotFit.check(Snapshot(folder: "", manifest: manifest), custom + notes)
    manifest.calls = ["list", "detail"]
    #expect(throws: OperationFailure.self) { try SnapshotFit.check(Snapshot(folder: "", manifest: manifest), custom) }
    #expect(throws: OperationFailure.self) { try SnapshotFit.check(Snapshot(folder: "", manifest: manifest), notes) }
    manifest.customFields = 0
    try SnapshotFit.check(Snapshot(folder: "", manifest: manifest), custom)
  }
}
