import Core
import Testing

@testable import Mapping

/// What people write in YAML by mistake. Each text follows `fields:` and `  a: b`, so its first line is line 3.
@Suite struct YAMLFailureTests {
  @Test(
    arguments: [
      ("\tv: City", "3:1", "a tab cannot indent a line or precede a value; use spaces", nil),
      ("  v: {from: City", "3:6", "this bracket is not closed: '}' is missing", nil),
      ("  v: {from: City, do: [trim}", "3:28", "',' or ']' is missing (the bracket was opened on line 3)", nil),
      ("  v: {value: a: b}", "3:15", "': ' is not expected here", "quote text that contains ': '"),
      ("  v: note: City", "3:10", "': ' is not expected here", "quote text that contains ': '"),
      ("  v: City}", "", "", nil),
      ("  v: {from: City}}", "3:18", "'}' closes a bracket that was not opened", "remove it"),
      ("    v: City", "3:5", "this line is indented more than the key above it", "indent the keys of a map equally"),
      (
        " v: City", "3:2", "this line is indented less than the keys of the map that begins on line 1",
        "indent the keys of a map equally"
      ),
      ("  v:City", "3:4", "a space is missing after ':'", "write KEY: VALUE"),
      ("  v City", "3:3", "':' is missing: a line of a map is a key and its value", "write KEY: VALUE"),
      ("  v: @City", "3:6", "a value cannot start with '@'", "quote it"),
      ("  v: %City", "3:6", "a value cannot start with '%'", "quote it"),
      ("  v: `City`", "3:6", "a value cannot start with '`'", "quote it"),
      ("  v: !City", "3:6", "a value cannot start with '!', which begins a tag", "quote it"),
      ("  v: {expr: !Ok}", "3:13", "a value cannot start with '!'", "quote it"),
      ("  v: *City", "3:6", "aliases are not supported; write the value out", "quote text that begins with '*'"),
      (
        "  v: &City", "3:6", "anchors are not supported; write the value out where it is needed",
        "quote text that begins with '&'"
      ),
      ("  v: |City", "3:6", "text cannot follow '|' or '>' on the same line", "quote the value"),
      ("  v: > 5", "3:6", "text cannot follow '|' or '>' on the same line", "quote the value"),
      (
        "  v: - City", "3:6", "an element of a list is not allowed here", "put each '- ' on a line of its own, or write [a, b]"
      ),
      ("  v: ? City", "3:6", "a value cannot start with '?'", "quote it"),
      (
        "  v: 'a' == City", "3:10", "text follows the closing quotation mark",
        "put the whole value between double quotation marks"
      ),
      (
        "  v: \"a\" == City", "3:10", "text follows the closing quotation mark",
        "put the whole value between single quotation marks"
      ),
      (
        "  v: {expr: 'it's'}", "3:17", "text follows the closing quotation mark",
        "put the whole value between double quotation marks"
      ),
      ("  v: 'City", "3:6", "a quoted text is not closed", nil),
      (
        "  v: \"C:\\dir\"", "3:9", "this escape is not allowed between double quotation marks",
        "use single quotation marks, or write two backslashes"
      ),
      ("  v: [a, , b]", "3:10", "a value is missing here", "quote text that contains ',', '[', ']', '{' or '}'"),
      ("...\nx: 1", "4:1", "text follows the end of the document", "remove the line '...' above, or this text"),
      ("\u{A0} v: City", "3:1", "an invisible character (U+00A0) precedes this key", "indent with plain spaces"),
      ("\u{FEFF}  v: City", "3:", "this line contains an invisible byte order mark (U+FEFF)", "remove it"),
    ] as [(String, String, String, String?)])
  func `a mistake is named, with what to write instead`(text: String, place: String, message: String, hint: String?) {
    var diagnostics = Diagnostics()
    _ = YAMLReader.read(file: "m.yaml", text: "fields:\n  a: b\n\(text)\n", &diagnostics)
    let first = diagnostics.all.first
    #expect(first?.message ?? "" == message)
    #expect(first?.hint == hint)
    if let first { #expect("\(first.place.line):\(first.place.column)".hasPrefix(place)) }
  }

  @Test(arguments: ["%YAML 1.3\n---\na: b\n", "%FOO\na: b\n", "%\na: b\n"])
  func `a directive is named as such`(text: String) {
    var diagnostics = Diagnostics()
    _ = YAMLReader.read(file: "m.yaml", text: text, &diagnostics)
    #expect(diagnostics.all.first?.message == "a line that begins with '%' is a directive, which is not supported here")
  }
}
