import Core

/// What a spreadsheet makes of a cell when it opens a CSV file and saves it again, although nobody has edited the cell.
///
///     in the file              after a spreadsheet
///     007                      7
///     12345678901234567        1.23457E+16
///     true                     TRUE, WAHR
///     2026-01-02 10:15:30      1/2/2026 10:15
///     3.4                      03. Apr
///
/// It cannot know who has changed a cell. Whatever it may have done itself counts as its own doing: the value of the source stays,
/// unless a person confirms the column.
enum SpreadsheetForm {
  /// In characters of UTF-16: Excel cuts off longer texts.
  private static let longestCell = 32_767

  /// Whether `cell` differs from `original` only as a spreadsheet changes it.
  ///
  /// - Parameters: neither is empty, and they differ.
  static func isReformatted(_ cell: String, from original: String) -> Bool {
    if unbroken(cell).isExactly(unbroken(original)) { return true }
    if isBoolean(cell, from: original) { return true }
    if cell.utf16.count == longestCell, original.utf16.count > longestCell, original.hasPrefix(exactly: cell) { return true }
    if isNumber(cell, from: original) { return true }
    let areNumbers = DecimalText(cell) != nil && DecimalText(original) != nil
    return !areNumbers && SpreadsheetDate.isReformatted(cell, from: original)
  }

  /// `#NAME?`, `#REF!`, `Err:508`, or `####` for a value that is too wide: what was there is lost.
  static func isError(_ cell: String) -> Bool {
    if cell.utf8.count >= 3, cell.utf8.allSatisfy({ $0 == UInt8(ascii: "#") }) { return true }
    let errors = ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"]
    if errors.contains(exactly: cell) { return true }
    return cell.hasPrefix(exactly: "Err:") && cell.utf8.count == 7
      && cell.utf8.suffix(3).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A number as spreadsheets shorten long ones, such as `4.91512E+12`: its last digits are lost.
  static func isShortened(_ cell: String) -> Bool {
    let parts = cell.utf8.split(separator: UInt8(ascii: "E"), omittingEmptySubsequences: false)
    guard parts.count == 2, let sign = parts[1].first, "+-".utf8.contains(sign), (2...3).contains(parts[1].count - 1) else {
      return false
    }
    return DecimalText(cell).map { $0.wholeDigits == 1 } ?? false
  }

  /// The file was saved in an encoding that lacks letters of the original: `Иван` is `????`, or `é` is `Ã©`.
  static func hasLostLetters(_ cell: String, from original: String) -> Bool {
    if original.isASCII { return cell.unicodeScalars.contains("\u{FFFD}") && !cell.isExactly(original) }
    if cell.unicodeScalars.contains("\u{FFFD}"), !original.unicodeScalars.contains("\u{FFFD}") { return true }
    return isReplaced(cell, Array(original.unicodeScalars)) || isReplaced(cell, original.map { $0.unicodeScalars.first ?? "?" })
      || Array(original.utf8).elementsEqual(cell.unicodeScalars.map { WindowsText.byte(of: $0) ?? 0 })
  }

  private static func isReplaced(_ cell: String, _ original: [Unicode.Scalar]) -> Bool {
    let scalars = Array(cell.unicodeScalars)
    guard scalars.count == original.count, scalars != original else { return false }
    return zip(scalars, original).allSatisfy { $0 == $1 || $0 == "?" && !$1.isASCII }
  }

  /// Whether it is a number or a date in any form, of which a spreadsheet may make another one.
  static func isFormattable(_ text: String) -> Bool {
    guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return false }
    if DecimalText(text) != nil || SpreadsheetDate.isLike(text) { return true }
    return text.unicodeScalars.allSatisfy { !$0.properties.isAlphabetic }
  }

  /// With one kind of line breaks.
  private static func unbroken(_ text: String) -> String { text.replacing("\r\n", with: "\n").replacing("\r", with: "\n") }

  // MARK: Booleans

  /// As they are written in English, German, French, Spanish, Italian, Portuguese and Dutch.
  private static let booleans = (
    true: ["TRUE", "WAHR", "VRAI", "VERDADERO", "VERO", "VERDADEIRO", "WAAR"],
    false: ["FALSE", "FALSCH", "FAUX", "FALSO", "ONWAAR"]
  )

  private static func isBoolean(_ cell: String, from original: String) -> Bool {
    switch original.lowercased() {
    case "true": booleans.true.contains(exactly: cell)
    case "false": booleans.false.contains(exactly: cell)
    default: false
    }
  }

  // MARK: Numbers

  /// `007` became `7`, `1.50` became `1.5` or `1,5`, and a number with many digits `1.23457E+16` or one that ends with zeros.
  private static func isNumber(_ cell: String, from original: String) -> Bool {
    if isGrouped(cell, from: original) || isGrouped(original, from: cell, isLoose: true) { return true }
    guard let number = DecimalText(original), let shown = DecimalText(cell), shown.isPlain else { return false }
    // No spreadsheet puts a point in place of a comma.
    if number.hasComma, shown.hasFraction, !shown.hasComma { return false }
    if shown.value == number.value { return true }
    if shown.hasExponent {
      return number.value.digits.count > shown.digits.count && number.rounded(to: shown.digits.count) == shown.value
    }
    // It shows fewer decimals than there are.
    if shown.hasFraction, number.hasFraction, number.value.digits.count > shown.digits.count,
      number.rounded(to: shown.digits.count) == shown.value
    {
      return true
    }
    // No spreadsheet keeps more digits.
    let kept = 15
    guard number.value.digits.count > kept else { return false }
    return number.rounded(to: kept) == shown.value || number.cut(to: kept) == shown.value
  }

  /// What stands between groups of three digits, and before decimals.
  private static let groupings: [(mark: Unicode.Scalar, point: String)] = [
    (",", "."), (".", ","), ("'", "."), ("\u{202F}", ","), ("\u{A0}", ","), (" ", ","),
  ]

  /// `1234567.5` became `1,234,567.50`, `1.500` became `1500`, or `12,5` became `125`.
  ///
  /// - Parameter isLoose: groups after commas may have any length: spreadsheets read `12,5` as 125.
  private static func isGrouped(_ cell: String, from original: String, isLoose: Bool = false) -> Bool {
    guard let number = DecimalText(original) else { return false }
    for (mark, point) in Self.groupings {
      let parts = cell.split(exactly: mark)
      guard parts.count > 1, isLoose && mark == "," || parts.dropFirst().allSatisfy({ $0.prefix { $0.isNumber }.count == 3 })
      else {
        continue
      }
      let plain = parts.joined().replacing(point, with: ".")
      if let shown = DecimalText(plain), !shown.hasExponent, shown.value == number.value { return true }
    }
    return false
  }
}

/// Windows-1252, which spreadsheets take CSV files without a byte order mark for.
private enum WindowsText {
  /// From 0x80 on; 0: the byte stands for itself.
  private static let high: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018,
    0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]

  static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x100 { return UInt8(scalar.value) }
    return high.firstIndex(of: scalar.value).map { UInt8(0x80 + $0) }
  }
}
