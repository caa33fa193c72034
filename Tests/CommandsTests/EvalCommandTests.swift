import Core
import Foundation
import Testing

@testable import Commands

@Suite struct EvalCommandTests {
  @Test("A result is printed as JSON, alone or with its type")
  func results() async {
    var ended = await waybill("eval", "[1, 2, 3].map(x, x * 2)")
    #expect(ended.code == .done)
    #expect(ended.output == "[2,4,6]\n")
    ended = await waybill("eval", "--typed", "1.0")
    #expect(ended.output == #"{"type":"double","value":1.0}"# + "\n")
  }

  @Test("An expression may begin with a minus", arguments: ["-1 + 2", "--1", "---19 + 20", "-(-1)"])
  func minus(expression: String) async {
    let ended = await waybill("eval", expression)
    #expect(ended.code == .done)
    #expect(ended.output == "1\n")
  }

  @Test("An expression that does not compile is reported with a frame and ends with 4")
  func refused() async {
    let ended = await waybill("eval", "1 + 'a'")
    #expect(ended.code == .recordsFailed)
    #expect(ended.output == "")
    #expect(ended.error.contains("expression:1:3: error: type-mismatch"))
    #expect(ended.error.contains("      |   ^ convert the number: string(1)"))
  }

  @Test("An expression without a value is reported and ends with 4")
  func failed() async {
    let ended = await waybill("eval", "1 / 0")
    #expect(ended.code == .recordsFailed)
    #expect(ended.error.contains("division by zero"))
  }

  @Test(
    "Values that do not fit are reported as they would be if their types were known, with the fix",
    arguments: [
      ("a + 1", "3: error: type-mismatch: '+' cannot add a double and an int", "arithmetic needs numbers of one type: double(1)"),
      ("-b", "1: error: type-mismatch: '-' cannot negate a string", "convert it: -double(b)"),
      ("!b", "1: error: type-mismatch: '!' needs a bool, not a string", "compare it: b == ''"),
      ("b > 1", "3: error: type-mismatch: '>' cannot compare a string with an int", "convert one of them: int(b), double(b)"),
      ("b % 2", "3: error: type-mismatch: '%' cannot divide a string by an int: it takes two ints", nil),
      ("n + 1", "3: error: type-mismatch: '+' cannot add null and an int", nil),
      ("d - d", "3: error: type-mismatch: '-' cannot subtract a map from a map", nil),
      ("b in b", "3: error: type-mismatch: 'in' needs a list or a map on its right, not a string", nil),
      ("b[0]", "2: error: type-mismatch: '[]' cannot read a string with an int", nil),
      ("c['x']", "2: error: type-mismatch: '[]' cannot read a list with a string", nil),
      ("d[c]", "2: error: type-mismatch: '[]' cannot read a map with a list", nil),
      ("c.x", "3: error: type-mismatch: a list has no member 'x'", nil),
      ("size(t)", "1: error: type-mismatch: size() needs a string, bytes, a list or a map, not a bool", nil),
      ("int(c)", "1: error: type-mismatch: int() cannot convert a list", "it takes an int, a uint"),
      ("b.contains(t)", "3: error: type-mismatch: contains() needs a string, not a bool", "convert it: string(t)"),
      ("c.contains(b)", "3: error: type-mismatch: contains() needs a string before the dot, not a list", "write b in c"),
      ("t.matches('x')", "3: error: type-mismatch: matches() needs a string before the dot, not a bool", nil),
      ("b.getHours()", "3: error: type-mismatch: getHours() needs a timestamp or a duration before the dot, not a string", nil),
      ("c.map(x, x + 's')", "12: error: type-mismatch: '+' cannot add an int and a string", "convert the number: string(x)"),
      ("t.all(x, x)", "1: error: type-mismatch: the macro needs a list or a map, not a bool", nil),
      ("b && t", "1: error: type-mismatch: a condition is expected, not a string", nil),
      ("b ? 1 : 2", "1: error: type-mismatch: a condition is expected, not a string", nil),
      ("c.filter(x, x)", "13: error: type-mismatch: a condition is expected, not an int", nil),
    ] as [(String, String, String?)])
  func mismatch(expression: String, message: String, hint: String?) async throws {
    try await withFolder { folder in
      let path = folder + "/r.json"
      try #"{"a":1.5,"b":"x","c":[1],"d":{"k":1},"n":null,"t":true}"#.write(toFile: path, atomically: true, encoding: .utf8)
      let ended = await waybill("eval", expression, "--input", path)
      #expect(ended.code == .recordsFailed)
      #expect(ended.error.hasPrefix("expression:1:\(message)\n"), "\(ended.error)")
      #expect(hint.map { ended.error.contains("^ \($0)") } ?? true, "\(ended.error)")
    }
  }

