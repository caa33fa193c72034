import Core
import Foundation
import Testing

@testable import Commands

@Suite("transform and preview")
struct TransformCommandTests {
  static let mapping = """
    mapping: 1
    name: people
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields:
      id: id
      name: {from: firstName, do: [trim], required: true}
      phone: {from: phone, do: [{phone: {region: US}}], on_error: nullify}
    """
  static let records = """
    {"id":"c1","firstName":" Ada ","phone":"(415) 555-2671"}
    {"id":"c2","firstName":"Zoë","phone":"call me"}
    {"id":"c3","phone":"+14155552671"}
    not JSON

    """

  /// A folder with a mapping and records.
  static func withFiles<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    try await withFolder { folder in
      try mapping.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      try records.write(toFile: folder + "/people.ndjson", atomically: true, encoding: .utf8)
      return try await body(folder)
    }
  }

  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `Records go to the output, problems to the ledger beside it, counts to the summary`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill(
        "transform", "--mapping", folder + "/people.yaml", "--input", folder + "/people.ndjson", "--output", folder + "/out.csv",
        "--summary", folder + "/summary.json", "--state", folder + "/none")
      #expect(ended.code == .recordsFailed)
      #expect(ended.output.isEmpty)
      #expect(ended.error.contains("people: 4 read, 2 written, 2 rejected, 1 warning"), "\(ended.error)")
      #expect(Self.text(folder + "/out.csv") == "id,name,phone\nc1,Ada,+14155552671\nc2,Zoë,\n")
      let ledger = try #require(Self.text(folder + "/out.csv.ledger.ndjson")).split(separator: "\n")
      let lines = try ledger.map { try JSONReader.read(Array($0.utf8)) }
      #expect(lines.compactMap { $0["code"]?.stringValue }.sorted() == ["invalid-json", "phone-invalid", "required"])
      let counted = try #require(Self.text(folder + "/summary.json"))
      let summary = try JSONReader.read(Array(counted.utf8))
      #expect(summary["read"] == .number(4))
      #expect(summary["unaccounted"] == .number(0))
      #expect(summary["exit_code"] == .number(4))
    }
  }

  @Test(arguments: [[], ["--lenient"]])
  func `With --quiet, rejected records are reported once, and nothing is if they are allowed`(more: [String]) async throws {
    try await Self.withFiles { folder in
      let ended = await waybill(
        [
          "transform", "--mapping", folder + "/people.yaml", "--input", folder + "/people.ndjson", "--output",
          folder + "/out.csv",
          "--quiet",
        ] + more)
      #expect(ended.code == (more.isEmpty ? .recordsFailed : .done) && ended.output.isEmpty)
      let lines = ended.error.split(separator: "\n")
      #expect(lines.count == (more.isEmpty ? 1 : 0), "\(ended.error)")
      #expect(lines.allSatisfy { $0.hasPrefix("waybill: people: 4 read, 2 written, 2 rejected, 1 warning") }, "\(ended.error)")
    }
  }

  @Test func `With --lenient, rejected records do not change the exit code`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill(
        "transform", "--mapping", folder + "/people.yaml", "--input", folder + "/people.ndjson", "--output", folder + "/out.json",
        "--lenient", "--quiet", "--state", folder + "/none")
      #expect(ended.code == .done)
      #expect(ended.error.isEmpty)
      let written = try #require(Self.text(folder + "/out.json"))
      let list = try JSONReader.read(Array(written.utf8))
      #expect(list.arrayValue?.count == 2)
    }
  }

  @Test(
    "What is missing or wrong ends with its code and leaves no output",
    arguments: [
      (["--input", "nope.ndjson"], ExitCode.inputMissing, "nope.ndjson"),
      (["--mapping", "nope.yaml"], .inputMissing, "there is no mapping file"),
      (["--mapping", "people.ndjson"], .usage, "name the same file"),
      (["--input", "people.yaml"], .usage, "--input-format"),
      (["--output", "people.ndjson"], .usage, "name the same file"),
      (["--output", "people.yaml/x.csv"], .cannotWrite, "cannot write"),
      (["--snapshot", "latest"], .inputMissing, "there is no snapshot"),
    ])
  func faults(change: [String], code: ExitCode, message: String) async throws {
    try await Self.withFiles { folder in
      var options = ["--mapping": "people.yaml", "--input": "people.ndjson", "--output": "out.csv"]
      options[change[0]] = change[1]
      var arguments = ["transform", "--state", folder + "/none"]
      for (name, value) in options { arguments += [name, name == "--snapshot" ? value : folder + "/" + value] }
      let ended = await waybill(arguments)
      #expect(ended.code == code, "\(ended.error)")
      #expect(ended.error.contains(message), "\(ended.error)")
      #expect(Set(FileManager.default.subpaths(atPath: folder) ?? []) == ["people.yaml", "people.ndjson"])
      #expect(Self.text(folder + "/people.ndjson") == Self.records)
    }
  }

  @Test func `Custom fields without definitions are reported as null`() async throws {
    try await Self.withFiles { folder in
      try (Self.mapping + "\n  plan: custom.plan\n").write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/people.yaml", "--input", folder + "/people.ndjson", "--output", folder + "/out.csv",
        "--state", folder + "/none")
      #expect(ended.error.contains("pass --snapshot latest or --custom-fields FILE"), "\(ended.error)")
    }
  }

  @Test func `A preview shows source, target and problems, and only those that were asked for`() async throws {
    try await Self.withFiles { folder in
      let all = await waybill("preview", folder + "/people.yaml", "--input", folder + "/people.ndjson")
      #expect(all.code == .done)
      #expect(all.output.contains("c1  line 1  written"))
      #expect(all.output.contains("\"+14155552671\""))
      let some = await waybill(
        "preview", folder + "/people.yaml", "--input", folder + "/people.ndjson", "--code", "phone-invalid", "--json")
      let document = try JSONReader.read(Array(some.output.utf8))
      let items = try #require(document.arrayValue)
      #expect(items.count == 1)
      #expect(items.first?["record"] == .string("c2"))
    }
  }

  @Test func `A record that where cannot judge has no references of the one before it`() async throws {
    try await withFolder { folder in
      try """
      mapping: 1
      name: people
      source: {entity: contact, key: id}
      target: {entity: person, key: id}
      where: "type == null || int(type) > 3"
      fields:
        id: id
        owner: {from: assignedTo, references: users}
      """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let records = [
        #"{"id":"1","assignedTo":"nobody"}"#, #"{"id":"2","type":"x"}"#, #"{"id":"3","type":"1"}"#,
        #"{"id":"4","assignedTo":"u1"}"#,
      ]
      try (records.joined(separator: "\n") + "\n").write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      try "u1\n".write(toFile: folder + "/users.txt", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
        "--ledger", folder + "/ledger.ndjson", "--summary", folder + "/summary.json", "--keys", "users=\(folder)/users.txt")
      #expect(ended.code == .recordsFailed, "\(ended.error)")
      #expect(try String(contentsOfFile: folder + "/out.ndjson", encoding: .utf8) == #"{"id":"4","owner":"u1"}"# + "\n")
      let lines = try String(contentsOfFile: folder + "/ledger.ndjson", encoding: .utf8).split(separator: "\n").map {
        try JSONReader.read(String($0))
      }
      #expect(lines.map { $0["record"]?.stringValue } == ["1", "2"])
      #expect(lines.map { $0["code"]?.stringValue } == ["orphan", "expression-error"])
      let summary = try JSONReader.read(try String(contentsOfFile: folder + "/summary.json", encoding: .utf8))
      #expect(summary["read"] == .number(4) && summary["written"] == .number(1) && summary["filtered"] == .number(1))
      #expect(summary["rejected"] == .number(2) && summary["unaccounted"] == .number(0))
    }
  }

  @Test func `Definitions of custom fields that the mapping names are used`() async throws {
    try await withFolder { folder in
      try """
      mapping: 1
      name: people
      source: {entity: contact, key: id, custom_fields: defs.json}
      target: {entity: person, key: id}
      fields: {id: id, size: custom.size, isLarge: {expr: "custom['size'] != null"}}
      """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try #"{"customFields":[{"id":"f1","fieldKey":"contact.size","name":"Size","dataType":"NUMERICAL"}]}"#.write(
        toFile: folder + "/defs.json", atomically: true, encoding: .utf8)
      try (#"{"id":"1","customFields":[{"id":"f1","value":12}]}"# + "\n").write(
        toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson")
      #expect(ended.code == .done, "\(ended.error)")
      #expect(
        try String(contentsOfFile: folder + "/out.ndjson", encoding: .utf8) == #"{"id":"1","size":12,"isLarge":true}"# + "\n")
    }
  }
}
