import Control
import Core
import Extract
import Files
import Foundation
import PipelineFile
import Records
import Report
import TestSupport
import Testing
import Workbench

@testable import Pipeline

/// Loads of finished target records: runs that read a file instead of the source and change nothing in it.
@Suite struct TargetLoadTests {
  /// Every field type, with rules that only source records can satisfy.
  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: contactId, schema: contact.schema.json}
    where: status == "active"
    vars: {full: {from: [firstName, lastName], do: [{join: " "}]}}
    fields:
      contactId: id
      name: {from: vars.full, required: true}
      score: {from: score, do: [int]}
      price: {from: price, do: [decimal]}
      isVIP: {from: vip, do: [bool]}
      address: {city: city, zip: {from: postalCode, nulls: omit}}
      tags: tags
      extra: extra
    validate: [{id: name-is-long, assert: size(target.name) > 2}]
    """

  static let schema = """
    {"type": "object", "required": ["contactId"], "properties": {
      "contactId": {"type": "string"}, "name": {"type": "string"}, "score": {"type": ["integer", "null"]},
      "price": {"type": ["number", "null"]}, "isVIP": {"type": ["boolean", "null"]},
      "tags": {"type": ["array", "null"]}, "extra": {},
      "address": {"type": "object", "properties": {"city": {"type": ["string", "null"]}, "zip": {"type": ["string", "null"]}}}}}
    """

  static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      lines: {ndjson: {path: "out/{mapping}.ndjson"}}
      table: {sqlite: {path: out/db.sqlite}}
    gates: {rejected: {max: 900}}
    """

  static let input = """
    {"id":"c1","status":"active","firstName":"Ada","lastName":"L","score":1,"price":"1.50","vip":"yes","city":"London","tags":["a"]}
    {"id":"c2","status":"active","firstName":"Bo","lastName":"M","price":"12345678901234567890.1","extra":{"a":[1,{"b":null}]}}
    {"id":"c3","status":"gone"}

    """

  static func project(pipeline: String = Self.pipeline) throws -> Project {
    let project = try Project(pipeline: pipeline, mapping: mapping, input: input)
    try project.folder.write("contact.schema.json", schema)
    return project
  }

  /// Loads these lines.
  static func load(
    _ text: String, _ project: Project, as name: String = "target.ndjson", to destination: String = "lines",
    _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    try project.folder.write(name, text)
    let path = "\(project.folder.path)/\(name)"
    let format = try #require(SourceFormat(path: path))
    return try await project.run { options in
      options.source.load = TargetFile(path: path, format: format)
      options.source.mappings = ["contacts"]
      options.source.destinations = [destination]
      change(&options)
    }
  }

  private static func counts(_ report: RunEngine.Report) -> OutcomeCounts {
    report.summary.entities.first?.destinations.first?.counts ?? OutcomeCounts()
  }

  private static func ledger(_ report: RunEngine.Report, _ project: Project) throws -> [JSONValue] {
    try (project.file("ledger.ndjson", of: report) ?? "").split(separator: "\n").map { try JSONReader.read(String($0)) }
  }

  @Test("the output of transform is loaded byte for byte", arguments: ["ndjson", "json"])
  func roundTrip(format: String) async throws {
    let project = try Self.project()
    let written = "\(project.folder.path)/written.\(format)"
    var options = TransformJob.Options(
      mapping: "\(project.folder.path)/contacts.yaml", input: "\(project.folder.path)/in/contacts.ndjson")
    options.output = written
    let job = await TransformJob(options).run()
    #expect(job.failure == nil, "\(String(describing: job.failure))")
    _ = try await project.run { $0.destinations = ["lines"] }
    let own = try #require(project.folder.read("out/contacts.ndjson"))
    // The source is not read, so it may be gone.
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/in/contacts.ndjson")
    let report = try await Self.load(try #require(project.folder.read("written.\(format)")), project, as: "written.\(format)")
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(Self.counts(report)[.written] == 2 && report.summary.entities.first?.read == 2)
    #expect(project.folder.read("out/contacts.ndjson") == own)
    #expect(report.summary.input == written && report.summary.snapshot == nil)
    try Agreement.check(report, in: project)
    // The copy is gone, and it is not listed as a snapshot.
    #expect(!FilePath.exists("\(project.folder.path)/.waybill/runs/\(report.summary.run)/staging/input"))
    #expect(project.folder.names(in: ".waybill/snapshots").count == 1)
  }

  @Test func `null, missing, blank, numeric and nested values are loaded unchanged`() async throws {
    let project = try Self.project()
    let lines = [
      #"{"contactId":"c1","name":"   ","score":null,"price":1.50,"isVIP":null,"address":{"city":""},"tags":[],"extra":null}"#,
      #"{"contactId":"c2","name":"Ann","price":1e2,"tags":["","x",null],"extra":{"b":[{"c":1.0}],"a":{}}}"#,
      #"{"contactId":"c3","name":"Zoë","address":{"city":null}}"#,
    ]
    let report = try await Self.load(lines.joined(separator: "\n") + "\n", project)
    let ledger = try Self.ledger(report, project)
    #expect(report.exitCode == .done, "\(ledger)")
    #expect(project.folder.read("out/contacts.ndjson") == lines.joined(separator: "\n") + "\n")
  }

  @Test func `a problem with a record is reported with its line in the input`() async throws {
    let project = try Self.project()
    let good = #"{"contactId":"c0","name":"Ann"}"#
    let bad: [(line: String, code: String, message: String)] = [
      (#"{"name":"Ann"}"#, "missing-key", "the record has no 'contactId'"),
      (#"{"contactId":null,"name":"Ann"}"#, "missing-key", "'contactId'"),
      (#"{"contactId":7,"name":"Ann"}"#, "schema-type", "'contactId'"),
      (#"{"contactId":"c1"}"#, "required", "'name' is required"),
      (#"{"contactId":"c1","name":"A"}"#, "name-is-long", "rule"),
      (#"{"contactId":"c1","name":"Ann","score":1.5}"#, "schema-type", "'score'"),
      (#"{"contactId":"c1","name":"Ann","scores":1}"#, "unmapped-field", "does not write 'scores'; did you mean 'score'?"),
      (#"{"contactId":"c1","name":"Ann","a":1,"b":{"c":2}}"#, "unmapped-field", "does not write 'a', 'b'"),
      (#"{"contactId":"c1","name":"Ann","address":{"street":"x"}}"#, "unmapped-field", "does not write 'address.street'"),
      (#"{"contactId":"c1","name":"Ann","address":null}"#, "wrong-type", "'address' must be an object"),
      (#"{"contactId":"c1","name":"Ann","address":{}}"#, "wrong-type", "'address' is an empty object"),
      (#"{"contactId":"c1","name":"Ann","address.city":"x"}"#, "unmapped-field", "does not write 'address.city'"),
      (#"{"contactId":"c1","name":"#, "invalid-json", "JSON"),
      (#"["c1"]"#, "not-an-object", "not an object"),
    ]
    let report = try await Self.load(([good] + bad.map(\.line)).joined(separator: "\n") + "\n", project)
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(Self.counts(report)[.written] == 1 && Self.counts(report)[.rejected] == bad.count)
    let ledger = try Self.ledger(report, project)
    #expect(ledger.count == bad.count)
    for (index, (line, expected)) in zip(ledger, bad).enumerated() {
      #expect(line["code"]?.stringValue == expected.code, "\(expected.line)")
      #expect(line["message"]?.stringValue?.contains(expected.message) == true, "\(line)")
      #expect(line["at"]?["line"] == .number(index + 2), "\(line)")
      #expect(line["at"]?["file"]?.stringValue == "\(project.folder.path)/target.ndjson")
      // A rule's location is in the mapping's own file.
      if let rule = line["rule"] { #expect(rule["file"]?.stringValue?.hasSuffix("contacts.yaml") == true) }
    }
    try Agreement.check(report, in: project)
  }

  @Test func `the cells of a table are read as the types that the mapping writes`() async throws {
    let project = try Self.project()
    let rows = "contactId,name,score,price,isVIP,address.city\nc1,Ann,7,1.50,true,London\nc2,Bob,,,false,\nc3,Cid,x,,no,\n"
    let report = try await Self.load(rows, project, as: "target.csv")
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(
      project.folder.read("out/contacts.ndjson")
        == #"{"contactId":"c1","name":"Ann","score":7,"price":1.50,"isVIP":true,"address":{"city":"London"}}"# + "\n"
        + #"{"contactId":"c2","name":"Bob","score":null,"price":null,"isVIP":false,"address":{"city":null}}"# + "\n")
    let ledger = try Self.ledger(report, project)
    #expect(ledger.map { $0["field"]?.stringValue } == ["score", "isVIP"], "\(ledger)")
    try Agreement.check(report, in: project)
  }

  @Test(
    "an input without target records is refused as a whole",
    arguments: [
      (
        "in.ndjson", #"{"id":"c1","firstName":"Ada"}"#,
        "contains source records ('id', 'firstName'), not target records of 'contacts'"
      ),
      ("in.csv", "contactId,firstName\nc1,Ada\n", "contains source records ('firstName')"),
      (
        "in.csv", "contactId,nam\nc1,Ada\n",
        "has the column 'nam', which 'contacts' does not write: remove or rename it; did you mean"
      ),
      ("in.csv", "name\nAda\n", "has no column 'contactId', which is the key"),
      ("in.ndjson", "[\n{\"contactId\":\"c1\"}\n]\n", "--input-format json"),
    ])
  func wrongInput(name: String, text: String, message: String) async throws {
    let project = try Self.project()
    let report = try await Self.load(text, project, as: name)
    #expect(report.exitCode == .wrongFile)
    #expect(report.summary.messages.contains { $0.contains(message) }, "\(report.summary.messages)")
    #expect(project.folder.names(in: "out") == [])
    #expect(!report.canResume)
  }

  @Test func `a limited load replaces no file unless you ask for it`() async throws {
    let project = try Self.project()
    let lines = (1...5).map { #"{"contactId":"c\#($0)","name":"Ann"}"# + "\n" }.joined()
    let limited = try await Self.load(lines, project) { $0.source.limit = 2 }
    #expect(limited.exitCode == .done && Self.counts(limited)[.pending] == 2)
    #expect(project.folder.names(in: "out") == [])
    try Agreement.check(limited, in: project)
    let partial = try await Self.load(lines, project) {
      $0.source.limit = 2
      $0.publishesPartial = true
    }
    #expect(Self.counts(partial)[.written] == 2)
    #expect(project.folder.read("out/contacts.ndjson")?.split(separator: "\n").count == 2)
    // Later runs are compared with earlier runs, not with loads.
    let whole = try await Self.load(lines, project)
    #expect(Self.counts(whole)[.written] == 5)
    let run = try await project.run { $0.destinations = ["lines"] }
    #expect(run.summary.gates.allSatisfy { $0.last == nil })
  }

  @Test func `a load can replace a table`() async throws {
    let project = try Self.project()
    let report = try await Self.load(#"{"contactId":"c1","name":"Ann","score":3}"#, project, to: "table")
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(Self.counts(report)[.created] == 1)
  }

  @Test(
    "records belong to the location that a run would use, and the source itself is not read",
    arguments: [
      ("{ghl: {location: abc123, auth: {token: {env: NOT_SET}}}}", nil, "abc123.ndjson"),
      ("{ndjson: {contact: in/absent.ndjson}}", nil, "files.ndjson"),
      ("{snapshot: latest}", "xyz789", "xyz789.ndjson"),
      // No snapshot gives a location.
      ("{snapshot: latest}", nil, nil),
      ("{ghl: {location: GHL_LOCATION, auth: {token: {env: NOT_SET}}}}", nil, nil),
    ] as [(String, String?, String?)])
  func location(source: String, shard: String?, file: String?) async throws {
    let project = try Project(
      pipeline: "pipeline: test\nsource: \(source)\nmappings: [contacts.yaml]\n"
        + "destinations: {lines: {ndjson: {path: \"out/{location}.ndjson\"}}}\n")
    try project.folder.write("target.ndjson", #"{"contactId":"c1","name":"Ann"}"#)
    let (document, _) = PipelineDocument.load(path: "\(project.folder.path)/waybill.yaml", environment: [:])
    var options = project.options
    options.source.load = TargetFile(path: "\(project.folder.path)/target.ndjson", format: .ndjson)
    options.source.mappings = ["contacts"]
    options.source.destinations = ["lines"]
    options.source.shard = shard
    let report = await RunEngine(try #require(document), options: options).run()
    #expect((report.exitCode == .done) == (file != nil), "\(report.summary.messages) \(report.diagnostics.all)")
    #expect(project.folder.names(in: "out") == [file].compactMap(\.self))
    if file == nil { #expect([.inputMissing, .configuration].contains(report.exitCode)) }
  }
}
