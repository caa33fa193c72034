import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// A small project in a temporary folder: one mapping of contacts, from NDJSON to CSV and JSON.
struct Project {
  let folder = TemporaryFolder()

  static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: contactId, schema: contact.schema.json}
    fields:
      contactId: id
      name: {from: [firstName, lastName], do: [trim, {join: " "}], required: true}
      email: {from: email, do: [trim, lower, email], on_error: nullify}
      source: source
      address:
        city: city
      tags: {from: tags, do: [trim]}
    """

  static let schema = """
    {"type": "object", "required": ["contactId", "name"], "additionalProperties": false, "properties": {
      "contactId": {"type": "string"}, "name": {"type": "string", "maxLength": 20}, "email": {"type": ["string", "null"]},
      "source": {"type": ["string", "null"]}, "tags": {"type": ["array", "null"]},
      "address": {"type": "object", "properties": {"city": {"type": ["string", "null"]}}}}}
    """

  static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
      tree: {json: {path: "out/{mapping}.json"}}
    gates:
      read: {min: 1}
      rejected: {max: 3}
    """

  static let input =
    [
      #"{"id":"c1","firstName":" Ada ","lastName":"Lovelace","email":"ADA@Example.COM ","city":"London","tags":["a","b"]}"#,
      #"{"id":"c2","firstName":"Zoë","lastName":null,"email":"nonsense","source":"=1+1"}"#,
      #"{"id":"c3","firstName":"","lastName":""}"#,
      "",
      #"{"id":"c4","firstName":"broken"#,
      #"{"id":"c5","firstName":"A name that is far too long for this","lastName":"x"}"#,
      #"{"id":"c\"6","firstName":"Quote","lastName":"Comma, \"Q\"","city":"Zürich"}"#,
    ].joined(separator: "\n") + "\n"

  init(pipeline: String = Self.pipeline, mapping: String = Self.mapping, input: String = Self.input) throws {
    try folder.write("waybill.yaml", pipeline)
    try folder.write("contacts.yaml", mapping)
    try folder.write("contact.schema.json", Self.schema)
    try folder.write("in/contacts.ndjson", input)
  }

  func document(_ environment: [String: String] = [:]) throws -> PipelineDocument {
    let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    return try #require(document)
  }

  var options: RunEngine.Options {
    var options = RunEngine.Options(source: SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: [:]))
    // A debug build takes a tenth of a second for the page; the tests of `report` look at it.
    options.writesPage = false
    return options
  }

  func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
    var options = options
    change(&options)
    return await RunEngine(try document(), options: options).run()
  }

  /// A file of a run's folder.
  func file(_ name: String, of report: RunEngine.Report) -> String? {
    folder.read(".waybill/runs/\(report.summary.run)/\(name)")
  }
}
