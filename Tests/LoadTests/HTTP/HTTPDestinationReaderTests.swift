import Core
import Foundation
import HTTP
import Mapping
import Settings
import TestSupport
import Testing

@testable import Load

/// Each file under `fixtures/golden/http` holds blocks of keys of an `http` destination, and under `--- expected` the diagnostics
/// that each gets. A block whose title begins with `[mapping]` has keys of one mapping. What is missing and required is added at
/// its end, unless the title says `[bare]`. `WAYBILL_REWRITE_GOLDEN=1` writes the expected parts anew.
@Suite struct HTTPDestinationReaderTests {
  private struct BlockReader: SettingsReader {
    let file = "waybill.yaml"
    let folder: String
    let environment = ["WORD": "abcdefABCDEF0123456789"]
    var diagnostics = Diagnostics()
    var environmentValues: [EnvironmentValue] = []
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/golden/http")

  static let names = ["address", "auth", "headers", "requests", "resources", "responses"]

  /// A pipeline with the keys, and those that it lacks.
  static func text(_ keys: String, title: String) -> String {
    func has(_ names: String...) -> Bool {
      keys.split(separator: "\n").contains { line in names.contains { line.hasPrefix("\($0):") } }
    }
    var own = keys
    let isOfMapping = title.hasPrefix("[mapping]")
    if isOfMapping, !title.contains("[bare]"), !has("create", "batch") { own += "create: POST /contacts\n" }
    if !isOfMapping, !has("base_url") { own += "base_url: https://api.example\n" }
    if !isOfMapping, !has("mappings") { own += "mappings: {contacts: {create: POST /contacts}}\n" }
    let indent = String(repeating: "  ", count: isOfMapping ? 3 : 1)
    let lines = own.split(separator: "\n").map { "\(indent)\($0)\n" }.joined()
    return "http:\n" + (isOfMapping ? "  base_url: https://api.example\n  mappings:\n    contacts:\n" : "") + lines
  }

