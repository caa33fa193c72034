import Core
import Testing
import Values

@testable import Schema

/// Patterns of ECMA-262 that PCRE2 cannot express: a limit of this implementation, not a mistake in the schema.
struct UndecidedPatternTests {
  /// Each is a pattern of ECMA-262 with the flag `u` (2025).
  private static let beyond = [
    #"(?<=a+)b"#, #"(?<!\d*x)y"#, #"a{0,100000}"#, #"(?s:.)"#, #"(?m-i:^a$)"#, #"\uD800"#,
    "(?<\(String(repeating: "n", count: 40))>a)", #"(?:(?<year>\d{4})-|-(?<year>\d{4}))"#,
  ]

  @Test(arguments: beyond)
  func `The schema compiles with a warning, and what depends on the pattern is refused`(_ pattern: String) throws {
    let text = JSONValue.string(pattern).text
    let result = SchemaCompiler.compile(
      file: "s.json", text: #"{"properties": {"a": {"pattern": \#(text)}, "b": {"type": "string"}}}"#)
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported], "\(result.diagnostics)")
    #expect(result.diagnostics.first?.severity == .warning)
    #expect(result.diagnostics.first?.place.column == 34)
    #expect(result.diagnostics.first?.message.hasPrefix("Waybill cannot evaluate this pattern: ") == true)
    let validator = try #require(result.validator)
    #expect(try #require(result.schema).hasRest)
    func codes(_ value: String) throws -> [ProblemCode] { validator.failures(in: try JSONReader.read(value)).map(\.code) }
    #expect(try codes(#"{"b": "x"}"#) == [])
    #expect(try codes(#"{"a": 1}"#) == [])
    #expect(try codes(#"{"a": "ab", "b": 1}"#) == [.patternLimit, .schemaType])
  }

  @Test(arguments: [
    (#"{"not": {"pattern": "(?<=a+)b"}}"#, #""x""#, [ProblemCode.patternLimit]),
    (#"{"anyOf": [{"pattern": "(?<=a+)b"}, {"maxLength": 1}]}"#, #""x""#, []),
    (#"{"patternProperties": {"(?<=a+)b": {}}, "additionalProperties": false}"#, #"{"x": 1}"#, [.patternLimit]),
    (#"{"patternProperties": {"(?<=a+)b": {}}, "additionalProperties": false}"#, "{}", []),
    (#"{"propertyNames": {"pattern": "(?<=a+)b"}}"#, #"{"x": 1}"#, [.patternLimit]),
    (#"{"format": "regex"}"#, #""(?<=a+)b""#, []), (#"{"format": "regex"}"#, #""(?<=a""#, [.schemaFormat]),
  ])
  func `A verdict that rests on the pattern is not known`(_ schema: String, _ value: String, _ codes: [ProblemCode]) throws {
    #expect(try validator(schema).failures(in: try JSONReader.read(value)).map(\.code) == codes)
  }

  @Test(arguments: ["(a", "a)", "[b-a]", "a**", #"\1"#, "(?<n>a", "(?>a)", "(?a)", #"\p{Lettre}"#, #"[\p{L}--[a-z]]"#, "{1}"])
  func `A text that is not a regular expression is an error`(_ pattern: String) {
    let result = SchemaCompiler.compile(file: "s.json", text: #"{"pattern": \#(JSONValue.string(pattern).text)}"#)
    #expect(result.diagnostics.map(\.severity) == [.error], "\(pattern) \(result.diagnostics)")
    #expect(result.diagnostics.first?.message.hasPrefix("'pattern' is not a regular expression: ") == true)
  }

  /// Constructs that differ from PCRE2's and are translated.
  @Test(arguments: [
    (#"^\cJ$"#, "\n", "J"), ("^[^]$", "\n", ""), (#"^\u{1F600}$"#, "😀", "u"), (#"^\uD83D\uDE00$"#, "😀", "x"),
    (#"^\d$"#, "1", "١"), (#"^\w$"#, "a", "é"), (#"^(?<year>\d)-\k<year>$"#, "1-1", "1-2"), (#"^(?<=a)b|a$"#, "a", "b"),
    (#"^.$"#, "😀", "\u{2028}"), (#"^\s$"#, "\u{FEFF}", "\u{180E}"), (#"^(?<ñ>a)\k<ñ>$"#, "aa", "a"),
    ("^[a&&b]$", "&", "c"),
  ])
  func `What ECMA-262 writes in another way means what it says`(_ pattern: String, _ matched: String, _ other: String) throws {
    let validator = try validator(#"{"pattern": \#(JSONValue.string(pattern).text)}"#)
    #expect(validator.failures(in: .string(matched)).isEmpty)
    #expect(validator.failures(in: .string(other)).map(\.code) == [.schemaPattern])
  }
}
