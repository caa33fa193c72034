/// Characters that are easily mistaken for others: letters of other scripts that look like Latin ones, full-width forms,
/// ligatures, typographic punctuation, all kinds of spaces, and invisible characters.
///
/// The selection covers what occurs in names that people type or paste. A missing character only makes a hint less precise.
enum LookAlikes {
  enum Kind { case letter, space, invisible }

  /// What `scalar` is mistaken for: a text, usually one Latin letter; a space; or nothing. Nil if it is not a look-alike.
  static func meaning(of scalar: Unicode.Scalar) -> (kind: Kind, text: String)? {
    let value = scalar.value
    if value < 0x80 { return value == 0x09 ? (.space, " ") : value < 0x20 || value == 0x7F ? (.invisible, "") : nil }
    if isSpace(value) { return (.space, " ") }
    if isInvisible(value) { return (.invisible, "") }
    return letter(scalar).map { (.letter, $0) }
  }

  private static func isSpace(_ value: UInt32) -> Bool {
    switch value {
    case 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  private static func isInvisible(_ value: UInt32) -> Bool {
    switch value {
    case 0x80...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B...0x200F, 0x202A...0x202E,
      0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  private static func letter(_ scalar: Unicode.Scalar) -> String? {
    let value = scalar.value
    switch value {
    // Full-width forms.
    case 0xFF01...0xFF5E: return ascii(value - 0xFF01 + 0x21)
    // Mathematical letters: consecutive alphabets of 52 letters; then digits in groups of ten.
    case 0x1D400...0x1D6A3:
      let place = (value - 0x1D400) % 52
      return ascii(place < 26 ? place + 0x41 : place - 26 + 0x61)
    case 0x1D7CE...0x1D7FF: return ascii((value - 0x1D7CE) % 10 + 0x30)
    default: return table[value]
    }
  }

  private static func ascii(_ value: UInt32) -> String? { Unicode.Scalar(value).map { String(Character($0)) } }

  private static let table: [UInt32: String] = Dictionary(
    (cyrillic + greek + otherLetters + punctuation).flatMap { seen, values in values.map { ($0, seen) } },
    uniquingKeysWith: { first, _ in first })

  private static let cyrillic: [(String, [UInt32])] = [
    ("A", [0x410]), ("B", [0x412]), ("C", [0x421]), ("E", [0x415]), ("\u{CB}", [0x401]), ("H", [0x41D]), ("I", [0x406, 0x4C0]),
    ("\u{CF}", [0x407]), ("J", [0x408]), ("K", [0x41A]), ("M", [0x41C]), ("O", [0x41E]), ("P", [0x420]), ("Q", [0x51A]),
    ("S", [0x405]), ("T", [0x422]), ("V", [0x474]), ("W", [0x51C]), ("X", [0x425]), ("Y", [0x423, 0x4AE]), ("3", [0x417]),
    ("a", [0x430]), ("c", [0x441]), ("d", [0x501]), ("e", [0x435]), ("\u{EB}", [0x451]), ("h", [0x4BB]), ("i", [0x456]),
    ("\u{EF}", [0x457]), ("j", [0x458]), ("k", [0x43A]), ("l", [0x4CF]), ("m", [0x43C]), ("o", [0x43E]), ("p", [0x440]),
    ("q", [0x51B]), ("r", [0x433]), ("s", [0x455]), ("t", [0x442]), ("v", [0x475]), ("w", [0x51D]), ("x", [0x445]),
    ("y", [0x443, 0x4AF]),
  ]

  private static let greek: [(String, [UInt32])] = [
    ("A", [0x391]), ("B", [0x392]), ("C", [0x3F9]), ("E", [0x395]), ("H", [0x397]), ("I", [0x399]), ("J", [0x37F]),
    ("K", [0x39A]),
    ("M", [0x39C]), ("N", [0x39D]), ("O", [0x39F]), ("P", [0x3A1]), ("T", [0x3A4]), ("X", [0x3A7]), ("Y", [0x3A5]),
    ("Z", [0x396]),
    ("a", [0x3B1]), ("\u{E1}", [0x3AC]), ("c", [0x3F2]), ("i", [0x3B9]), ("\u{ED}", [0x3AF]), ("j", [0x3F3]), ("k", [0x3BA]),
    ("n", [0x3B7]), ("o", [0x3BF]), ("\u{F3}", [0x3CC]), ("p", [0x3C1]), ("t", [0x3C4]), ("u", [0x3C5]), ("\u{FA}", [0x3CD]),
    ("v", [0x3BD]), ("w", [0x3C9]), ("x", [0x3C7]), ("y", [0x3B3]), ("\u{DF}", [0x3B2]), ("\u{B5}", [0x3BC]),
  ]

  /// Latin letters of other alphabets, Armenian, Roman numerals, ligatures.
  private static let otherLetters: [(String, [UInt32])] = [
    ("I", [0x130, 0x2160]), ("C", [0x216D]), ("D", [0x216E]), ("L", [0x216C]), ("M", [0x216F]), ("O", [0x555]), ("U", [0x54D]),
    ("V", [0x2164]), ("X", [0x2169]), ("a", [0x251]), ("c", [0x217D]), ("d", [0x217E]), ("g", [0x261, 0x581]), ("h", [0x570]),
    ("i", [0x131, 0x2170]), ("l", [0x217C]), ("m", [0x217F]), ("n", [0x578]), ("o", [0x585]), ("q", [0x566]), ("u", [0x57D]),
    ("v", [0x2174]), ("x", [0x2179]), ("ij", [0x133]), ("IJ", [0x132]), ("ff", [0xFB00]), ("fi", [0xFB01]), ("fl", [0xFB02]),
    ("ffi", [0xFB03]), ("ffl", [0xFB04]), ("st", [0xFB05, 0xFB06]),
  ]

  private static let punctuation: [(String, [UInt32])] = [
    ("-", [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63]),
    ("'", [0x2018, 0x2019, 0x201B, 0x2032, 0x2BC, 0xB4]), ("\"", [0x201C, 0x201D, 0x201F, 0x2033]), (".", [0x2024]),
    ("/", [0x2044, 0x2215]), (":", [0x2236, 0xA789]), (",", [0x201A]), ("_", [0x2017]), ("...", [0x2026]),
  ]
}
