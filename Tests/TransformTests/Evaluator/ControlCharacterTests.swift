import Core
import Testing
import Values

@testable import Transform

/// Control characters that JSON records have as escapes: counted warnings, as for CSV.
struct ControlCharacterTests {
  private static func result(_ text: String, each: SourcePath? = nil) async throws -> (
    problems: [String], messages: [String], output: String
  ) {
    let fields = [
      TestMapping.field("id", TestMapping.source("id")), TestMapping.field("n", TestMapping.source("n")),
      TestMapping.field("c", TestMapping.source("a.c")),
    ]
    let result = try await TestMapping.run(TestMapping.model(fields, each: each), text)
    #expect(result.counts.warnings == result.problems.count)
    return (result.problems, result.messages, result.output)
  }

  @Test(arguments: [
    (#"\u0000"#, "U+0000"), (#"x\u0007y"#, "U+0007"), (#"\b"#, "U+0008"), (#"\f"#, "U+000C"), (#"\u001F"#, "U+001F"),
    (#"\u007f"#, "U+007F"), (#"\u0085"#, "U+0085"), (#"\u009F"#, "U+009F"),
  ])
  func `An escape for a control character in what is read is a warning, and the character is kept`(
    _ escape: String, _ name: String
  ) async throws {
    let result = try await Self.result(#"{"id":"1","n":"x\#(escape)y"}"#)
    #expect(result.problems == ["1 1 warning control-character - -"])
    #expect(result.messages == ["'n' contains the control character \(name)"])
    let written = try JSONReader.read(result.output)["n"]
    #expect(written == (try JSONReader.read(#""x\#(escape)y""#)))
  }

  @Test(arguments: [
    (#"{"id":"1","a":{"c":"\uFEFF"}}"#, "'a.c' contains a byte order mark (U+FEFF)"),
    (#"{"id":"\u0001","n":"\u0002"}"#, "'id' contains the control character U+0001"),
    (#"{"id":"1","n":["a",["b\u0000"]]}"#, "'n' contains the control character U+0000"),
    (#"{"id":"1","n":{"x":[{"y":"\u0000"}]}}"#, "'n' contains the control character U+0000"),
    (#"{"id":"1","n":{"\u0001":1}}"#, "'n' contains the control character U+0001"),
    (#"{"id":"1","n":[{"x":{"a\u0085":null}}]}"#, "'n' contains the control character U+0085"),
  ])
  func `The first one in a record is named with its field`(_ record: String, _ message: String) async throws {
    #expect(try await Self.result(record).messages == [message])
  }

  @Test(arguments: [
    #"{"id":"1","n":"a\tb\nc\r\"\\\/"}"#, #"{"id":"1","n":"x","unread":"\u0007"}"#, #"{"id":"1","n":"é\u00e9\u00a0\u2028"}"#,
    #"{"id":"1","n":"\\u0007"}"#, #"{"id":"1","a":{"d":"\b"},"n":1}"#, #"{"id":"1","\u0007":"x"}"#,
  ])
  func `Other escapes, and texts that nothing reads, are not reported`(_ record: String) async throws {
    #expect(try await Self.result(record).problems == [])
  }

  @Test func `Each record and each element has a warning of its own, and the next record starts anew`() async throws {
    let text = #"""
      {"id":"1","n":"\u0001"}
      {"id":"2","n":"x"}
      {"id":"3","n":"\u0003"}
      """#
    #expect(
      try await Self.result(text).problems == ["1 1 warning control-character - -", "3 3 warning control-character - -"])
    let fields = [
      TestMapping.field("id", TestMapping.source("id")),
      TestMapping.field("n", .source(SourcePath(root: .item, steps: [.member("n")]), accepts: .any)),
    ]
    let model = TestMapping.model(fields, each: SourcePath(steps: [.member("l")]))
    // A record without items has no outcome that a warning could belong to.
    let result = try await TestMapping.run(
      model,
      #"""
      {"id":"\u0001"}
      {"id":"1","l":[{"n":"a"},{"n":"\u0007"},{"m":"\u0007"}]}
      {"id":"\u0002","l":[]}
      """#)
    #expect(result.messages == ["'item.n' contains the control character U+0007"])
    #expect(result.counts.warnings == 1)
  }
}
