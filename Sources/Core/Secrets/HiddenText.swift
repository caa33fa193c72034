/// The parts of a file that its code frames must not show: everything that looks like a secret and, in pipelines and
/// mappings, everything under `auth` and `headers`.
///
/// It reads lines, indentation and brackets rather than YAML, because files are shown precisely when something is wrong
/// with them. When in doubt, it hides. Keys and names of environment variables stay visible, so that a frame still shows what it is
/// about:
///
///     auth: {tokn: <hidden>, key: {env: APP_KEY}}
enum HiddenText {
  /// Byte ranges in one line of what looks like a secret; ordered and disjoint.
  static func shapes(in line: some StringProtocol) -> [Range<Int>] {
    var copy = String(line)
    return copy.withUTF8 { bytes in
      unsafe merged(SecretShapes.ranges(in: bytes, withKeys: true)).filter { range in
        // What looks like a secret after a key ends before a brace, that of `${NAME}` as well.
        let closes = unsafe range.upperBound < bytes.count && bytes[range.upperBound] == UInt8(ascii: "}")
        return ![range, range.lowerBound..<range.upperBound + (closes ? 1 : 0)].contains {
          unsafe EnvironmentName.isReference(String(decoding: bytes[$0], as: UTF8.self))
        }
      }
    }
  }

  /// Byte ranges in a file of what is under `auth` and `headers`; ordered and disjoint.
  static func sections(in text: String) -> [Range<Int>] {
    var copy = text
    return copy.withUTF8 { bytes in
      var sections = unsafe SecretSections(bytes: bytes)
      return merged(sections.ranges())
    }
  }

  static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}

/// What is under `auth` and `headers`.
@safe private struct SecretSections {
  let bytes: UnsafeBufferPointer<UInt8>
  private var found: [Range<Int>] = []
  /// Lines that are indented deeper than this belong to the section.
  private var indent: Int?
  /// Lines that are indented deeper than this are the text of a block scalar and contain no keys.
  private var textIndent: Int?
  /// Brackets of the section that are still open.
  private var depth = 0
  /// The last scalar was the key `env`.
  private var isAfterEnv = false

  init(bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = unsafe bytes }

  mutating func ranges() -> [Range<Int>] {
    var start = 0
    while unsafe start < bytes.count {
      var end = start
      while unsafe end < bytes.count, unsafe bytes[end] != 0x0A, unsafe bytes[end] != 0x0D { end += 1 }
      line(start..<end)
      start = end + 1
    }
    return found
  }

  private mutating func line(_ line: Range<Int>) {
    let first = line.first { unsafe bytes[$0] != 0x20 && bytes[$0] != 0x09 } ?? line.upperBound
    guard first < line.upperBound else { return }
    // YAML refuses tabs here, so it is unknown what the line belongs to.
    let column = unsafe bytes[line.lowerBound..<first].contains(0x09) && indent != nil ? .max : first - line.lowerBound
    var start = first
    if depth > 0 {
      start = hideRest(hideValues(first..<line.upperBound, isFlow: true)..<line.upperBound)
      if depth == 0 { indent = nil }
    } else if let textIndent, column > textIndent {
      return found.append(first..<line.upperBound)
    } else if let indent, unsafe column > indent || (column == indent && bytes[first] == UInt8(ascii: "-")) {
      textIndent = endsInBlockScalar(line) ? column : nil
      start = hideValues(first..<line.upperBound, isFlow: false)
    } else {
      (indent, textIndent) = (nil, nil)
    }
    let isText = endsInBlockScalar(line)
    let brace = unsafe bytes[line].firstIndex(of: UInt8(ascii: "{")) ?? line.upperBound
    while let key = nextSection(in: start..<line.upperBound) {
      var value = key.upperBound
      while value < line.upperBound, unsafe bytes[value] == 0x20 { value += 1 }
      // The value may continue below.
      indent = min(indent ?? .max, key.lowerBound - line.lowerBound)
      if isText { textIndent = indent }
      guard value < line.upperBound else { return }
      if unsafe bytes[value] == UInt8(ascii: "{") || bytes[value] == UInt8(ascii: "[") {
        depth = 1
        start = hideRest(hideValues(value + 1..<line.upperBound, isFlow: true)..<line.upperBound)
        if depth == 0 { indent = nil }
      } else {
        start = hideScalar(value..<line.upperBound, isFlow: brace < key.lowerBound, isValue: true)
      }
    }
  }

  /// `|` or `>` at the end of a line, with or without an indicator after it.
  private func endsInBlockScalar(_ line: Range<Int>) -> Bool {
    var end = line.upperBound
    while end > line.lowerBound, unsafe bytes[end - 1] == 0x20 || "+-0123456789".utf8.contains(bytes[end - 1]) { end -= 1 }
    guard end > line.lowerBound + 1 else { return false }
    return unsafe (bytes[end - 1] == UInt8(ascii: "|") || bytes[end - 1] == UInt8(ascii: ">")) && bytes[end - 2] == 0x20
  }

