/// A text file that diagnostics point into: its name as the user gave it, and its lines.
package struct SourceFile: Sendable, Hashable {
  package let name: String
  package let text: String
  /// The text was converted from another encoding, so it differs from the bytes of the file.
  package let isConverted: Bool
  /// Each character is one byte.
  package let isASCII: Bool
  private let hidden: HiddenLines
  /// The range of each line, so that the frames of many diagnostics do not each read the file from its beginning.
  private let lines: [Range<String.Index>]

  /// - Parameter hidesSections: frames hide what is under `auth` and `headers`, as in pipelines and mappings. In a schema
  /// these are ordinary members.
  package init(name: String, text: String, hidesSections: Bool = true, isConverted: Bool = false) {
    var text = text
    text.makeContiguousUTF8()
    self.name = name
    self.text = text
    self.isConverted = isConverted
    isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    hidden = HiddenLines(hidesSections: hidesSections)
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

  /// What a frame of line `number` must not show: secrets, or what looks like one. Ordered and disjoint.
  package func hiddenRanges(ofLine number: Int) -> [Range<String.Index>] {
    guard number >= 1, number <= lines.count else { return [] }
    return hidden.ranges(ofLine: number, lines[number - 1], in: text)
  }

  /// Lines end as in YAML and Unicode: at LF, CR, CRLF, and VT, FF, NEL, LS, PS.
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

/// Cached hidden ranges by line: many frames may quote one very long line.
private final class HiddenLines: Sendable {
  private struct State {
    var sections: [Range<Int>]?
    var lines: [Int: [Range<String.Index>]] = [:]
  }

  private let hidesSections: Bool
  private let state = Locked(State())

  init(hidesSections: Bool) { self.hidesSections = hidesSections }

  func ranges(ofLine number: Int, _ line: Range<String.Index>, in text: String) -> [Range<String.Index>] {
    state.withLock { state in
      if let known = state.lines[number] { return known }
      if state.sections == nil { state.sections = hidesSections ? HiddenText.sections(in: text) : [] }
      let bytes = text.utf8
      let start = bytes.distance(from: bytes.startIndex, to: line.lowerBound)
      let end = bytes.distance(from: bytes.startIndex, to: line.upperBound)
      let sections = (state.sections ?? []).filter { $0.lowerBound < end && $0.upperBound > start }
      let shapes = HiddenText.shapes(in: text[line]).map { $0.lowerBound + start..<$0.upperBound + start }
      let found = HiddenText.merged(sections.map { max($0.lowerBound, start)..<min($0.upperBound, end) } + shapes).map {
        bytes.index(bytes.startIndex, offsetBy: $0.lowerBound)..<bytes.index(bytes.startIndex, offsetBy: $0.upperBound)
      }
      state.lines[number] = found
      return found
    }
  }
}

/// A range within one line of a file. Lines and columns count from 1; columns and lengths are in characters.
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
