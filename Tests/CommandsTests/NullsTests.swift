import Core
import Foundation
import Testing

@testable import Commands

/// What happens to null where the target does not accept it, and to time zones that do not exist.
@Suite("Nulls and time zones in a mapping")
struct NullsTests {
  private func transform(_ mapping: String, _ input: String, _ options: String...) async throws -> (ended: Ended, output: String?)
  {
    try await withFolder { folder in
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try input.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let schema = """
        {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "a": {"type": "string"},
          "b": {"type": ["string", "null"]}, "c": {"type": "object", "properties": {"d": {"type": "string"}}}}}
        """
      try schema.write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      let ended = await waybill(
        [
          "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
          "--lenient",
        ]
          + options)
      return (ended, try? String(contentsOfFile: folder + "/out.ndjson", encoding: .utf8))
    }
  }

  private static func mapping(_ settings: String, _ fields: String) -> String {
    """
    mapping: 1
    name: m
    source: {entity: contact, key: id}
    target: {entity: contact, key: id, schema: s.json}
    settings: {\(settings)}
    fields:
      id: id
    \(fields)
    """
  }

  private static let input = """
    {"id":"1","firstName":"Ada","city":"Rome"}
    {"id":"2","firstName":null,"city":" "}
    {"id":"3"}

    """

  @Test func `nulls omit in the settings omits null everywhere, unless a field overrides it`() async throws {
    let mapping = Self.mapping(
      "nulls: omit", "  a: firstName\n  b: {from: firstName, nulls: write}\n  c: {d: {from: city, do: [trim]}}\n")
    let (ended, output) = try await transform(mapping, Self.input)
    #expect(ended.code == .done, "\(ended.error)")
    #expect(!ended.error.contains("nullable-into-non-null"), "\(ended.error)")
    let lines = [#"{"id":"1","a":"Ada","b":"Ada","c":{"d":"Rome"}}"#, #"{"id":"2","b":null}"#, #"{"id":"3"}"#]
    #expect(output == lines.map { $0 + "\n" }.joined())
  }

  @Test func `Without it check warns, and such records are rejected`() async throws {
    let (ended, output) = try await transform(Self.mapping("", "  a: firstName\n"), Self.input)
    #expect(ended.error.contains("nullable-into-non-null: 'a' may be null"), "\(ended.error)")
    #expect(ended.error.contains("nulls: omit") && ended.error.contains("required: true"))
    #expect(output == "{\"id\":\"1\",\"a\":\"Ada\"}\n{\"id\":\"3\"}\n")
  }

  @Test(arguments: ["Europe/Berln", "Nowhere", "../etc/passwd", "localtime", ""])
  func `A location's unknown time zone is reported as a sentence`(zone: String) async throws {
    let mapping = Self.mapping("timezone: location", "  b: {from: dateAdded, do: [datetime]}\n")
    let (ended, _) = try await transform(mapping, Self.input, "--zone", zone)
    #expect(ended.code == .wrongFile)
    #expect(ended.error.contains("m.yaml:8:") && ended.error.contains("the location's time zone: "), "\(ended.error)")
    #expect(!ended.error.contains("Failure(") && !ended.error.contains("Optional("), "\(ended.error)")
    if zone == "Europe/Berln" { #expect(ended.error.contains("did you mean 'Europe/Berlin'?"), "\(ended.error)") }
  }
}