  @Test("Names are the members of the input, record by record")
  func input() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eval-\(UUID().uuidString).ndjson").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{\"n\": 1}\n\n{\"n\": 2.5}\n".utf8).write(to: URL(fileURLWithPath: path))
    var ended = await waybill("eval", "n", "--input", path)
    #expect(ended.output == "1\n2.5\n")
    ended = await waybill("eval", "n + 1", "--input", path)
    #expect(ended.code == .recordsFailed)
    #expect(ended.output == "2\n")
    #expect(ended.error.contains("record 2"))
  }

  @Test("A missing input ends with 66, invalid JSON with 65")
  func wrongInput() async throws {
    var ended = await waybill("eval", "1", "--input", "/nowhere/at/all.json")
    #expect(ended.code == .inputMissing)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eval-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{nope".utf8).write(to: URL(fileURLWithPath: path))
    ended = await waybill("eval", "1", "--input", path)
    #expect(ended.code == .wrongFile)
  }

  private func withInput(_ text: String, _ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eval-\(UUID().uuidString).ndjson").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try await body(path)
  }

  @Test("An expression that does not compile is reported once for all records")
  func toldOnce() async throws {
    try await withInput("{\"a\": 1}\n{\"b\": 2}\n{\"a\": 3}\n{\"b\": 4}\n{\"b\": 5}\n") { path in
      var ended = await waybill("eval", "a +", "--input", path)
      #expect(ended.code == .recordsFailed)
      #expect(ended.error.components(separatedBy: "expression-syntax").count == 2)
      #expect(!ended.error.contains("record"))
      ended = await waybill("eval", "a", "--input", path)
      #expect(ended.code == .recordsFailed)
      #expect(ended.output == "1\n3\n")
      #expect(ended.error.components(separatedBy: "undeclared-reference").count == 2)
      #expect(ended.error.contains("expression, record 2:1:1:"))
      #expect(ended.error.contains("the same for 2 more records"))
      ended = await waybill("eval", "a == 1 || true", "--input", path)
      #expect(ended.code == .done)
      #expect(ended.error.components(separatedBy: "warning: undeclared-reference").count == 2)
    }
  }

  @Test("A broken line of NDJSON is named; so is the place in one JSON text")
  func brokenInput() async throws {
    try await withInput("{\"a\": 1}\n\n{\"a\": 2,}\n{\"a\": 3}\n") { path in
      let ended = await waybill("eval", "a", "--input", path)
      #expect(ended.code == .wrongFile)
      #expect(ended.error.contains("is not valid NDJSON: line 3, column 9: a member's name"))
    }
    try await withInput("{\n  \"a\": 1,\n  \"b\": [1, 2,]\n}\n") { path in
      let ended = await waybill("eval", "a", "--input", path)
      #expect(ended.code == .wrongFile)
      #expect(ended.error.contains("is not valid JSON: line 3, column 14: a value cannot start with ']'"))
    }
  }

  @Test("Arguments that are no UTF-8 are refused")
  func notUTF8() {
    #expect(ArgumentText.refusal(of: [Array("eval".utf8), Array("'ä'".utf8)]) == nil)
    #expect(ArgumentText.refusal(of: [Array("eval".utf8), [0x27, 0xE4, 0x27]]) == "argument 2 is not UTF-8: nothing was done")
    #expect(ArgumentText.refusal(of: [[0xED, 0xA0, 0x80]]) != nil)
  }

  @Test("The expression is moved after the options, and other commands are unchanged")
  func arrangement() {
    #expect(EvalArguments.arranged(["eval", "-1", "--typed"]) == ["eval", "--typed", "--", "-1"])
    #expect(EvalArguments.arranged(["eval", "--input", "-", "-x"]) == ["eval", "--input", "-", "--", "-x"])
    #expect(EvalArguments.arranged(["eval", "1"]) == ["eval", "1"])
    #expect(EvalArguments.arranged(["check", "-1"]) == ["check", "-1"])
  }
}
