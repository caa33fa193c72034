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

  @Test("What does not compile is told with a frame and ends with 4")
  func refused() async {
    let ended = await waybill("eval", "1 + 'a'")
    #expect(ended.code == .recordsFailed)
    #expect(ended.output == "")
    #expect(ended.error.contains("expression:1:3: error: type-mismatch"))
    #expect(ended.error.contains("      |   ^ convert the number: string(1)"))
  }

  @Test("What has no value is told and ends with 4")
  func failed() async {
    let ended = await waybill("eval", "1 / 0")
    #expect(ended.code == .recordsFailed)
    #expect(ended.error.contains("division by zero"))
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

  @Test("A missing input ends with 66, one that is no JSON with 65")
  func wrongInput() async throws {
    var ended = await waybill("eval", "1", "--input", "/nowhere/at/all.json")
    #expect(ended.code == .inputMissing)
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("eval-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{nope".utf8).write(to: URL(fileURLWithPath: path))
    ended = await waybill("eval", "1", "--input", path)
    #expect(ended.code == .wrongFile)
  }

  @Test("The expression goes behind the options, and other commands stay as they are")
  func arrangement() {
    #expect(EvalArguments.arranged(["eval", "-1", "--typed"]) == ["eval", "--typed", "--", "-1"])
    #expect(EvalArguments.arranged(["eval", "--input", "-", "-x"]) == ["eval", "--input", "-", "--", "-x"])
    #expect(EvalArguments.arranged(["eval", "1"]) == ["eval", "1"])
    #expect(EvalArguments.arranged(["check", "-1"]) == ["check", "-1"])
  }
}
