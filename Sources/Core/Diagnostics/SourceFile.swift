/// A text file that diagnostics point into: its name as the user gave it, and its lines.
package struct SourceFile: Sendable, Hashable {
  package let name: String
  package let text: String
  /// Where each line begins and ends: frames of many diagnostics must not each read the file from its beginning.
  private let lines: [Range<String.Index>]

  package init(name: String, text: String) {
    self.name = name
    self.text = text
    lines = Self.lines(of: text)
  }

  package static func == (left: SourceFile, right: SourceFile) -> Bool {
    left.name.isExactly(right.name) && left.text.isExactly(right.text)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(Name(name))
    hasher.combine(Name(text))
  }

  /// Line `number`, from 1, without its line break; nil past the end.
  package func line(_ number: Int) -> Substring? {
    guard number >= 1, number <= lines.count else { return nil }
    return text[lines[number - 1]]
  }

  /// Lines end as YAML and Unicode have it: LF, CR, CRLF, and VT, FF, NEL, LS, PS.
  private static func lines(of text: String) -> [Range<String.Index>] {
    let bytes = text.utf8
    var lines: [Range<String.Index>] = []
    var start = bytes.startIndex
    var index = start
    func byte(_ index: String.Index) -> UInt8 { index < bytes.endIndex ? bytes[index] : 0 }
    while index < bytes.endIndex {
      let next = bytes.index(after: index)
      var behind: String.Index?
      switch bytes[index] {
      case 0x0A, 0x0B, 0x0C: behind = next
      case 0x0D: behind = byte(next) == 0x0A ? bytes.index(after: next) : next
      case 0xC2 where byte(next) == 0x85: behind = bytes.index(after: next)
      case 0xE2 where byte(next) == 0x80:
        let third = bytes.index(after: next)
        if byte(third) == 0xA8 || byte(third) == 0xA9 { behind = bytes.index(after: third) }
      default: break
      }
      guard let behind else {
        index = next
        continue
      }
      lines.append(start..<index)
      (start, index) = (behind, behind)
    }
    lines.append(start..<bytes.endIndex)
    return lines
  }
}

/// A stretch of one line of a file. Lines and columns count from 1; columns and lengths are characters.
package struct SourcePlace: Sendable, Hashable, Comparable {
  @ByBytes package var file: String
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
    (Name(left.file), left.line, left.column) < (Name(right.file), right.line, right.column)
  }
}
