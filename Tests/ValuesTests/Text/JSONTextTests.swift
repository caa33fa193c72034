import Core
import Testing

@testable import Values

struct JSONTextTests {
  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), ("say \"hi\"", #""say \"hi\"""#), ("a\\b", #""a\\b""#),
    ("\n\r\t\u{08}\u{0C}", #""\n\r\t\b\f""#),
    ("\u{00}\u{1F}\u{0B}", #""\u0000\u001f\u000b""#), ("\u{7F}é李👍\u{2028}", "\"\u{7F}é李👍\u{2028}\""),
    ("0123456789012345\"", #""0123456789012345\"""#),
    ("/", #""/""#),
  ])
  func stringsAreEscaped(text: String, expected: String) {
    let result = run(text) {
      JSONText.appendString($0, into: &$1)
      return true
    }
    #expect(Array(result.text.utf8) == Array(expected.utf8))
  }

  @Test func everyPlaceOfAnEscapeIsFound() {
    for length in 0..<20 {
      for position in 0..<max(length, 1) where position < length {
        var scalars = Array(repeating: Unicode.Scalar("ÿ"), count: length)
        scalars[position] = "\n"
        let text = String(String.UnicodeScalarView(scalars))
        let result = run(text) {
          JSONText.appendEscaped($0, into: &$1)
          return true
        }
        #expect(
          result.text == String(repeating: "ÿ", count: position) + "\\n" + String(repeating: "ÿ", count: length - position - 1))
      }
    }
  }

  @Test(arguments: [
    ("{}", "{}"), ("[1,2]", "[1,2]"), ("{ \"a\" : 1 ,\n\t\"b c\" : [ true , null ] }", #"{"a":1,"b c":[true,null]}"#),
    ("  1  ", "1"),
    (#"{"a \" b" : "x \\" }"#, #"{"a \" b":"x \\"}"#),
    (#"[ "a long string with  spaces \\\" and more" ]"#, #"["a long string with  spaces \\\" and more"]"#),
    (#"{"é 李": "👍 x" }"#, #"{"é 李":"👍 x"}"#),
  ])
  func minifyingDropsWhiteSpaceOutsideStrings(json: String, expected: String) {
    let result = run(json) { JSONText.minify($0, into: &$1) }
    #expect(result.text == expected)
    #expect(result.isSame == (json == expected))
  }
}
