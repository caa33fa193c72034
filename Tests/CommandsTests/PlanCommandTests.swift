import Core
import Extract
import Foundation
import Records
import Testing

@testable import Commands

/// `waybill plan` of pipelines that make no API call.
@Suite("Plans of files")
struct PlanCommandTests {
  @Test func `a plan names the files with their records, and no contacts`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, input: "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
      let text = await waybill("plan", "--project", folder)
      #expect(text.code == .done)
      #expect(
        text.output == """
          small: reads 1 file and makes no API call

          ENTITY   RECORDS  SIZE  FILE
          contact        2  22 B  \(folder)/in.ndjson

          """, "\(text.output)")
      let json = try JSONReader.read(await waybill("plan", "--project", folder, "--json", "--limit", "1").output)
      #expect(json["contacts"] == .null && json["businesses"] == .null)
      let file = json["files"]?.arrayValue?.first
      #expect(file?["records"] == .number(1) && file?["bytes"] == .number(22) && file?["entity"] == .string("contact"))
    }
  }

  @Test func `a plan of a snapshot counts what is in it`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, input: "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
      #expect(await waybill("extract", "--project", folder).code == .done)
      let pipeline = try String(contentsOfFile: folder + "/waybill.yaml", encoding: .utf8)
      try pipeline.replacing("{ndjson: {contact: in.ndjson}}", with: "{snapshot: latest}")
        .write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let plan = try JSONReader.read(await waybill("plan", "--project", folder, "--json").output)
      #expect(plan["files"]?.arrayValue?.map { $0["records"] } == [.number(2)])
      #expect(plan["basis"] == .string("files"))
      // The manifest has the counts: a large snapshot need not be read.
      let snapshot = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/.waybill/snapshots").first)
      let file = folder + "/.waybill/snapshots/\(snapshot)/files/contact.ndjson"
      try FileManager.default.removeItem(atPath: file)
      #expect(try JSONReader.read(await waybill("plan", "--project", folder, "--json").output) == plan)
      #expect(await waybill("run", "--project", folder).code == .inputMissing)
    }
  }

  @Test func `a plan of a file that is missing ends as the run would`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      try FileManager.default.removeItem(atPath: folder + "/in.ndjson")
      let plan = await waybill("plan", "--project", folder)
      let run = await waybill("run", "--project", folder)
      #expect(plan.code == run.code && plan.code == .inputMissing)
      #expect(plan.error.contains("in.ndjson") && plan.output.isEmpty, "\(plan.error)")
    }
  }

  @Test func `records of a large file and of a pipe are not counted`() async throws {
    try await withFolder { folder in
      let (path, pipe) = (folder + "/in.ndjson", folder + "/pipe")
      try String(repeating: "{\"id\":\"1\"}\n", count: 200_000).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(mkfifo(pipe, 0o600) == 0)
      func planned(_ path: String, limit: Int? = nil) throws -> PlannedFile {
        let file = EntityFile(entity: "contact", path: path, reading: .init(), place: .init(file: "p", line: 1, column: 1))
        return try PlannedFile(file, format: .ndjson, limit: limit, mostCountedBytes: 1000)
      }
      #expect(try planned(path).records == nil && planned(path).bytes == 2_200_000)
      #expect(try planned(path, limit: 5).records == 5)
      #expect(try planned(pipe).records == nil && planned(pipe).bytes == nil)
    }
  }

  // MARK: GHL destinations

  /// Two people, who become contacts with tags.
  private static func writeGHL(in folder: String, more settings: String = "") throws {
    let part = "contact: {mapping: contacts, field: contactId}"
    try write(
      [
        "waybill.yaml": """
        pipeline: crm
        source: {ndjson: {person: in.ndjson}}
        mappings: [contacts.yaml, tags.yaml]
        destinations:
          crm:
            ghl:
              location: Lq7cTgNb2xVw9mKe4RzY
              auth: {token: {env: GHL_TARGET_TOKEN}}
              \(settings)
              mappings: {contacts: {to: contacts}, tags: {to: tags, \(part)}}
        """,
        "contacts.yaml": """
        mapping: 1
        name: contacts
        source: {entity: person, key: id}
        target: {entity: contact, key: key}
        fields: {key: id, email: mail, customFields.tier: tier}
        """,
        "tags.yaml": """
        mapping: 1
        name: tags
        source: {entity: person, key: id}
        target: {entity: tag, key: contactId}
        fields: {contactId: id, tags: tags}
        """,
        "in.ndjson": #"{"id":"1","mail":"a@example.com","tier":"gold","tags":["a"]}"# + "\n"
          + #"{"id":"2","mail":"b@example.com","tier":"gold","tags":["b"]}"# + "\n",
      ], in: folder)
  }

  private static func write(_ files: [String: String], in folder: String) throws {
    for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
  }

  @Test func `a plan counts the requests of each mapping that writes to GHL, and names the scopes`() async throws {
    try await withFolder { folder in
      try Self.writeGHL(in: folder)
      let text = await waybill("plan", "--project", folder, "--offline")
      #expect(text.code == .done && text.error == "")
      #expect(
        text.output == """
          crm: reads 1 file and writes to GHL

          ENTITY  RECORDS   SIZE  FILE
          person        2  122 B  \(folder)/in.ndjson

          DESTINATION  MAPPING   RECORDS  REQUESTS (ESTIMATE)
          crm          contacts        2                   11
          crm          tags            2                    6

          LOCATION              REQUESTS   TIME  FITS TODAY'S QUOTA
          Lq7cTgNb2xVw9mKe4RzY        20  2.1 s  unknown

          The token of 'crm' needs contacts.readonly, contacts.write, locations/customFields.readonly.

          """, "\(text.output)")
      let json = try JSONReader.read(await waybill("plan", "--project", folder, "--offline", "--json").output)
      #expect(json["writes"]?.arrayValue?.map { $0["mapping"] } == [.string("contacts"), .string("tags")])
      #expect(json["writes"]?.arrayValue?.map { $0["requests"] } == [.number(11), .number(6)])
      #expect(json["writes"]?.arrayValue?.map { $0["destination"] } == [.string("crm"), .string("crm")])
      #expect(json["shards"]?.arrayValue?.last?["requests"] == .number(20))
      let target = json["destinations"]?.arrayValue?.first
      #expect(target?["name"] == .string("crm") && target?["location"] == .string("Lq7cTgNb2xVw9mKe4RzY"))
      #expect(target?["scopes"]?.arrayValue?.last == .string("locations/customFields.readonly"))
      let other = try JSONReader.read(
        await waybill("plan", "--project", folder, "--offline", "--json", "--mapping", "tags").output)
      #expect(other["writes"]?.arrayValue?.count == 1)
    }
  }

  @Test func `a plan ends with 77 if the token lacks a scope, without a figure`() async throws {
    try await withFolder { folder in
      let sent = Locked<[String]>([])
      let server = try #require(
        AnsweringServer { request in
          sent.withLock { $0.append("\(request.method) \(request.target)") }
          return request.method == "GET"
            ? .init(status: 400, body: #"{"statusCode":400,"message":"Contact not found"}"#)
            : .init(status: 401, body: #"{"statusCode":401,"message":"The token is not authorized for this scope."}"#)
        })
      defer { server.stop() }
      try Self.writeGHL(in: folder, more: "base_url: http://127.0.0.1:\(server.port)")
      let environment = ["GHL_TARGET_TOKEN": "pit-12345678"]
      let ended = await waybill("plan", "--project", folder, "--mapping", "tags", environment: environment)
      #expect(ended.code == .notAuthorised && ended.output == "")
      #expect(ended.error.contains("contacts.write") && !ended.error.contains("pit-12345678"), "\(ended.error)")
      let search = "/contacts/search/duplicate?locationId=Lq7cTgNb2xVw9mKe4RzY&email=waybill-scope-probe%40example.invalid"
      #expect(sent.withLock { $0 } == ["GET \(search)", "PUT /contacts/waybill-scope-probe"])
      // Without its token, there is nobody to ask.
      #expect(await waybill("plan", "--project", folder).code == .configuration)
      #expect(await waybill("plan", "--project", folder, "--offline").code == .done)
    }
  }
}
