import Core
import Extract
import Files
import Foundation
import PipelineFile
import Records
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// What a run leaves in its folder for later, and when it is removed.
@Suite struct StagingTests {
  private static func staging(_ project: Project, _ report: RunEngine.Report) -> [String] {
    project.folder.names(in: ".waybill/runs/\(report.summary.run)/staging")
  }

  static func unpacked(_ path: String) throws -> [UInt8] {
    let input = try GzipInput(try FileInput(path: path), path: path)
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
    defer { buffer.deallocate() }
    while let base = buffer.baseAddress {
      let count = try input.read(into: base, count: buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes
  }

  @Test func `staged records are kept, compressed, with the mapping's files`() async throws {
    let project = try Project(
      mapping: Project.mapping.replacing("source: source", with: "source: {from: source, do: [{lookup: {table: t, miss: keep}}]}")
        + "\nlookups:\n  t: {file: lookups/t.csv, key: key, values: [value]}\n")
    try project.folder.write("lookups/t.csv", "key,value\na,b\n")
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    let folder = ".waybill/runs/\(report.summary.run)/staging"
    #expect(
      Self.staging(project, report) == [
        "contacts.form.json", "contacts.items.gz", "contacts.keys.gz", "contacts.ndjson.gz", "definitions", "definitions.json",
      ])
    let records = String(decoding: try Self.unpacked("\(project.folder.path)/\(folder)/contacts.ndjson.gz"), as: UTF8.self)
    #expect(records.split(separator: "\n").count == 3)
    let form = try #require(try StagedForm.read("\(project.folder.path)/\(folder)/contacts.form.json"))
    #expect(form.mapping == "contacts" && form.records == 3 && form.key == [0])
    #expect(form.loadColumns.map(\.name) == ["contactId", "name", "email", "source", "address.city", "tags"])
    #expect(form.loadColumns[2].types == [.string, .null])
    #expect(form.columns.map(\.privacy) == [.show, .mask, .mask, .show, .mask, .show])
    let index = try JSONReader.read(try #require(project.folder.read("\(folder)/definitions.json")))
    #expect(index["mappings"]?["contacts"] == .string("contacts.yaml"))
    for name in ["contacts.yaml", "contact.schema.json", "lookups/t.csv"] {
      #expect(project.folder.read("\(folder)/definitions/\(name)") == project.folder.read(name))
      #expect(project.folder.mode(of: "\(folder)/definitions/\(name)") == 0o600)
    }
    // The pipeline file says where secrets are, so it is not copied.
    #expect(project.folder.read("\(folder)/definitions/waybill.yaml") == nil)
    for name in ["", "/staging", "/staging/definitions", "/files", "/tree"] {
      #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)\(name)") == 0o700, "\(name)")
    }
    let mark = try JSONReader.read(try #require(project.file("run.json", of: report)))
    #expect(mark["version"] == .number(7) && mark["run"] == .string(report.summary.run))
  }

  @Test func `staged records are removed after the next success of the same pipeline`() async throws {
    let project = try Project(input: NarrowedRunTests.input)
    let first = try await project.run()
    let narrowed = try await project.run { $0.source.limit = 1 }
    let dry = try await project.run { $0.isDryRun = true }
    try project.folder.write("waybill.yaml", Project.pipeline.replacing("pipeline: test", with: "pipeline: other"))
    let other = try await project.run()
    try project.folder.write("waybill.yaml", Project.pipeline)
    for report in [first, narrowed, dry, other] { #expect(!Self.staging(project, report).isEmpty) }
    #expect(project.file("files/contacts.csv", of: dry) != nil)
    let last = try await project.run()
    for report in [first, narrowed, dry] {
      #expect(Self.staging(project, report) == [])
      #expect(project.file("files/contacts.csv", of: report) == nil)
      // What reports on the run stays.
      try Agreement.check(report, in: project)
      #expect(project.file("files/contacts.success.csv", of: report) != nil)
    }
    for report in [other, last] { #expect(!Self.staging(project, report).isEmpty) }
  }

  @Test func `a run of some mappings or destinations keeps other staged records`() async throws {
    let pipeline = Project.pipeline.replacing("[contacts.yaml]", with: "[contacts.yaml, names.yaml]")
    let project = try Project(pipeline: pipeline, input: NarrowedRunTests.input)
    try project.folder.write("names.yaml", Project.mapping.replacing("name: contacts", with: "name: names"))
    let whole = try await project.run()
    let mapping = try await project.run { $0.source.mappings = ["names"] }
    let destination = try await project.run { $0.destinations = ["tree"] }
    for report in [whole, mapping, destination] {
      #expect(report.exitCode == .done)
      #expect(!Self.staging(project, report).isEmpty)
    }
    let all = try await project.run {
      $0.source.mappings = ["names", "contacts"]
      $0.destinations = ["files", "tree"]
    }
    for report in [whole, mapping, destination] { #expect(Self.staging(project, report) == []) }
    #expect(!Self.staging(project, all).isEmpty)
  }

  @Test func `the longest names that fit run, and check refuses longer ones`() async throws {
    let (mapping, destination) = (String(repeating: "m", count: 243), String(repeating: "d", count: 255))
    let pipeline = Project.pipeline.replacing("  files:", with: "  \(destination):")
    let project = try Project(
      pipeline: pipeline, mapping: Project.mapping.replacing("name: contacts", with: "name: \(mapping)"),
      input: NarrowedRunTests.input)
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(Self.staging(project, report).contains("\(mapping).items.gz"))
    #expect(project.file("\(destination)/\(mapping).success.csv", of: report) != nil)
    // A letter that is not ASCII takes six bytes in these names.
    for name in [mapping + "m", String(repeating: "\u{E9}", count: 41)] {
      try project.folder.write("contacts.yaml", Project.mapping.replacing("name: contacts", with: "name: \(name)"))
      let compilation = PipelineCompilation.compile(try project.document())
      let errors = compilation.diagnostics.all.filter { $0.severity == .error }
      #expect(errors.map(\.code) == [.badArgument])
      #expect(errors.first?.message.hasSuffix("bytes in the names of a run's files, but only 243 are allowed") == true)
      #expect(try await project.run().exitCode == .wrongFile)
    }
    let (document, diagnostics) = PipelineDocument.read(
      file: "waybill.yaml", text: pipeline.replacing(destination, with: destination + "d"), environment: [:])
    #expect(document == nil)
    #expect(diagnostics.all.first?.message.contains("can have at most 255 bytes") == true)
  }

  @Test func `folders that differ in their Unicode form are copied apart`() async throws {
    let paths = ["\(NamesTests.one)/m.yaml", "\(NamesTests.two)/m.yaml"]
    let project = try Project(
      pipeline: Project.pipeline.replacing("[contacts.yaml]", with: "[\(paths.joined(separator: ", "))]"),
      input: NarrowedRunTests.input)
    for (path, name) in zip(paths, ["a", "b"]) {
      try project.folder.write(path, SnapshotFitTests.mapping.replacing("name: contacts", with: "name: \(name)"))
    }
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    for (path, name) in zip(paths, ["a", "b"]) {
      #expect(project.file("staging/definitions/\(path)", of: report)?.contains("name: \(name)") == true)
    }
  }

  @Test func `folders of destinations are created before anything is read`() async throws {
    let project = try Project()
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/in/contacts.ndjson")
    let report = try await project.run()
    #expect(report.exitCode == .inputMissing)
    for name in ["files", "tree"] {
      #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/\(name)") == 0o700)
    }
  }

  @Test func `an interrupted copy is removed whatever its entity, and other files stay`() async throws {
    let project = try Project()
    let root = "\(project.folder.path)/.waybill/snapshots"
    let source = "\(project.folder.path)/in/contacts.ndjson"
    #expect(throws: (any Error).self) {
      try SnapshotImport(root: root).run([
        .init(entity: "odd thing", path: source, format: .ndjson),
        .init(entity: "contact", path: source + ".missing", format: .ndjson),
      ])
    }
    let id = try #require(project.folder.names(in: ".waybill/snapshots").first)
    let manifest = try #require(project.folder.read(".waybill/snapshots/\(id)/files/manifest.json"))
    let other = "20261101T000000001Z-00aaaa"
    // A copy made by a user, and a snapshot that contains a user's file.
    for name in ["backup/files", "\(other)/files"] {
      try project.folder.write(".waybill/snapshots/\(name)/manifest.json", manifest)
      try project.folder.write(".waybill/snapshots/\(name)/contact.ndjson", "{}")
      try project.folder.write(".waybill/snapshots/\(name)/mine.ndjson", "{}")
    }
    #expect(Set(SnapshotCleaner(root: root).removeUnfinished()) == [id])
    #expect(project.folder.names(in: ".waybill/snapshots") == [other, "backup"])
    #expect(project.folder.names(in: ".waybill/snapshots/backup/files") == ["contact.ndjson", "manifest.json", "mine.ndjson"])
    #expect(project.folder.names(in: ".waybill/snapshots/\(other)/files") == ["mine.ndjson"])
  }

  @Test func `only leftovers of dead runs are removed`() async throws {
    let project = try Project()
    let first = try await project.run()
    let run = ".waybill/runs/\(first.summary.run)"
    let snapshots = ".waybill/snapshots"
    let whole = "\(snapshots)/\(try #require(first.summary.snapshot))/files"
    try project.folder.write("\(run)/.ledger.ndjson.4000000-abc.part", "half")
    try project.folder.write("\(run)/staging/.contacts.ndjson.4000000-abc.part", "half")
    try project.folder.write(".waybill/digest.key.4000000-abc.part", "half")
    try project.folder.write(".waybill/state.sqlite.4000000-abc.part", "")
    try project.folder.write("\(run)/notes.part", "mine")
    // An extraction that died, one that ended normally, one that died before its manifest, and other folders.
    let manifest = try #require(project.folder.read("\(whole)/manifest.json"))
    let unfinished = manifest.replacing("\"complete\": true", with: "\"complete\": false")
    for id in ["20261101T000000000Z-00aaaa", "20261101T000000001Z-00aaaa"] {
      try project.folder.write("\(snapshots)/\(id)/files/manifest.json", unfinished)
      try project.folder.write("\(snapshots)/\(id)/files/contact.ndjson", "{}")
    }
    try project.folder.write("\(snapshots)/20261101T000000001Z-00aaaa/files/mine.txt", "mine")
    try project.folder.write("\(snapshots)/20261101T000000002Z-00aaaa/files/manifest.json.new", "")
    try project.folder.write("\(snapshots)/20261101T000000003Z-00aaaa/files/manifest.json", "damaged")
    try project.folder.write(
      "\(snapshots)/20261101T000000004Z-00aaaa/files/manifest.json",
      unfinished.replacing(
        "\"version\": \(SnapshotManifest.currentVersion)", with: "\"version\": \(SnapshotManifest.currentVersion + 1)"))
    try project.folder.write("\(snapshots)/foreign/x/y.txt", "mine")
    try FileManager.default.createSymbolicLink(
      atPath: "\(project.folder.path)/\(snapshots)/20261101T000000005Z-00aaaa", withDestinationPath: "foreign")
    let second = try await project.run()
    #expect(second.exitCode == .done)
    #expect(project.folder.names(in: run).filter { $0.hasSuffix(".part") } == ["notes.part"])
    #expect(!project.folder.names(in: ".waybill").contains { $0.hasSuffix(".part") })
    let left = project.folder.names(in: snapshots).filter { $0.hasPrefix("20261101") || $0 == "foreign" }
    #expect(left == (1...5).filter { $0 != 2 }.map { "20261101T00000000\($0)Z-00aaaa" } + ["foreign"])
    #expect(project.folder.names(in: "\(snapshots)/20261101T000000001Z-00aaaa/files") == ["mine.txt"])
    #expect(project.folder.read("\(snapshots)/foreign/x/y.txt") == "mine")
    #expect(project.folder.read("\(whole)/manifest.json") == manifest)
  }

  @Test func `an unfinished snapshot that the user named is kept, and refused`() async throws {
    let project = try Project()
    let first = try await project.run()
    let id = try #require(first.summary.snapshot)
    let path = ".waybill/snapshots/\(id)/files/manifest.json"
    try project.folder.write(
      path, try #require(project.folder.read(path)).replacing("\"complete\": true", with: "\"complete\": false"))
    let report = try await project.run { $0.source.snapshot = id }
    #expect(report.summary.messages.first?.contains("is not complete") == true)
  }

  @Test func `a destination cannot have the name of the folder for staged records`() throws {
    let (document, diagnostics) = PipelineDocument.read(
      file: "waybill.yaml", text: Project.pipeline.replacing("  files:", with: "  staging:"), environment: [:])
    #expect(document == nil)
    #expect(diagnostics.all.first?.message.hasPrefix("a destination cannot be named 'staging'") == true)
  }
}
