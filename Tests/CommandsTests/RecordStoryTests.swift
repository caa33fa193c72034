import Core
import Foundation
import Sandbox
import Testing

@testable import Commands

/// `waybill ledger --record KEY --all-runs` of a destination with calls.
@Suite("A record's story")
struct RecordStoryTests {
  private static let pipeline = """
    pipeline: small
    source: {ndjson: {contact: in.ndjson}}
    mappings: [m.yaml]
    destinations:
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          responses: {preset: problem+json}
          mappings:
            m:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              delete: "DELETE /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              remote_id: id
              before: save

    """

  private static let mapping = """
    mapping: 1
    name: m
    source: {entity: contact, key: id}
    target: {entity: p, key: contactId}
    fields: {contactId: id, name: name, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static func write(_ name: String, in folder: String) throws {
    for (file, text) in [
      ("waybill.yaml", pipeline), ("m.yaml", mapping), ("in.ndjson", #"{"id":"c0","name":"\#(name)"}"# + "\n"),
    ] {
      try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
    }
  }

  @Test func `it has calls, changes and undo, and what the state knows once the folders are gone`() async throws {
    try await withFolder { folder in
      try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
        let environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
        func run(_ arguments: String...) async -> Ended {
          await waybill(arguments + ["--project", folder], environment: environment)
        }
        try Self.write("Ada Lovelace", in: folder)
        #expect(await run("run").code == .done)
        try Self.write("Ada Byron", in: folder)
        #expect(await run("run").code == .done)
        #expect(await run("undo", "latest").code == .done)
        let json = await run("ledger", "--record", "c0", "--all-runs", "--json")
        #expect(json.code == .done, "\(json.error)")
        let all = try #require(try JSONReader.read(json.output).arrayValue)
        try #require(all.count == 3, "\(json.output)")
        func kinds(_ run: JSONValue) -> [String?] { (run["events"]?.arrayValue ?? []).map { $0["event"]?.stringValue } }
        #expect(kinds(all[0]) == ["called", "created"] && kinds(all[1]) == ["called", "updated", "undone"], "\(json.output)")
        let calls = all.prefix(2).map { $0["events"]?.arrayValue?.first?["call"]?.stringValue }
        #expect(calls == ["POST /contacts", "PUT /contacts/{remote_id}"], "\(json.output)")
        #expect(all[0]["events"]?.arrayValue?.last?["sent"]?.arrayValue?.contains(.string("name")) == true)
        #expect(all[1]["events"]?.arrayValue?.dropFirst().first?["changed"]?.arrayValue?.contains(.string("name")) == true)
        #expect(all[1]["events"]?.arrayValue?.last?["outcome"] == .string("restored"))
        let known = try #require(all[2]["journal"]?.arrayValue?.first)
        #expect(all[2]["run"] == .null && known["destination"] == .string("app") && known["remote_id"]?.stringValue != nil)
        let table = await run("ledger", "--record", "c0", "--all-runs")
        let lines = table.output.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("EVENT ") }.count == 2 && lines.contains { $0.hasPrefix("NOW ") }, "\(table.output)")
        for text in [json.output, table.output] { #expect(!text.contains("Ada") && !text.contains(address.appToken)) }
        // With conditions on lines there is nothing but lines and outcomes.
        let errors = await run("ledger", "--record", "c0", "--all-runs", "--severity", "error")
        #expect(!errors.output.contains("EVENT") && !errors.output.contains("NOW"), "\(errors.output)")

        try FileManager.default.removeItem(atPath: "\(folder)/.waybill/runs")
        let pruned = await run("ledger", "--record", "c0", "--all-runs", "--json")
        #expect(pruned.error.contains("2 runs have no outcomes file"), "\(pruned.error)")
        let rest = try #require(try JSONReader.read(pruned.output).arrayValue)
        #expect(rest.count == 1 && rest.first?["journal"] == all[2]["journal"], "\(pruned.output)")
      }
    }
  }
}
