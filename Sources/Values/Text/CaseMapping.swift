import Core

/// The case mapping of one scalar. Latin, Greek, Cyrillic and Armenian come from tables that are made once, scripts
/// without case are passed on, the rest asks the standard library's Unicode data.
enum CaseMapping {
  /// Appends the lower case of the scalar `value`, which stands in `text` at `index`. True: it differs from the scalar.
  @inline(__always)
  static func appendLower(
    _ value: UInt32, at index: Int, length: Int, in text: Span<UInt8>, into arena: inout ByteArena
  ) -> Bool {
    if isCapitalSigma(value) {
      arena.append(scalar: endsWord(at: index, length: length, in: text) ? "\u{3C2}" : "\u{3C3}")
      return true
    }
    if let single = singleLower(value) {
      arena.append(scalar: Unicode.Scalar(read: single))
      return single != value
    }
    return append(Unicode.Scalar(read: value).properties.lowercaseMapping, of: value, into: &arena)
  }

  /// Appends the upper case of the scalar `value`. True: it differs from the scalar.
  @inline(__always)
  static func appendUpper(_ value: UInt32, into arena: inout ByteArena) -> Bool {
    if value < tableEnd {
      let single = UInt32(upperTable[Int(value)])
      if single != 0 {
        arena.append(scalar: Unicode.Scalar(read: single))
        return single != value
      }
    } else if isCaseless(value) {
      arena.append(scalar: Unicode.Scalar(read: value))
      return false
    }
    return append(Unicode.Scalar(read: value).properties.uppercaseMapping, of: value, into: &arena)
  }

  /// Appends the title case of the scalar `value`.
  static func appendTitle(_ value: UInt32, into arena: inout ByteArena) {
    if value < 0x80 {
      let byte = UInt8(truncatingIfNeeded: value)
      arena.append(byte &- UInt8(ascii: "a") < 26 ? byte ^ 0x20 : byte)
      return
    }
    _ = append(Unicode.Scalar(read: value).properties.titlecaseMapping, of: value, into: &arena)
  }

  @inline(__always)
  static func isCapitalSigma(_ value: UInt32) -> Bool { value == 0x3A3 }

  /// The lower case where it is one scalar that a table or a rule gives; nil: ask the Unicode data.
  @inline(__always)
  static func singleLower(_ value: UInt32) -> UInt32? {
    if value < tableEnd {
      let single = UInt32(lowerTable[Int(value)])
      return single == 0 ? nil : single
    }
    return isCaseless(value) ? value : nil
  }

  private static func append(_ mapped: String, of value: UInt32, into arena: inout ByteArena) -> Bool {
    var changed = true
    for (position, scalar) in mapped.unicodeScalars.enumerated() {
      if position == 0 { changed = scalar.value != value } else { changed = true }
      arena.append(scalar: scalar)
    }
    return changed
  }

  /// Blocks of scripts that have no case: South and East Asian ones, Hangul, emoji.
  @inline(__always)
  private static func isCaseless(_ value: UInt32) -> Bool {
    switch value {
    case 0x0600..<0x10A0, 0x2E80..<0xA640, 0xAC00..<0xD800, 0x1F000...: true
    default: false
    }
  }

  /// Final_Sigma of the Unicode standard, section 3.13: a cased letter before, none after; what is case-ignorable
  /// (apostrophes, marks) is skipped.
  private static func endsWord(at index: Int, length: Int, in text: Span<UInt8>) -> Bool {
    var before = index
    var hasCasedBefore = false
    while before > 0 {
      before = UTF8Scalar.start(before: before, in: text)
      let properties = Unicode.Scalar(read: UTF8Scalar.read(text, at: before).value).properties
      if properties.isCaseIgnorable { continue }
      hasCasedBefore = properties.isCased
      break
    }
    guard hasCasedBefore else { return false }
    var after = index + length
    while after < text.count {
      let (value, width) = UTF8Scalar.read(text, at: after)
      let properties = Unicode.Scalar(read: value).properties
      if !properties.isCaseIgnorable { return !properties.isCased }
      after += width
    }
    return true
  }

  private static let tableEnd: UInt32 = 0x0600
  private static let lowerTable = table { $0.properties.lowercaseMapping }
  private static let upperTable = table { $0.properties.uppercaseMapping }

  /// By scalar; 0 where the mapping is not one scalar of the basic plane.
  private static func table(_ mapping: (Unicode.Scalar) -> String) -> [UInt16] {
    (0..<tableEnd).map { value in
      guard let scalar = Unicode.Scalar(value) else { return 0 }
      let mapped = mapping(scalar).unicodeScalars
      guard let single = mapped.first, mapped.count == 1, single.value <= 0xFFFF else { return 0 }
      return UInt16(single.value)
    }
  }
}
