/// The line that a message quotes, and the carets below it: all of a line that people write, of a long one what is around the
/// place.
///
///     17 |   name: {from: [fristName, lastName], do: [trim, {join: " "}]}
///        |                 ^^^^^^^^^
package struct FrameLine: Sendable, Hashable {
  package let line: String
  package let carets: String

  /// Characters that are shown before the place, and from there on.
  private static let mostBefore = 120
  private static let mostBehind = 240

  /// `column` (from 1) and `length` are in characters of `line`.
  package init(_ line: some StringProtocol, column: Int, length: Int) {
    let place = line.index(line.startIndex, offsetBy: max(0, column - 1), limitedBy: line.endIndex) ?? line.endIndex
    let before = Self.end(of: line[..<place])
    let behind = Self.start(of: line[place...])
    self.line = Self.shown(before) + Self.shown(behind)
    // Tabs stay tabs, so that the carets stand under what they point at.
    let indent = before.map { $0 == "\t" ? "\t" : " " }.joined()
    carets = indent + String(repeating: "^", count: max(1, min(length, behind.count)))
  }

  private static func end(of text: some StringProtocol) -> String {
    guard let cut = text.index(text.endIndex, offsetBy: -mostBefore, limitedBy: text.startIndex), cut > text.startIndex else {
      return String(text)
    }
    return "…" + text[text.index(after: cut)...]
  }

  private static func start(of text: some StringProtocol) -> String {
    guard let cut = text.index(text.startIndex, offsetBy: mostBehind, limitedBy: text.endIndex), cut < text.endIndex else {
      return String(text)
    }
    return text[..<text.index(before: cut)] + "…"
  }

  /// Without what moves the cursor of a terminal.
  private static func shown(_ text: String) -> String {
    guard text.utf8.contains(where: isControl) else { return text }
    return String(decoding: text.utf8.map { isControl($0) ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
  }

  private static func isControl(_ byte: UInt8) -> Bool { (byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7F }
}