  static func read(_ text: String, in folder: TemporaryFolder = TemporaryFolder()) throws -> (HTTPDocument?, Diagnostics) {
    var diagnostics = Diagnostics()
    let root = try #require(YAMLReader.read(file: "waybill.yaml", text: text, &diagnostics))
    let reader = BlockReader(folder: folder.path, diagnostics: diagnostics)
    var http = HTTPDestinationReader("destinations.app.http", continuing: reader)
    let document = http.read(try #require(root.entry("http")))
    return (document, http.diagnostics)
  }

  @Test(arguments: names)
  func `each block gets the diagnostics beside it`(name: String) throws {
    let folder = TemporaryFolder()
    try folder.write("certs/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    try folder.write("certs/der.pem", "0\u{82}")
    let url = Self.folder.appending(path: "\(name).txt")
    let golden = try String(contentsOf: url, encoding: .utf8)
    var actual = ""
    for block in golden.components(separatedBy: "\n--- ").map({ $0.hasPrefix("--- ") ? String($0.dropFirst(4)) : $0 })
    where !block.hasPrefix("expected\n") {
      let title = String(block.prefix { $0 != "\n" })
      let keys = block.dropFirst(title.count + 1) + "\n"
      let (document, diagnostics) = try Self.read(Self.text(String(keys), title: title), in: folder)
      #expect(document != nil || diagnostics.hasErrors)
      let shown = diagnostics.sorted.map { diagnostics.text(of: $0) + "\n" }.joined().replacing(folder.path + "/", with: "")
      actual += "--- \(title)\n\(keys)--- expected\n\(shown)\n"
    }
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try actual.write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(actual == golden)
    }
  }

  @Test func `a whole block is read`() throws {
    let folder = TemporaryFolder()
    try folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    let text = """
      http:
        base_url: https://api.example/v2
        auth: {basic: {user: app, password: {env: P}}}
        headers: {X-Tenant: "{location}"}
        rate: {per_second: 0.5, concurrent: 16}
        timeout: 45s
        longest_call: 2m
        ca_file: ca.pem
        idempotency: {header: Idempotency-Key, lifetime: 48h}
        responses: {preset: problem+json, ok: response.status == 200}
        errors: {each: errors, field: pointer, message: detail, status: [422]}
        mappings:
          contacts:
            create: {request: POST /contacts, headers: {If-None-Match: "*"}}
            update: {request: "PUT /contacts/{remote_id}", headers: {If-Match: "{etag}"}}
            delete: DELETE /contacts/{remote_id}
            find: {request: "GET /contacts?contactId={key}", items: items}
            list: {request: "GET /contacts?cursor={cursor}", items: items, cursor: {header: X-Next}}
            key: contactId
            remote_id: {header: Location}
            etag: meta.version
            record: data
            body: {under: data.attributes, nulls: omit, envelope: {data: {type: contacts}}}
            update_style: read-merge-put
            conflict: {then: re-read, remote_id: existingId}
            before: {omit: [version]}
            verify: {share: 2.5%, then: resend}
            batch: {request: POST /b, size: 7, bytes: 2000, items: items, atomic: true, results: {key: id, status: code, body: error}}
            job: {state: status, running: [queued], status: r.status, response: r.body, longest: 2h}
          notes: {create: "POST /contacts/{remote_id(contacts, contactId)}/notes", find: "GET /n/{key}", verify: 7%, batch: {request: POST /n, results: results}}
      """
    let (found, diagnostics) = try Self.read(text, in: folder)
    #expect(diagnostics.all == [])
    let document = try #require(found)
    #expect(document.address.text == "https://api.example/v2")
    #expect(document.authorization == .basic(user: "app", password: .environment("P")))
    #expect(document.headers.map(\.name) == ["X-Tenant"] && document.perSecond == 0.5 && document.concurrent == 16)
    #expect(document.timeout == .seconds(45) && document.longestCall == .seconds(120))
    #expect(document.certificates == folder.path + "/ca.pem")
    #expect(document.idempotency == .init(header: "Idempotency-Key", lifetime: .seconds(172_800)))
    #expect(document.responses.preset == .problem && document.responses[.ok]?.text == "response.status == 200")
    #expect(document.responses.errors?.at?.text == "errors" && document.responses.errors?.status == [422])
    #expect(document.resources.map(\.mapping) == ["contacts", "notes"])
    let contacts = try #require(document.resource(of: "contacts"))
    #expect(contacts.create?.headers.map(\.name) == ["If-None-Match"] && contacts.update?.template.method == "PUT")
    #expect(contacts.delete != nil && contacts.find?.items?.text == "items" && contacts.place.line == 13)
    #expect(contacts.list?.paging == .cursor(.header("x-next")) && contacts.remoteID == .header("location"))
    #expect(contacts.entityTag == .body(ResponsePath([.member("meta"), .member("version")])))
    #expect(contacts.key?.text == "contactId" && contacts.record?.text == "data")
    #expect(contacts.body.under == ["data", "attributes"] && contacts.body.nulls == .omit)
    #expect(contacts.updateStyle == .readMergePut && contacts.conflict.then == .reread)
    #expect(contacts.conflict.remoteID?.text == "existingId" && contacts.before?.omit.map(\.name) == ["version"])
    #expect(contacts.verify == VerifyDocument(share: 250, then: .resend))
    let batch = try #require(contacts.batch)
    #expect(batch.size == 7 && batch.bytes == 2000 && batch.items == "items" && batch.isAtomic)
    // Without `at`, the response is the list.
    #expect(batch.results.list?.steps == [] && batch.results.key?.text == "id" && batch.results.body?.text == "error")
    let job = try #require(contacts.job)
    #expect(job.location == .header("location") && job.running == ["queued"] && job.longest == .seconds(7_200))
    let notes = try #require(document.resource(of: "notes"))
    #expect(notes.batch?.results.list?.text == "results" && notes.conflict.then == .reject)
    #expect(notes.verify == VerifyDocument(share: 700, then: .report))
  }

  @Test(
    "what is not written has a default",
    arguments: [
      ("create: POST /c", UpdateStyle.replace, ConflictDocument.Then.reject),
      ("create: POST /c\nupdate: \"PUT /c/{remote_id}\"", .replace, .reject),
      ("create: POST /c\nupdate: \"PATCH /c/{remote_id}\"", .merge, .reject),
      ("create: POST /c\nupdate: \"PUT /c/{remote_id}\"\nfind: \"GET /c/{key}\"", .replace, .update),
      ("create: POST /c\nupdate: \"POST /c/{remote_id}\"", .merge, .reject), ("batch: POST /b", .merge, .reject),
      ("batch: PUT /b", .replace, .reject),
    ])
  func defaults(keys: String, style: UpdateStyle, then: ConflictDocument.Then) throws {
    let (document, diagnostics) = try Self.read(Self.text(keys, title: "[mapping]"))
    #expect(diagnostics.all == [])
    let found = try #require(document)
    #expect(found.timeout == .seconds(30) && found.longestCall == .seconds(60) && found.concurrent == 8)
    #expect(found.perSecond == nil && found.authorization == nil && found.idempotency == nil)
    let resource = found.resources[0]
    #expect(resource.updateStyle == style && resource.conflict.then == then && resource.body == BodyDocument())
  }

  @Test func `with the preset jsonapi, the ID is in data`() throws {
    let text = Self.text("responses: {preset: jsonapi}\n", title: "")
    #expect(try Self.read(text).0?.resources.first?.remoteID == .body(ResponsePath([.member("data"), .member("id")])))
    let own = text.replacing("create: POST /contacts", with: "create: POST /contacts, remote_id: id")
    #expect(try Self.read(own).0?.resources.first?.remoteID == .body(ResponsePath([.member("id")])))
  }
}
