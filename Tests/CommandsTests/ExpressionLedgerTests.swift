import Core
import Foundation
import Testing

@testable import Commands

/// What the ledger says of an expression that fails: which one, where it stands, and what it has read.
@Suite struct ExpressionLedgerTests {
  static let mapping = """
    mapping: 1
    name: people
    source: {entity: contact, key: id, extra: {n: integer, m: integer}}
    target: {entity: person, key: id}
    vars:
      double: {expr: "n != null ? n * 9000000000000000000 : 0"}
    fields:
      id: id
      city: {from: city, when: "n == null || n * 9000000000000000000 > 0"}
      branch:
        case:
          - {when: "m == null", value: 0}
          - {when: "m * 9000000000000000000 > 0", value: 1}
        else: 2
      value:
        case:
          - {when: "m == null", value: 0}
          - {when: "m > 0", expr: "m * 9000000000000000000"}
      viaVar: vars.double

    """

  @Test("operands that do not fit are reported in the checker's words")
  func mismatch() async throws {
    try await withFolder { folder in
      let mapping = """
        mapping: 1
        name: m
        source: {entity: contact, key: id, extra: {x: any, y: any}}
        target: {entity: person, key: id}
        fields:
          id: id
          sum: {expr: "x == null || y == null ? null : dyn(x) + dyn(y)", on_error: nullify}
          size: {expr: "x == null ? 0 : size(dyn(x))", on_error: nullify}
          part: {expr: "y == null ? 0 : dyn(y).getHours()", on_error: nullify}

        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try #"{"id":"c1","x":1.5,"y":7}"#.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
        "--ledger", folder + "/ledger.ndjson")
      let ledger = try String(contentsOfFile: folder + "/ledger.ndjson", encoding: .utf8)
      for message in [
        "'+' cannot add a double and an int", "size() needs a string, bytes, a list or a map, not a double",
        "getHours() needs a timestamp or a duration before the dot, not an int",
      ] {
        #expect(ledger.contains(message), "\(ledger)\(ended.error)")
      }
      #expect(!ledger.contains("overload"))
    }
  }

  @Test("the expression that failed is named, with its place and its sources")
  func sites() async throws {
    try await withFolder { folder in
      try Self.mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try #"{"id":"c1","city":"Bonn","n":5,"m":7}"#.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
        "--ledger", folder + "/ledger.ndjson", "--lenient")
      #expect(ended.code == .done, "\(ended.error)")
      let ledger = try String(contentsOfFile: folder + "/ledger.ndjson", encoding: .utf8)
      let lines = try ledger.split(separator: "\n").map { try JSONReader.read(String($0)) }
      func line(_ field: String) -> JSONValue? { lines.first { $0["field"]?.stringValue == field } }
      func place(_ line: JSONValue?) -> String {
        "\(line?["rule"]?["line"]?.text ?? "?"):\(line?["rule"]?["column"]?.text ?? "?")"
      }

      let condition = line("city")
      #expect(condition?["code"] == .string("expression-error"))
      #expect(condition?["source"] == .string("n"))
      #expect(condition?["value"] == nil)
      #expect(place(condition) == "9:28")
      #expect(condition?["message"]?.stringValue?.contains("its 'when'") == true)
      let branch = line("branch")
      #expect(place(branch) == "13:16")
      #expect(branch?["message"]?.stringValue?.contains("'when' of branch 2") == true)
      let value = line("value")
      #expect(place(value) == "18:31")
      let variable = line("vars.double")
      #expect(variable?["code"] == .string("expression-error"))
      #expect(place(variable) == "6:18")
      #expect(line("viaVar") == nil && line("double") == nil)
    }
  }

  @Test("an expression's value that JSON cannot express is reported")
  func results() async throws {
    try await withFolder { folder in
      let mapping = """
        mapping: 1
        name: people
        source: {entity: contact, key: id, extra: {n: integer}}
        target: {entity: person, key: id}
        where: "n == null || n * 9000000000000000000 > 0"
        fields:
          id: id
          twins: {expr: "{1: 'a', id: 'b'}"}
          huge: {expr: "double(id) * 1e308 * 10.0"}

        """
      try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try "{\"id\":\"1\"}\n{\"id\":\"2\",\"n\":5}\n".write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/out.ndjson",
        "--ledger", folder + "/ledger.ndjson", "--lenient")
      #expect(ended.code == .done, "\(ended.error)")
      let ledger = try String(contentsOfFile: folder + "/ledger.ndjson", encoding: .utf8)
      #expect(ledger.contains("'twins': two keys of a map have the same name in JSON"), "\(ledger)")
      #expect(ledger.contains("'huge': range error"), "\(ledger)")
      let filtered = try ledger.split(separator: "\n").map { try JSONReader.read(String($0)) }.last
      #expect(filtered?["record"] == .string("2") && filtered?["source"] == .string("n"), "\(ledger)")
    }
  }
}
