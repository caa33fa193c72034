import Core
import Foundation
import Testing

@testable import Commands

@Suite("check")
struct CheckCommandTests {
  static let wrong = """
    mapping: 1
    name: people
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields:
      id: idd
      name: {from: fristName, doo: [trim]}
    """

  @Test func `Each mistake is reported with its place and the fix, and counted`() async throws {
    try await withFolder { folder in
      let file = folder + "/people.yaml"
      try Self.wrong.write(toFile: file, atomically: true, encoding: .utf8)
      let ended = await waybill("check", file)
      #expect(ended.code == .wrongFile)
      #expect(ended.output.isEmpty)
      #expect(ended.error.contains("\(file):6:7: error: unknown-source-field"))
      #expect(ended.error.contains("did you mean 'firstName'?"))
      #expect(ended.error.contains("3 errors"), "\(ended.error)")

      let json = await waybill("check", file, "--json", "--quiet")
      let document = try JSONReader.read(Array(json.output.utf8))
      let list = try #require(document["diagnostics"]?.arrayValue)
      #expect(document["mappings"]?.arrayValue == [])
      #expect(json.code == .wrongFile)
      #expect(json.error.isEmpty)
      #expect(list.contains { $0["code"] == .string("unknown-key") && $0["line"] == .number(7) })
    }
  }

  @Test func `With JSON logs every line of standard error is JSON`() async throws {
    try await withFolder { folder in
      let file = folder + "/people.yaml"
      try Self.wrong.write(toFile: file, atomically: true, encoding: .utf8)
      for arguments in [["check", file], ["transform", "--mapping", file, "--input", "-", "--input-format", "ndjson"]] {
        let ended = await waybill(arguments + ["--log-format", "json"])
        #expect(ended.code == .wrongFile)
        let lines = try ended.error.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
        let code = lines.first { $0["code"] == .string("unknown-source-field") }
        #expect(code?["file"] == .string(file) && code?["line"] == .number(6) && code?["level"] == .string("error"))
        #expect(lines.allSatisfy { $0["time"] != nil && $0["level"] != nil && $0["message"] != nil })
      }
    }
  }

  @Test func `A mistake in the pipeline does not hide those of its mappings`() async throws {
    try await withFolder { folder in
      try Self.wrong.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      let pipeline = "pipeline: p\nsource: {ndjson: {contact: a.ndjson}}\nmappings: [people.yaml]\ndestinationz: {}\n"
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("check", "--project", folder)
      #expect(ended.code == .wrongFile)
      #expect(ended.error.contains("did you mean 'destinations'?"))
      #expect(ended.error.contains("did you mean 'firstName'?"))
      #expect(ended.error.contains("in 2 files"))
    }
  }

  @Test func `What is read, and through which calls, is explained on standard output`() async {
    let ended = await waybill("check", checkout + "/mappings/tasks.yaml", "--explain", "--quiet")
    #expect(ended.code == .done)
    #expect(ended.output.contains("title\n  reads    title\n"))
    #expect(ended.output.contains("CALL   NEEDED BY\ntasks  task."), "\(ended.output)")
  }

  @Test func `the scopes that a GHL destination needs are explained`() async throws {
    try await withFolder { folder in
      let mapping = """
        mapping: 1
        name: people
        source: {entity: person, key: id}
        target: {entity: contact, key: key}
        fields: {key: id, email: mail, assignedTo: owner}

        """
      try mapping.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      try "id,mail,owner\n".write(toFile: folder + "/people.csv", atomically: true, encoding: .utf8)
      let pipeline = """
        pipeline: p
        source: {csv: {person: people.csv}}
        mappings: [people.yaml]
        destinations: {crm: {ghl: {location: loc1, auth: {token: {env: T}}, mappings: {people: {to: contacts}}}}}

        """
      try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let text = await waybill("check", "--project", folder, "--explain")
      #expect(text.code == .done, "\(text.error)")
      let scopes = ["contacts.readonly", "contacts.write", "locations.readonly", "users.readonly"]
      #expect(
        text.output.contains(
          "destinations.crm: the token needs these scopes:\n\n" + scopes.map { "  \($0)\n" }.joined()), "\(text.output)")
      let json = await waybill("check", "--project", folder, "--explain", "--json")
      #expect(
        json.output.filter { !$0.isWhitespace }.contains(
          #""destinations":[{"name":"crm","scopes":["contacts.readonly","contacts.write","locations.readonly","users.readonly"]}]"#
        ))
      let short = await waybill("check", "--project", folder, "--json")
      #expect(short.output.filter { !$0.isWhitespace }.contains(#""destinations":[]"#))
    }
  }

  @Test("Without a file to check it ends with 66", arguments: [["nope.yaml"], []])
  func missing(files: [String]) async throws {
    try await withFolder { folder in
      let ended = await waybill(["check", "--project", folder] + files)
      #expect(ended.code == .inputMissing)
      #expect(ended.error.hasPrefix("waybill: there is no "))
    }
  }
}
