import Core

/// What a spreadsheet makes of a cell when it opens a CSV file and saves it again, although nobody has edited the cell.
enum SpreadsheetForm {
  /// In characters of UTF-16: Excel cuts off longer texts.
  private static let longestCell = 32_767

  /// Whether `cell` differs from `original` only as a spreadsheet changes it.
  ///
  /// - Parameters: neither is empty, and they differ.
  static func isReformatted(_ cell: String, from original: String) -> Bool {
    if unbroken(cell).isExactly(unbroken(original)) { return true }
    if original.isExactly("true") || original.isExactly("false") { return cell.isExactly(original.uppercased()) }
    if cell.utf16.count == longestCell, original.utf16.count > longestCell, original.hasPrefix(exactly: cell) { return true }
    return isNumber(cell, from: original) || isDate(cell, from: original)
  }

  /// `#NAME?`, `#REF!`, `Err:508`, or `####` for a value that is too wide: what was there is lost.
  static func isError(_ cell: String) -> Bool {
    if cell.utf8.count >= 3, cell.utf8.allSatisfy({ $0 == UInt8(ascii: "#") }) { return true }
    let errors = ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!"]
    if errors.contains(exactly: cell) { return true }
    return cell.hasPrefix(exactly: "Err:") && cell.utf8.count == 7
      && cell.utf8.suffix(3).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// With one kind of line breaks.
  private static func unbroken(_ text: String) -> String { text.replacing("\r\n", with: "\n").replacing("\r", with: "\n") }

  // MARK: Numbers

  /// `007` became `7`, `1.50` became `1.5` or `1,5`, and a number with many digits `1.23457E+16` or one that ends with zeros.
  private static func isNumber(_ cell: String, from original: String) -> Bool {
    guard let number = DecimalText(original), let shown = DecimalText(cell), shown.isPlain else { return false }
    if shown.value == number.value { return true }
    if shown.hasExponent {
      return number.value.digits.count > shown.digits.count && number.rounded(to: shown.digits.count) == shown.value
    }
    // No spreadsheet keeps more digits.
    let kept = 15
    guard number.value.digits.count > kept else { return false }
    return number.rounded(to: kept) == shown.value || number.cut(to: kept) == shown.value
  }

  // MARK: Dates

  /// `2026-01-02` became `02.01.2026`, `1/2/2026` or `02.01.26`, and `01/02/2026` became `1/2/2026`. Another order of the same numbers is a
  /// correction.
  private static func isDate(_ cell: String, from original: String) -> Bool {
    guard let old = numbers(original), let new = numbers(cell), old.count == new.count else { return false }
    let hasYear = old.prefix(3).contains { $0 > 999 }
    guard hasYear else { return false }
    if old == new { return true }
    guard old[0] > 999, new[0] <= 999, old.dropFirst(3) == new.dropFirst(3) else { return false }
    let (wanted, short) = (old.prefix(3).sorted(), ([old[0] % 100] + old[1..<3]).sorted())
    let found = new.prefix(3).sorted()
    return found == wanted || found == short
  }

  /// The numbers of a date, with the time if it is not midnight; nil if the text is not one.
  private static func numbers(_ text: String) -> [Int]? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "-/.: T".utf8.contains($0) }) else { return nil }
    let parts = text.utf8.split { !(0x30...0x39).contains($0) }
    guard (3...6).contains(parts.count), parts.allSatisfy({ $0.count <= 4 }) else { return nil }
    var numbers = parts.compactMap { Int(String($0) ?? "") }
    while numbers.count > 3, numbers.last == 0 { numbers.removeLast() }
    return numbers
  }
}

/// A decimal number as text, with a point or a comma.
private struct DecimalText {
  /// ±0.d₁d₂… × 10^exponent; no zeros at either end of the digits.
  struct Value: Equatable {
    var isNegative: Bool
    var digits: [UInt8]
    var exponent: Int

    init(isNegative: Bool, digits: some Sequence<UInt8>, exponent: Int) {
      var digits = Array(digits)
      while digits.last == 0 { digits.removeLast() }
      let zeros = digits.prefix { $0 == 0 }.count
      digits.removeFirst(zeros)
      self.isNegative = isNegative && !digits.isEmpty
      self.exponent = digits.isEmpty ? 0 : exponent - zeros
      self.digits = digits
    }
  }

  let value: Value
  /// As written, without zeros before them.
  let digits: [UInt8]
  let hasExponent: Bool
  /// As a spreadsheet writes numbers: no plus sign, no zeros before them, and none after the point unless there is an exponent.
  let isPlain: Bool

  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    let hasPlus = rest.first == UInt8(ascii: "+")
    let isNegative = rest.first == UInt8(ascii: "-")
    if hasPlus || isNegative { rest = rest.dropFirst() }
    func takeDigits() -> [UInt8] {
      let taken = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(taken.count)
      return taken.map { $0 - 0x30 }
    }
    let whole = takeDigits()
    var fraction: [UInt8] = []
    if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
      rest = rest.dropFirst()
      fraction = takeDigits()
      guard !fraction.isEmpty else { return nil }
    }
    guard !whole.isEmpty else { return nil }
    var exponent = 0
    let hasExponent = rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E")
    if hasExponent {
      rest = rest.dropFirst()
      let isDown = rest.first == UInt8(ascii: "-")
      if isDown || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      let digits = takeDigits()
      guard (1...6).contains(digits.count) else { return nil }
      exponent = digits.reduce(0) { $0 * 10 + Int($1) } * (isDown ? -1 : 1)
    }
    guard rest.isEmpty else { return nil }
    value = Value(isNegative: isNegative, digits: whole + fraction, exponent: whole.count + exponent)
    digits = Array((whole + fraction).drop { $0 == 0 })
    self.hasExponent = hasExponent
    isPlain = !hasPlus && (whole.count == 1 || whole[0] != 0) && (hasExponent || fraction.last != 0)
  }

  /// To this many digits, half away from zero.
  func rounded(to count: Int) -> Value {
    guard value.digits.count > count, count > 0 else { return value }
    var kept = [0] + value.digits.prefix(count)
    if value.digits[count] >= 5 {
      var place = count
      while kept[place] == 9 {
        kept[place] = 0
        place -= 1
      }
      kept[place] += 1
    }
    return Value(isNegative: value.isNegative, digits: kept, exponent: value.exponent + 1)
  }

  func cut(to count: Int) -> Value {
    Value(isNegative: value.isNegative, digits: value.digits.prefix(count), exponent: value.exponent)
  }
}
