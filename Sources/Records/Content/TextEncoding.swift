import Core
import Glibc

/// A character encoding that was declared for a file, converted with the C library's `iconv`.
package struct TextEncoding: Sendable, Hashable, CustomStringConvertible {
  /// As it was declared, or its usual spelling.
  package let name: String

  package var description: String { name }

  /// Nil if `iconv` does not know the name on this system.
  package init?(_ name: String) {
    guard Self.isName(name), Self.isKnown(name) else { return nil }
    self.name = name
  }

  /// Why a name is refused, with what was probably meant: the end of a sentence that begins with it.
  package static func refusal(of name: String) -> String {
    let listing = "`iconv -l` lists the known ones"
    guard isName(name) else { return "is not the name of an encoding: \(listing)" }
    if let usual = usual(name) { return "is not a known encoding: did you mean '\(usual)'?" }
    let near = NearestName.hint(name.lowercased(), in: common)
    return "is not a known encoding: \(near ?? "name one such as \(common[0]) or \(common[1])"); \(listing)"
  }

  private static let common = [
    "windows-1252", "iso-8859-15", "utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "iso-8859-1", "iso-8859-2", "latin1",
    "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "macintosh", "shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr", "koi8-r", "cp437", "cp850", "us-ascii",
  ]

  /// Other names that people use for encodings.
  private static let nicknames: [String: String] = [
    "ansi": "windows-1252", "excel": "windows-1252", "windows": "windows-1252", "winlatin1": "windows-1252",
    "utf8sig": "utf-8", "utf8bom": "utf-8", "cp65001": "utf-8", "65001": "utf-8", "macroman": "macintosh",
    "xmacroman": "macintosh", "macosroman": "macintosh", "dos": "cp437", "oem": "cp850", "sjis": "shift_jis",
  ]

  /// The name that `iconv` has for what was written in another way: `Win-1252`, `latin-1`, `UTF-16-LE`.
  private static func usual(_ name: String) -> String? {
    let plain = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
    if let known = nicknames[plain] { return known }
    let digits = String(plain.drop { !$0.isNumber })
    let letters = plain.prefix { !$0.isNumber }
    if ["win", "windows", "cp", "wincp", "msansi", ""].contains(letters), digits.count == 4, digits.hasPrefix("125"),
      isKnown("windows-\(digits)")
    {
      return "windows-\(digits)"
    }
    return common.first { $0.filter { $0.isLetter || $0.isNumber } == plain } ?? (isKnown(plain) ? plain : nil)
  }

  /// Nothing that changes how `iconv` converts: `latin1//IGNORE` would drop what is wrong.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:()+".contains($0)) }
  }

  private static func isKnown(_ name: String) -> Bool {
    guard let converter = open(name) else { return false }
    iconv_close(converter)
    return true
  }

  /// A converter to UTF-8; nil if there is none.
  static func open(_ name: String) -> iconv_t? {
    let converter = iconv_open("UTF-8", name)
    return converter == iconv_t(bitPattern: -1) ? nil : converter
  }

  // MARK: Forms of Unicode

  /// The forms of Unicode that the name stands for; empty for other encodings. `utf-16` stands for two.
  var forms: [UnicodeForm] {
    switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "utf8": [.utf8]
    case "utf16", "unicode", "ucs2", "iso10646ucs2", "csunicode": [.utf16LE, .utf16BE]
    case "utf16le", "ucs2le", "unicodelittle": [.utf16LE]
    case "utf16be", "ucs2be", "unicodebig": [.utf16BE]
    case "utf32", "ucs4", "iso10646ucs4", "csucs4": [.utf32LE, .utf32BE]
    case "utf32le", "ucs4le": [.utf32LE]
    case "utf32be", "ucs4be": [.utf32BE]
    default: []
    }
  }
}
