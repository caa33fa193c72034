/// An encoding of Unicode that the first bytes of a file show: by a byte order mark, or by the places of its zero bytes.
enum UnicodeForm: String, Sendable, Hashable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16LE = "UTF-16LE"
  case utf16BE = "UTF-16BE"
  case utf32LE = "UTF-32LE"
  case utf32BE = "UTF-32BE"

  var mark: [UInt8] {
    switch self {
    case .utf8: [0xEF, 0xBB, 0xBF]
    case .utf16LE: [0xFF, 0xFE]
    case .utf16BE: [0xFE, 0xFF]
    case .utf32LE: [0xFF, 0xFE, 0, 0]
    case .utf32BE: [0, 0, 0xFE, 0xFF]
    }
  }

  /// The form whose byte order mark `head` begins with.
  static func marked(_ head: [UInt8]) -> UnicodeForm? {
    // The mark of UTF-16LE begins that of UTF-32LE.
    [.utf32LE, .utf32BE, .utf16LE, .utf16BE, .utf8].first { head.starts(with: $0.mark) }
  }

  /// The form that the zero bytes of `head` show, without a byte order mark: those of characters below U+0100, of which every
  /// data file has many. Nil if there are no zeros, or if it cannot be such text.
  static func unmarked(_ head: [UInt8]) -> UnicodeForm? {
    guard head.count >= 4, head.contains(0) else { return nil }
    let wide = [utf32LE, utf32BE, utf16LE, utf16BE]
    if let form = wide.first(where: { $0.hasPlainHeader(head) }) { return form }
    // A header in UTF-8, above rows with zero bytes. In UTF-16, each delimiter of a header has one.
    let header = head.prefix { $0 != 0x0A && $0 != 0x0D }
    if header.count > 1, header.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x09 }) { return nil }
    // Text in UTF-8 with some stray zero bytes has fewer; in UTF-16, nearly every other byte is below 0x20, or an eighth where most
    // characters are ideographs.
    guard head.count(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) * 8 >= head.count else { return nil }
    // Read in the wrong order of bytes, some characters look like others below U+0100, but fewer.
    let found = wide.map { (form: $0, share: $0.shareOfLow(in: head)) }
    return found.filter { $0.share > 0 }.max { $0.share < $1.share }?.form
  }

  private var width: Int { self == .utf32LE || self == .utf32BE ? 4 : 2 }

  /// Calls `take` for each character of `head`, until it returns false. A character beyond U+FFFF is two in UTF-16.
  private func forEachUnit(of head: [UInt8], _ take: (UInt32) -> Bool) {
    let isLittle = self == .utf32LE || self == .utf16LE
    for start in stride(from: 0, through: head.count - width, by: width) {
      let bytes = head[start..<start + width]
      guard take((isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) else { return }
    }
  }

  /// The first line is Latin text, which settles it whatever the rows contain.
  private func hasPlainHeader(_ head: [UInt8]) -> Bool {
    var (count, isPlain, hasEnd) = (0, true, false)
    forEachUnit(of: head) { unit in
      hasEnd = unit == 0x0A || unit == 0x0D
      isPlain = hasEnd || unit == 0x09 || (0x20..<0x7F).contains(unit) || (0xA0..<0x250).contains(unit)
      count += 1
      return isPlain && !hasEnd
    }
    return isPlain && hasEnd && count > 2
  }

  /// The share of characters below U+0100 in `head`, read in this form; 0 if it cannot be text. Text has only valid
  /// characters, hardly any control characters, line breaks that are whole characters, and at least an eighth below U+0100.
  private func shareOfLow(in head: [UInt8]) -> Double {
    var (units, low, controls, breaks) = (0, 0, 0, 0)
    var isText = true
    forEachUnit(of: head) { value in
      let isBreak = value == 0x0A || value == 0x0D
      let isControl = value < 0x20 && !isBreak && value != 0x09
      if width == 4, value > 0x10FFFF || (0xD800..<0xE000).contains(value) { isText = false }
      if value == 0xFFFE || value == 0xFFFF || units == 0 && isControl { isText = false }
      units += 1
      if value < 0x100 { low += 1 }
      if isControl { controls += 1 }
      if isBreak { breaks += 1 }
      return isText
    }
    // Line break bytes that are part of other characters, as most are in text of another form.
    let strays = head.count { $0 == 0x0A || $0 == 0x0D } - breaks
    if strays * 2 > breaks, strays * 32 > units { return 0 }
    return isText && low * 8 >= units && controls * 50 <= units ? Double(low) / Double(units) : 0
  }
}
