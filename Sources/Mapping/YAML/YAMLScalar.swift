package import Core

/// A scalar of a YAML document: its text, how it was written, and what that means by the core schema of YAML 1.2.
package struct YAMLScalar: Sendable, Hashable {
  package enum Style: Sendable, Hashable { case plain, quoted, block }

  package enum Meaning: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// Decimal digits, with `-` where negative, without leading zeros.
    case integer(String)
    /// A JSON number.
    case number(String)
    case text(String)
  }

  package var text: String
  package var style: Style
  /// As written in the file, if that differs from the text: escapes, doubled quotes, folded lines, blocks.
  package var written: WrittenScalar?

  package init(_ text: String, _ style: Style, written: WrittenScalar? = nil) {
    self.text = text
    self.style = style
    self.written = written
  }

  /// YAML 1.2.2, section 10.3.2; only plain scalars can be anything but text. The reader refuses what YAML reads as
  /// infinity or as not a number.
  package var meaning: Meaning {
    guard style == .plain else { return .text(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    default: return Self.number(text) ?? .text(text)
    }
  }

  /// What YAML reads this plain scalar as if that is a number that JSON does not have: `infinity` for `.inf`.
  package var nonFiniteNumber: String? {
    guard style == .plain else { return nil }
    switch text {
    case ".nan", ".NaN", ".NAN": return "not-a-number"
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return "infinity"
    case "-.inf", "-.Inf", "-.INF": return "minus infinity"
    default: return nil
    }
  }

  /// How YAML 1.1 reads this plain scalar if 1.2 reads it differently: `the boolean false` for `NO`, `the octal number 83`
  /// for `0123`. Nil if both agree.
  package var olderReading: String? {
    guard style == .plain else { return nil }
    switch text.lowercased() {
    case "yes", "on", "y": return "the boolean true"
    case "no", "off", "n": return "the boolean false"
    default: break
    }
    if Self.isSexagesimal(text) { return "a base-60 number" }
    if Self.isTimestamp(text) { return text.utf8.count > 10 ? "a date and time" : "a date" }
    return Self.olderNumber(text)
  }

  /// Integers and floats of YAML 1.1: with `_` among the digits, octal by a leading 0, binary by `0b`.
  private static func olderNumber(_ text: String) -> String? {
    let unsigned = text.drop { $0 == "+" || $0 == "-" }
    guard text.utf8.count - unsigned.utf8.count <= 1, let first = unsigned.utf8.first, (0x30...0x39).contains(first) else {
      return nil
    }
    let sign = text.hasPrefix("-") ? "-" : ""
    let digits = unsigned.replacing("_", with: "")
    let isGrouped = digits.utf8.count < unsigned.utf8.count
    func isAll(_ digits: some StringProtocol, _ allowed: ClosedRange<UInt8>) -> Bool {
      !digits.isEmpty && digits.utf8.allSatisfy { allowed.contains($0) }
    }
    if digits.hasPrefix("0b"), isAll(digits.dropFirst(2), 0x30...0x31) {
      return "the number \(sign)\(Int(digits.dropFirst(2), radix: 2).map(String.init) ?? "that its bits make")"
    }
    if digits.hasPrefix("0x") {
      guard isGrouped, let value = Int(digits.dropFirst(2), radix: 16) else { return nil }
      return "the number \(sign)\(value)"
    }
    if digits.utf8.count > 1, digits.hasPrefix("0"), isAll(digits, 0x30...0x39) {
      guard isAll(digits, 0x30...0x37) else { return "text, and YAML 1.2 as a number" }
      return "the octal number \(sign)\(Int(digits, radix: 8).map(String.init) ?? "that its digits make")"
    }
    guard isGrouped else { return nil }
    if isAll(digits, 0x30...0x39) { return "the number \(sign)\(digits)" }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let isDecimal = parts.count == 2 && isAll(parts[0], 0x30...0x39) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isDecimal ? "the number \(sign)\(digits)" : nil
  }

  /// `2024-01-01`, optionally followed by a time.
  private static func isTimestamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var index = 0
    func digits(_ count: ClosedRange<Int>) -> Bool {
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      return count.contains(index - start)
    }
    func mark(_ mark: Character) -> Bool {
      guard index < bytes.count, Character(Unicode.Scalar(bytes[index])) == mark else { return false }
      index += 1
      return true
    }
    guard digits(4...4), mark("-"), digits(1...2), mark("-"), digits(1...2) else { return false }
    if index == bytes.count { return bytes.count == 10 }
    guard mark("T") || mark("t") || mark(" ") else { return false }
    return digits(1...2) && mark(":") && digits(2...2) && mark(":") && digits(2...2)
  }

  private static func isSexagesimal(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, let first = parts.first, Int(first) != nil else { return false }
    return parts.dropFirst().allSatisfy { part in
      (1...2).contains(part.count) && part.allSatisfy(\.isWholeNumber) && (Int(part) ?? 60) < 60
    }
  }

  private static func number(_ text: String) -> Meaning? {
    let bytes = Array(text.utf8)
    if text.hasPrefix("0x"), bytes.count > 2, let value = UInt64(text.dropFirst(2), radix: 16) { return .integer("\(value)") }
    if text.hasPrefix("0o"), bytes.count > 2, let value = UInt64(text.dropFirst(2), radix: 8) { return .integer("\(value)") }
    var index = 0
    var sign = ""
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      if bytes[index] == UInt8(ascii: "-") { sign = "-" }
      index += 1
    }
    func digits() -> String {
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }
    let whole = digits()
    let wholeDigits = whole.drop { $0 == "0" }
    let integer = sign + (wholeDigits.isEmpty ? "0" : String(wholeDigits))
    if index == bytes.count { return whole.isEmpty ? nil : .integer(integer == "-0" ? "0" : integer) }
    var number = integer
    var fraction = ""
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      fraction = digits()
      if !fraction.isEmpty { number += "." + fraction }
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    if index < bytes.count {
      guard bytes[index] == UInt8(ascii: "e") || bytes[index] == UInt8(ascii: "E") else { return nil }
      index += 1
      number += "e"
      if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
        number.unicodeScalars.append(Unicode.Scalar(bytes[index]))
        index += 1
      }
      let exponent = digits()
      guard !exponent.isEmpty else { return nil }
      number += exponent
    }
    return index == bytes.count ? .number(number) : nil
  }

  package var jsonValue: JSONValue {
    switch meaning {
    case .null: .null
    case .boolean(let value): .bool(value)
    case .integer(let digits), .number(let digits): .number(digits)
    case .text(let text): .string(text)
    }
  }
}
