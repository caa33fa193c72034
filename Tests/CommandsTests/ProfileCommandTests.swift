import Core
import Foundation
import Testing

@testable import Commands

@Suite struct ProfileCommandTests {
  static let records = """
    {"id":"c1","firstName":"Zz9canary","status":"open","score":3}
    {"id":"c2","firstName":"Zz9canary","status":"open","score":12.5}
    {"id":"c3","status":" ","score":null}
    not JSON

    """

  private static func withFiles(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      try records.write(toFile: folder + "/people.ndjson", atomically: true, encoding: .utf8)
      try "id;name\n1;Zoë\n2;\n".write(toFile: folder + "/people.csv", atomically: true, encoding: .utf8)
      try "".write(toFile: folder + "/empty.ndjson", atomically: true, encoding: .utf8)
      try await body(folder)
    }
  }

  private static func profile(_ output: String) throws -> JSONValue { try JSONReader.read(Array(output.utf8)) }

  private static func field(_ name: String, of profile: JSONValue) -> JSONValue? {
    profile["source"]?["fields"]?.arrayValue?.first { $0["name"]?.stringValue == name }
  }

  @Test func `each field has a row, masked ones have no values, and broken lines are counted`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill("profile", folder + "/people.ndjson")
      #expect(ended.code == .done, "\(ended.error)")
      #expect(ended.error.contains("1 record of \(folder)/people.ndjson cannot be read and are not profiled"), "\(ended.error)")
      #expect(ended.output.contains("people.ndjson: 3 records profiled, 1 not profiled"))
      #expect(ended.output.contains("firstName (masked)"))
      #expect(ended.output.contains("'open' 2"))
      #expect(!ended.output.contains("Zz9canary"))
      let json = try Self.profile(await waybill("profile", folder + "/people.ndjson", "--json").output)
      #expect(json["records"]?.intValue == 3 && json["not_profiled"]?.intValue == 1)
      let score = try #require(Self.field("score", of: json))
      #expect(score["null"]?.intValue == 1 && score["numbers"]?["largest"]?.stringValue == "12.5")
      #expect(Self.field("status", of: json)?["blank"]?.intValue == 1)
    }
  }

  @Test func `--unmask shows everything and says so first`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill("profile", folder + "/people.ndjson", "--unmask", "--quiet")
      #expect(ended.output.hasPrefix("UNMASKED") && ended.output.contains("Zz9canary"))
      let json = try Self.profile(await waybill("profile", folder + "/people.ndjson", "--unmask", "--json").output)
      #expect(json["unmasked"]?.boolValue == true)
    }
  }

  @Test func `a mapping's pii decides about what it reads`() async throws {
    try await Self.withFiles { folder in
      let mapping = """
        mapping: 1
        name: people
        source: {entity: contact, key: id}
        target: {entity: person, key: id}
        fields:
          id: id
          name: {from: firstName, pii: show}
          state: {from: status, pii: mask}
        """
      try mapping.write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("profile", folder + "/people.ndjson", "--mapping", folder + "/people.yaml", "--json")
      #expect(ended.code == .done, "\(ended.error)")
      let json = try Self.profile(ended.output)
      #expect(json["mapping"]?.stringValue == "people")
      #expect(Self.field("firstName", of: json)?["masked"]?.boolValue == false)
      #expect(Self.field("status", of: json)?["masked"]?.boolValue == true)
      #expect(!ended.output.contains("\"open\""))
    }
  }

  @Test func `columns of a CSV file are fields, also without a value`() async throws {
    try await Self.withFiles { folder in
      let json = try Self.profile(await waybill("profile", folder + "/people.csv", "--json").output)
      #expect(json["source"]?["fields"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["id", "name"])
      let name = try #require(Self.field("name", of: json))
      #expect(name["filled"]?.intValue == 1 && name["masked"]?.boolValue == true)
      #expect(Self.field("id", of: json)?["reads_as"]?["number"]?.intValue == 2)
    }
  }

  @Test func `one field is shown whole, and a misspelt one is reported with a hint`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill("profile", folder + "/people.ndjson", "--field", "score", "--quiet")
      #expect(ended.code == .done && ended.output.contains("numbers") && !ended.output.contains("firstName"))
      let wrong = await waybill("profile", folder + "/people.ndjson", "--field", "scroe")
      #expect(wrong.code == .usage && wrong.error.contains("did you mean 'score'?"), "\(wrong.error)")
    }
  }

  @Test func `inputs that cannot be profiled`() async throws {
    try await Self.withFiles { folder in
      let missing = await waybill("profile", folder + "/nobody.csv")
      #expect(missing.code == .inputMissing, "\(missing.error)")
      let empty = await waybill("profile", folder + "/empty.ndjson")
      #expect(empty.code == .done && empty.error.contains("has no records: nothing was profiled"), "\(empty.error)")
      let none = await waybill("profile")
      #expect(none.code == .usage && none.error.contains("name a file to profile, or a snapshot"), "\(none.error)")
      let format = await waybill("profile", "--snapshot", "latest", "--input-format", "csv")
      #expect(format.code == .usage && format.error.contains("a snapshot has its own format"), "\(format.error)")
      let snapshot = await waybill("profile", "--snapshot", "latest", "--state", folder + "/none")
      #expect(snapshot.code == .inputMissing, "\(snapshot.error)")
    }
  }

  @Test func `records of a snapshot are profiled by entity`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, input: "{\"id\":\"1\",\"kind\":\"a\"}\n{\"id\":\"2\",\"kind\":\"a\"}\n")
      let run = await waybill("run", "--project", folder, "--quiet")
      #expect(run.code == .done, "\(run.error)")
      let ended = await waybill("profile", "--snapshot", "latest", "--project", folder, "--json")
      #expect(ended.code == .done, "\(ended.error)")
      let json = try Self.profile(ended.output)
      #expect(json["records"]?.intValue == 2)
      #expect(Self.field("kind", of: json)?["top"]?["values"]?.arrayValue?.first?["count"]?.intValue == 2)
      let wrong = await waybill("profile", "--snapshot", "latest", "--entity", "contatc", "--project", folder)
      #expect(wrong.code == .inputMissing && wrong.error.contains("did you mean 'contact'?"), "\(wrong.error)")
    }
  }
}
