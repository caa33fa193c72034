/// A text file that diagnostics point into: its name as the user gave it, and its lines.
package struct SourceFile: Sendable, Hashable {
  package let name: String
  package let text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// Line `number`, from 1, without its line break; nil past the end.
  package func line(_ number: Int) -> Substring? {
    guard number >= 1 else { return nil }
    var rest = text[...]
    for _ in 1..<number {
      guard let end = rest.firstIndex(where: \.isNewline) else { return nil }
      rest = rest[rest.index(after: end)...]
    }
    return rest.prefix { !$0.isNewline }
  }
}

/// A stretch of one line of a file. Lines and columns count from 1; columns and lengths are characters.
package struct SourcePlace: Sendable, Hashable, Comparable {
  package var file: String
  package var line: Int
  package var column: Int
  package var length: Int

  package init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }

  package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}
