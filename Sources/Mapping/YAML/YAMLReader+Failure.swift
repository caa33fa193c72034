import CLibYAML
import Core

/// Where libyaml stops, what is wrong there and how to change it. Its own messages are those of a scanner ("did not find expected
/// key"), and are never shown.
extension YAMLReader {
  mutating func reportFailure() {
    if parser.error == YAML_READER_ERROR {
      return report("a control character is not allowed here", at: places.place(byteOffset: parser.problem_offset))
    }
    let place = places.place(parser.problem_mark)
    let line = places.lineText(place.line)
    if line.unicodeScalars.contains("\u{FEFF}") {
      return report("this line contains an invisible byte order mark (U+FEFF)", at: place, hint: "remove it")
    }
    if places.character(at: place) == "\t" || isTab {
      return report("a tab cannot indent a line or precede a value; use spaces", at: place)
    }
    let context = parser.context.map { String(cString: $0) } ?? ""
    switch parser.problem.map({ String(cString: $0) }) ?? "" {
    case "mapping values are not allowed in this context": reportColon(place, line)
    case "did not find expected ',' or ']'", "did not find expected ',' or '}'": reportBracket(place, line)
    case "did not find expected key", "did not find expected '-' indicator": reportEntry(place, line)
    case "could not find expected ':'": reportKey(places.place(parser.context_mark))
    case "found character that cannot start any token":
      let character = places.character(at: place).map { "'\($0)'" } ?? "this character"
      report("a value cannot start with \(character)", at: place, hint: "quote it")
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      let escape = SourcePlace(file: place.file, line: place.line, column: place.column, length: 2)
      report(
        "this escape is not allowed between double quotation marks", at: escape,
        hint: "use single quotation marks, or write two backslashes")
    case "block sequence entries are not allowed in this context":
      report("an element of a list is not allowed here", at: place, hint: "put each '- ' on a line of its own, or write [a, b]")
    case "did not find expected node content":
      report("a value is missing here", at: place, hint: "quote text that contains ',', '[', ']', '{' or '}'")
    case "did not find expected <document start>":
      report("text follows the end of the document", at: place, hint: "remove the line '...' above, or this text")
    case "found unexpected end of stream", "found unexpected document indicator":
      report("a quoted text is not closed", at: places.place(parser.context_mark))
    default: reportRest(context, place)
    }
  }

  private var isTab: Bool {
    parser.problem.map { String(cString: $0).contains("tab character") } ?? false
  }

  /// `a: b: c`, or a key that is indented more than the one above it.
  private mutating func reportColon(_ place: SourcePlace, _ line: Substring) {
    let before = line.prefix(place.column - 1)
    if before.contains(": ") || before.contains("{") || before.contains("[") {
      return report("': ' is not expected here", at: place, hint: "quote text that contains ': '")
    }
    report(
      "this line is indented more than the key above it", at: Self.firstWord(of: line, place),
      hint: "indent the keys of a map equally")
  }

  /// Inside brackets.
  private mutating func reportBracket(_ place: SourcePlace, _ line: Substring) {
    let closing = parser.problem.map { String(cString: $0).contains("]") } == true ? "']'" : "'}'"
    if places.isAtEnd(parser.problem_mark) {
      return report("this bracket is not closed: \(closing) is missing", at: places.place(parser.context_mark))
    }
    if places.character(at: place) == ":" {
      return report("': ' is not expected here", at: place, hint: "quote text that contains ': '")
    }
    if reportTextAfterQuote(place, line) { return }
    report("',' or \(closing) is missing (the bracket was opened on line \(parser.context_mark.line + 1))", at: place)
  }

  /// Where the next key of a map, or the next element of a list, should be.
  private mutating func reportEntry(_ place: SourcePlace, _ line: Substring) {
    if reportTextAfterQuote(place, line) { return }
    if let character = places.character(at: place), character == "}" || character == "]" {
      return report("'\(character)' closes a bracket that was not opened", at: place, hint: "remove it")
    }
    report(
      "this line is indented less than the keys of the map that begins on line \(parser.context_mark.line + 1)",
      at: Self.firstWord(of: line, place), hint: "indent the keys of a map equally")
  }

  /// `'a' == City`: what begins with a quotation mark ends with the next one.
  private mutating func reportTextAfterQuote(_ place: SourcePlace, _ line: Substring) -> Bool {
    let before = line.prefix(place.column - 1).reversed().drop { $0 == " " }
    guard let quote = before.first, quote == "'" || quote == "\"" else { return false }
    let other = quote == "'" ? "double" : "single"
    report(
      "text follows the closing quotation mark", at: place, hint: "put the whole value between \(other) quotation marks")
    return true
  }

  /// A line that should be a key and its value.
  private mutating func reportKey(_ place: SourcePlace) {
    let line = places.lineText(place.line)
    if let colon = line.dropFirst(place.column - 1).firstIndex(of: ":"), line.index(after: colon) < line.endIndex {
      let column = line.distance(from: line.startIndex, to: colon) + 1
      return report(
        "a space is missing after ':'", at: SourcePlace(file: place.file, line: place.line, column: column),
        hint: "write KEY: VALUE")
    }
    report("':' is missing: a line of a map is a key and its value", at: place, hint: "write KEY: VALUE")
  }

  /// Problems that libyaml tells apart by what it was reading.
  private mutating func reportRest(_ context: String, _ place: SourcePlace) {
    let start = places.place(parser.context_mark)
    switch context {
    case "while scanning a block scalar":
      report("text cannot follow '|' or '>' on the same line", at: start, hint: "quote the value")
    case "while scanning a tag", "while parsing a tag", "while parsing a node":
      report("a value cannot start with '!'", at: start, hint: "quote it")
    case "while scanning an anchor", "while scanning an alias":
      let character = places.character(at: start).map { "'\($0)'" } ?? "this character"
      report("a value cannot start with \(character)", at: start, hint: "quote it")
    case "while scanning a directive", "while scanning a %YAML directive", "while scanning a %TAG directive":
      report("a line that begins with '%' is a directive, which is not supported here", at: start, hint: "remove it")
    default:
      if places.character(at: place) == "%" {
        return report("a line that begins with '%' is a directive, which is not supported here", at: place, hint: "remove it")
      }
      if places.character(at: place) == "?" { return report("a value cannot start with '?'", at: place, hint: "quote it") }
      report("this is not valid YAML", at: place, hint: "quote texts that contain special characters, and indent with spaces")
    }
  }

  private static func firstWord(of line: Substring, _ place: SourcePlace) -> SourcePlace {
    let indent = line.prefix { $0 == " " }.count
    return SourcePlace(file: place.file, line: place.line, column: min(indent + 1, max(1, line.count)))
  }
}
