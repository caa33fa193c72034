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
    // Text in UTF-8 with some stray zero bytes has fewer; in UTF-16, nearly every other byte is below 0x20, or an eighth where most
    // characters are ideographs.
    guard head.count(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) * 8 >= head.count else { return nil }
    // Read in the wrong order of bytes, some characters look like others below U+0100, but fewer.
    let found = [utf32LE, utf32BE, utf16LE, utf16BE].map { (form: $0, share: $0.shareOfLow(in: head)) }
    return found.filter { $0.share > 0 }.max { $0.share < $1.share }?.form
  }

  /// The share of characters below U+0100 in `head`, read in this form; 0 if it cannot be text, which has characters only, hardly
  /// any control characters, and at least an eighth below U+0100.
  private func shareOfLow(in head: [UInt8]) -> Double {
    let width = self == .utf32LE || self == .utf32BE ? 4 : 2
    let isLittle = self == .utf32LE || self == .utf16LE
    var (units, low, controls) = (0, 0, 0)
    for start in stride(from: 0, through: head.count - width, by: width) {
      let bytes = head[start..<start + width]
      let value = (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      units += 1
      if width == 4, value > 0x10FFFF || (0xD800..<0xE000).contains(value) { return 0 }
      if value == 0xFFFE || value == 0xFFFF { return 0 }
      if value < 0x100 { low += 1 }
      if value < 0x20, ![0x09, 0x0A, 0x0D].contains(value) { controls += 1 }
      if start == 0, value < 0x20, ![0x09, 0x0A, 0x0D].contains(value) { return 0 }
    }
    return low * 8 >= units && controls * 50 <= units ? Double(low) / Double(units) : 0
  }
}
