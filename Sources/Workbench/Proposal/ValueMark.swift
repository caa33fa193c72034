import Core
import Values

/// What a single text looks like, according to the readers that a run uses.
enum ValueMark: String, Sendable, Hashable, CaseIterable {
  case email
  /// A phone number with a country code.
  case international
  /// `true`, `false`, `yes`, `no`; and of those, `y`, `n`, `1`, `0`, `on`, `off`, which may mean something else.
  case yesNo, shortYesNo
  /// A whole number; any number, with or without a decimal point.
  case whole, decimal
  /// `1.234`: the point may group thousands or mark decimals.
  case pointOrGroup
  /// A number with a comma in it, which the number functions do not read.
  case comma
  case country
  case separated
  /// More than one word.
  case spaced

  static func marks(of text: String) -> [ValueMark] {
    var found: [ValueMark] = []
    let bytes = Array(text.utf8)
    guard bytes.count <= 320 else { return [] }
    if bytes.contains(0x40), Email.check(bytes.span) == nil { found.append(.email) }
    let digits = bytes.count { (0x30...0x39).contains($0) }
    if digits > 0 {
      if bytes.first == 0x2B, digits >= 7, isPhone(bytes) { found.append(.international) }
      found += numberMarks(text, bytes)
    }
    if BoolWords.standard.value(of: bytes.span) != nil {
      found.append(.yesNo)
      if !["true", "false", "yes", "no"].contains(text.lowercased()) { found.append(.shortYesNo) }
    }
    if (2...60).contains(bytes.count), digits == 0, Country.alpha2(of: bytes.span) != nil { found.append(.country) }
    if bytes.contains(0x20) { found.append(.spaced) }
    if bytes.contains(0x3B) || bytes.contains(0x2C) { found.append(.separated) }
    return found
  }

  private static func isPhone(_ bytes: [UInt8]) -> Bool {
    var arena = ByteArena(capacity: 64)
    arena.begin()
    return PhoneNumber.e164(bytes.span, region: nil, mustBeValid: false, into: &arena) == nil
  }

  private static func numberMarks(_ text: String, _ bytes: [UInt8]) -> [ValueMark] {
    guard bytes.allSatisfy({ (0x30...0x39).contains($0) || "+-.,eE".utf8.contains($0) }) else { return [] }
    var found: [ValueMark] = []
    if bytes.contains(UInt8(ascii: ",")) { return [.comma] }
    if case .value = Numbers.integer(bytes.span) { found.append(.whole) }
    var arena = ByteArena(capacity: 128)
    arena.begin()
    if Numbers.decimal(bytes.span, into: &arena) == nil { found.append(.decimal) }
    let plain = text.drop { "+-".contains($0) }
    let groups = plain.split(separator: ".", omittingEmptySubsequences: false)
    if groups.count > 1, let first = groups.first, (1...3).contains(first.count), first.first != "0",
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    {
      found.append(.pointOrGroup)
    }
    return found
  }
}
