/// Columns in lines of any length: a file that is one line of megabytes is common, and may need thousands of places.
///
/// Of a long line the characters are counted once, with a mark every few thousand bytes, between two ASCII characters, where no
/// character can span; a place is counted from the mark before it.
struct LongLineColumns {
  private static let stretch = 4096

  private struct Mark {
    var byte: Int
    var characters: Int
  }

  /// By the first byte of the line.
  private var marks: [Int: [Mark]] = [:]

  /// How many characters are in `range`, which begins where its line does.
  mutating func characters(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    guard range.count > 2 * Self.stretch else { return SchemaDocument.characters(in: bytes, range) }
    extend(range.lowerBound, to: range.upperBound, in: bytes)
    guard let line = marks[range.lowerBound], case let after = Self.firstMark(in: line, behind: range.upperBound), after > 0
    else {
      return SchemaDocument.characters(in: bytes, range)
    }
    let mark = line[after - 1]
    return mark.characters + SchemaDocument.characters(in: bytes, mark.byte..<range.upperBound)
  }

  private mutating func extend(_ start: Int, to end: Int, in bytes: [UInt8]) {
    var line = marks[start] ?? []
    var mark = line.last ?? Mark(byte: start, characters: 0)
    while let next = Self.boundary(after: mark.byte + Self.stretch, before: end, in: bytes) {
      mark = Mark(byte: next, characters: mark.characters + SchemaDocument.characters(in: bytes, mark.byte..<next))
      line.append(mark)
    }
    marks[start] = line
  }

  private static func boundary(after start: Int, before end: Int, in bytes: [UInt8]) -> Int? {
    var index = start
    while index < end {
      if bytes[index] < 0x80, bytes[index - 1] < 0x80, bytes[index] != UInt8(ascii: "\n") { return index }
      index += 1
    }
    return nil
  }

  /// The number of the first mark after `byte`.
  private static func firstMark(in line: [Mark], behind byte: Int) -> Int {
    var low = 0
    var high = line.count
    while low < high {
      let middle = (low + high) / 2
      if line[middle].byte <= byte { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
