import Core

/// The line `sep=;`, which Excel reads and writes above the header.
struct SeparatorLine {
  var line: Int
  var delimiter: UInt8

  /// The first line with text after `lines`, if it is one. `isOptional`: a line that only begins like one is not refused.
  static func find(in bytes: ArraySlice<UInt8>, after lines: Int, isOptional: Bool, _ place: ReadingPlace)
    throws(CSVDialectDetection.Refusal) -> SeparatorLine?
  {
    var rest = bytes
    var line = 1
    while !rest.isEmpty {
      var text = rest.prefix { $0 != 0x0A && $0 != 0x0D }
      rest = rest[text.endIndex...]
      if rest.starts(with: [0x0D, 0x0A]) { rest = rest.dropFirst(2) } else { rest = rest.dropFirst() }
      while text.starts(with: UnicodeForm.utf8.mark) { text = text.dropFirst(3) }
      if line > lines, !text.isEmpty { return try read(text, line, isOptional: isOptional, place) }
      line += 1
    }
    return nil
  }

  private static func read(
    _ text: ArraySlice<UInt8>, _ line: Int, isOptional: Bool, _ place: ReadingPlace
  ) throws(CSVDialectDetection.Refusal) -> SeparatorLine? {
    let quote = UInt8(ascii: "\"")
    let isQuoted = text.first == quote
    let content = isQuoted ? text.dropFirst() : text
    guard content.count >= 4, content.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8).map({ $0 | 0x20 }) else { return nil }
    var after = content.dropFirst(4)
    if let delimiter = after.popFirst(), DelimiterText.byte(String(UnicodeScalar(delimiter))) != nil,
      !isQuoted || after.popFirst() == quote,
      after.allSatisfy({ $0 == delimiter || CSVDialectDetection.candidates.contains($0) })
    {
      return SeparatorLine(line: line, delimiter: delimiter)
    }
    if isOptional { return nil }
    throw CSVDialectDetection.Refusal(
      line: line,
      reason: "the line begins with 'sep=', but does not name one delimiter: \(place.unknownDelimiter), "
        + "and to skip the line, \(place.setting(.skipLines, String(line)))")
  }
}
