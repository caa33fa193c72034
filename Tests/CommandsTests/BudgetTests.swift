import Core
import Foundation
import Testing

@testable import Commands

/// Where `--budget` limits something.
@Suite struct BudgetTests {
  private static let source = #"{ghl: {location: loc, base_url: "http://127.0.0.1:1", auth: {token: {env: TOKEN}}}}"#
  private static let crm =
    #"{crm: {ghl: {location: other, base_url: "http://127.0.0.1:1", auth: {token: {env: TOKEN}}, mappings: {contacts: {to: contacts}}}}}"#
  private static let files = #"{files: {csv: {path: "out/{mapping}.csv"}}}"#

  private static func run(_ words: [String], source: String, destinations: String) async throws -> Ended {
    try await withFolder { folder in
      let pipeline = "pipeline: budget\nsource: \(source)\nmappings: [contacts.yaml]\ndestinations: \(destinations)\n"
      let mapping =
        "mapping: 1\nname: contacts\nsource: {entity: contact, key: id}\ntarget: {entity: contact, key: key}\nfields: {key: id, email: email}\n"
      for (name, text) in [
        ("waybill.yaml", pipeline), ("contacts.yaml", mapping), ("in.ndjson", #"{"key":"1","email":"ann@x.io"}"# + "\n"),
      ] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      let words = words.map { $0 == "in.ndjson" ? "\(folder)/in.ndjson" : $0 }
      return await waybill(words + ["--budget", "5", "--project", folder], environment: ["TOKEN": "a-token-of-budget"])
    }
  }

  static let load = ["load", "--mapping", "contacts", "--input", "in.ndjson", "--to"]

  @Test(arguments: [
    (["run", "--snapshot", "latest"], source, files, "--budget limits the requests to GHL, and this run makes none"),
    (load + ["files"], source, files, "--budget limits the requests to GHL, and this load makes none"),
    (["run"], "{ndjson: {contact: in.ndjson}}", files, "--budget requires a pipeline that reads or writes GHL"),
    (["plan"], "{ndjson: {contact: in.ndjson}}", files, "--budget requires a pipeline that reads or writes GHL"),
    (["extract"], "{ndjson: {contact: in.ndjson}}", files, "--budget requires a pipeline that reads or writes GHL"),
    (["extract"], "{ndjson: {contact: in.ndjson}}", crm, "and the extraction of this pipeline makes none: remove --budget"),
  ]) func `it is refused where nothing is asked of GHL`(words: [String], source: String, destinations: String, message: String)
    async throws
  {
    let ended = try await Self.run(words, source: source, destinations: destinations)
    #expect(ended.code == .usage, "\(ended.error)")
    #expect(ended.error.contains(message), "\(ended.error)")
  }

  @Test(arguments: [["run", "--snapshot", "latest"], load + ["crm"]])
  func `it is taken where a destination is in GHL`(words: [String]) async throws {
    let ended = try await Self.run(words + ["--max-duration", "1s"], source: Self.source, destinations: Self.crm)
    // There is no snapshot, and nothing listens.
    #expect(ended.code != .usage && ended.code != .done, "\(ended.error)")
    #expect(!ended.error.contains("--budget"), "\(ended.error)")
  }
}
