/// Identifiers that look like GHL's and can be read back: twenty letters and digits (contacts, tasks, users, fields, as
/// Firebase makes them), or 24 hexadecimal digits (businesses, as MongoDB makes them; `facts.md` appendix B).
///
/// The first part is a check over the rest, so an identifier that was not made here is recognized.
struct SyntheticIdentifier: Sendable {
  enum Kind: UInt64, Sendable {
    case location = 1
    case company, contact, business, task, note, appointment, user, field, tag, calendar, group, document, visitor
  }

  let seed: UInt64

  private static let alphabet: [UInt8] = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
  private static let values: [UInt8] = {
    var table = [UInt8](repeating: 255, count: 256)
    for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
    return table
  }()
  private static let checkLength = 9
  private static let wordLength = 11

  private func key(_ kind: Kind) -> UInt64 { Draw.mix(seed ^ kind.rawValue &* 0xA076_1D64_78BD_642F) }

  /// Twenty letters and digits for a number.
  func text(_ kind: Kind, _ value: UInt64) -> String {
    let key = key(kind)
    return String(unsafeUninitializedCapacity: Self.checkLength + Self.wordLength) { buffer in
      var word = IndexPermutation.word(value, key: key)
      for place in (Self.checkLength..<Self.checkLength + Self.wordLength).reversed() {
        buffer[place] = Self.alphabet[Int(word % 62)]
        word /= 62
      }
      var check = Draw.mix(value ^ key)
      for place in (0..<Self.checkLength).reversed() {
        buffer[place] = Self.alphabet[Int(check % 62)]
        check /= 62
      }
      return Self.checkLength + Self.wordLength
    }
  }

  /// The number that `text` was made for; nil for any other text.
  func value(_ kind: Kind, _ text: String) -> UInt64? {
    let bytes = Array(text.utf8)
    guard bytes.count == Self.checkLength + Self.wordLength else { return nil }
    var word: UInt64 = 0
    for byte in bytes[Self.checkLength...] {
      let digit = Self.values[Int(byte)]
      guard digit != 255 else { return nil }
      let (product, overflow) = word.multipliedReportingOverflow(by: 62)
      let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
      guard !overflow, !carried else { return nil }
      word = sum
    }
    let value = IndexPermutation.inverseWord(word, key: key(kind))
    return self.text(kind, value) == text ? value : nil
  }

  /// 24 hexadecimal digits for a number, the first eight a second of 2023 as MongoDB's are.
  func hexadecimal(_ kind: Kind, _ value: UInt64) -> String {
    let key = key(kind)
    let second = 0x641C_0000 + Draw.mix(value ^ key) % 0x1_0000
    return Hexadecimal.text(second, digits: 8) + Hexadecimal.text(IndexPermutation.word(value, key: key), digits: 16)
  }

  func hexadecimalValue(_ kind: Kind, _ text: String) -> UInt64? {
    guard text.utf8.count == 24, let word = UInt64(text.suffix(16), radix: 16) else { return nil }
    let value = IndexPermutation.inverseWord(word, key: key(kind))
    return hexadecimal(kind, value) == text ? value : nil
  }
}