  /// The first such key: from the start of its name to after its colon.
  private func nextSection(in range: Range<Int>) -> Range<Int>? {
    for index in range {
      let first = unsafe bytes[index] | 0x20
      guard first == UInt8(ascii: "a") || first == UInt8(ascii: "h"),
        unsafe index == range.lowerBound || !isOfName(bytes[index - 1])
      else { continue }
      for name in ["auth", "headers", "header"] where first == name.utf8.first {
        let count = name.utf8.count
        guard index + count < range.upperBound,
          unsafe zip(bytes[index..<index + count], name.utf8).allSatisfy({ $0 | 0x20 == $1 })
        else { continue }
        var end = index + count
        while end < range.upperBound, unsafe [0x20, 0x22, 0x27].contains(bytes[end]) { end += 1 }
        if end < range.upperBound, unsafe bytes[end] == UInt8(ascii: ":") { return index..<end + 1 }
      }
    }
    return nil
  }

  private func isOfName(_ byte: UInt8) -> Bool { SecretShapes.isWord(byte) || "-_.".utf8.contains(byte) }

  /// Hides the values in `range`; returns where the section's brackets close, or its end.
  private mutating func hideValues(_ range: Range<Int>, isFlow: Bool) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      switch unsafe bytes[index] {
      case 0x20, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"): index += 1
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        index += 1
        guard depth > 0 else { continue }
        depth -= 1
        if depth == 0, isFlow { return index }
      case UInt8(ascii: "-") where unsafe !isFlow && index + 1 < range.upperBound && bytes[index + 1] == 0x20: index += 1
      case UInt8(ascii: "#"):
        found.append(index..<range.upperBound)
        return range.upperBound
      default: index = hideScalar(index..<range.upperBound, isFlow: isFlow || depth > 0, isValue: false)
      }
    }
    return index
  }

  /// After the brackets of a section are closed: hides a comment, and text that does not belong there. Returns where the next
  /// section may begin.
  private mutating func hideRest(_ range: Range<Int>) -> Int {
    guard depth == 0, let next = range.first(where: { unsafe bytes[$0] != 0x20 && bytes[$0] != 0x09 }) else {
      return range.lowerBound
    }
    guard unsafe ",}]".utf8.contains(bytes[next]) else {
      found.append(next..<range.upperBound)
      return range.upperBound
    }
    for index in range where unsafe bytes[index] == UInt8(ascii: "#") && index > 0 && [0x20, 0x09].contains(bytes[index - 1]) {
      found.append(index..<range.upperBound)
      break
    }
    return range.lowerBound
  }

  /// Hides the scalar that `range` begins with, unless it is a key; returns its end.
  private mutating func hideScalar(_ range: Range<Int>, isFlow: Bool, isValue: Bool) -> Int {
    let quote = unsafe bytes[range.lowerBound]
    var end = range.lowerBound
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      end += 1
      // Inside single quotes a quote is escaped by doubling it, inside double quotes by a backslash.
      while end < range.upperBound {
        let hasNext = end + 1 < range.upperBound
        if unsafe bytes[end] == quote, unsafe !hasNext || quote == UInt8(ascii: "\"") || bytes[end + 1] != quote { break }
        let isEscape = unsafe bytes[end] == quote || quote == UInt8(ascii: "\"") && bytes[end] == UInt8(ascii: "\\")
        end += isEscape && hasNext ? 2 : 1
      }
      end = min(end + 1, range.upperBound)
    } else {
      while end < range.upperBound {
        // The brace of `${NAME}` does not end a flow mapping.
        if unsafe bytes[end..<range.upperBound].starts(with: "${".utf8),
          let close = unsafe bytes[end..<range.upperBound].firstIndex(of: UInt8(ascii: "}"))
        {
          end = close + 1
          continue
        }
        if isFlow, unsafe ",{}[]".utf8.contains(bytes[end]) { break }
        if !isValue, unsafe bytes[end] == UInt8(ascii: ":"),
          unsafe end + 1 == range.upperBound || " \t\"'{[".utf8.contains(bytes[end + 1])
        {
          break
        }
        end += 1
      }
    }
    let text = unsafe String(decoding: bytes[range.lowerBound..<end], as: UTF8.self)
    if !isValue, end < range.upperBound, unsafe bytes[end] == UInt8(ascii: ":"), isHarmless(range.lowerBound..<end) {
      isAfterEnv = ["env", "\"env\"", "'env'"].contains(text)
      return end
    }
    let isShown = EnvironmentName.isReference(text) || (isAfterEnv && EnvironmentName.isName(text))
    isAfterEnv = false
    if isShown { return max(end, range.lowerBound + 1) }
    found.append(range.lowerBound..<end)
    return max(end, range.lowerBound + 1)
  }

  /// A key as people write them: a short word without digits.
  private func isHarmless(_ key: Range<Int>) -> Bool {
    unsafe key.count <= 24
      && bytes[key].allSatisfy { SecretShapes.isWord($0) && !(0x30...0x39).contains($0) || "-_ \"'".utf8.contains($0) }
      && SecretShapes.ranges(in: UnsafeBufferPointer(rebasing: bytes[key]), withKeys: false).isEmpty
  }
}
