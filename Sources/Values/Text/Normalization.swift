package import Core
import Foundation
@_spi(_Unicode) import Swift

/// The four normalization forms of UAX 15.
package enum NormalizationForm: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  case nfc = "NFC"
  case nfd = "NFD"
  case nfkc = "NFKC"
  case nfkd = "NFKD"

  var isCompatible: Bool { self == .nfkc || self == .nfkd }
  var isComposed: Bool { self == .nfc || self == .nfkc }
}

/// Text in a normalization form.
///
/// Nearly all text is in form C already, and consists of characters of which that can be told one by one: such a text is
/// looked at and left, without allocation. Any other text goes the long way: characters that decompose are taken apart, and the
/// standard library's normalizer orders and composes what comes of it.
package enum Normalization {
  /// Appends `text` in `form`; false: it is in that form, and nothing was appended.
  package static func normalize(_ text: Span<UInt8>, to form: NormalizationForm, into arena: inout ByteArena) -> Bool {
    if StableScalars.all(of: text, in: form) { return false }
    let source = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    var scalars = String.UnicodeScalarView()
    for scalar in source.unicodeScalars {
      if scalar.value < 0xA0 {
        scalars.append(scalar)
      } else if form.isCompatible {
        append(compatible: scalar, to: &scalars)
      } else if let parts = lateDecomposition(of: scalar) {
        scalars.append(contentsOf: parts.unicodeScalars)
      } else {
        scalars.append(scalar)
      }
    }
    let prepared = String(scalars)
    let mark = arena.pendingCount
    if form.isComposed {
      for scalar in prepared._nfc { arena.append(scalar: scalar) }
    } else {
      for scalar in prepared._nfd { arena.append(scalar: scalar) }
    }
    guard arena.pendingEquals(text, from: mark) else { return true }
    arena.removeLast(arena.pendingCount - mark)
    return false
  }

  /// The four characters that are starters themselves and decompose into marks, which must be put in order with those
  /// before them. The normalizer takes each character's own class for a boundary, so they are replaced beforehand.
  private static func lateDecomposition(of scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x0344: "\u{308}\u{301}"
    case 0x0F73: "\u{F71}\u{F72}"
    case 0x0F75: "\u{F71}\u{F74}"
    case 0x0F81: "\u{F71}\u{F80}"
    default: nil
    }
  }

  /// The compatibility decomposition of one character. Foundation's is right for single characters, but not for texts: it
  /// leaves marks that come of a decomposition where they are.
  private static func append(compatible scalar: Unicode.Scalar, to scalars: inout String.UnicodeScalarView) {
    // Outlined letters and digits are younger than Foundation's tables.
    switch scalar.value {
    case 0x1CCD6...0x1CCEF: scalars.append(Unicode.Scalar(read: scalar.value - 0x1CCD6 + 0x41))
    case 0x1CCF0...0x1CCF9: scalars.append(Unicode.Scalar(read: scalar.value - 0x1CCF0 + 0x30))
    default: scalars.append(contentsOf: String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
    }
  }
}

/// Characters that a form leaves as they are, whatever stands beside them: they do not decompose, are starters, and
/// compose with nothing before them. A choice of the usual ones, no complete list: what is not here is looked at closely.
enum StableScalars {
  static func all(of text: Span<UInt8>, in form: NormalizationForm) -> Bool {
    var index = 0
    let count = text.count
    while index < count {
      if index + 8 <= count, ByteWord.load(text, at: index) & ByteWord.highs == 0 {
        index += 8
        continue
      }
      let (value, length) = UTF8Scalar.read(text, at: index)
      guard contains(value, in: form) else { return false }
      index += length
    }
    return true
  }

  static func contains(_ value: UInt32, in form: NormalizationForm) -> Bool {
    if value < 0xA0 { return true }
    if value < 0x300, form == .nfc { return true }
    let wanted = Forms(form)
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      let row = rows[middle]
      if value > row.last {
        low = middle + 1
      } else if value < row.first {
        high = middle
      } else {
        return row.forms.contains(wanted)
      }
    }
    return false
  }

  private struct Forms: OptionSet {
    let rawValue: UInt8
    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ form: NormalizationForm) {
      switch form {
      case .nfc: self = .nfc
      case .nfd: self = .nfd
      case .nfkc: self = .nfkc
      case .nfkd: self = .nfkd
      }
    }

    static let nfc = Forms(rawValue: 1)
    static let nfd = Forms(rawValue: 2)
    static let nfkc = Forms(rawValue: 4)
    static let nfkd = Forms(rawValue: 8)
    static let all: Forms = [.nfc, .nfd, .nfkc, .nfkd]
    static let composed: Forms = [.nfc, .nfkc]
  }

  private static let rows: [(first: UInt32, last: UInt32, forms: Forms)] = [
    // Latin letters, without ligatures and digraphs.
    (0xC0, 0x131, .composed), (0x134, 0x13E, .composed), (0x141, 0x148, .composed), (0x14A, 0x17E, .composed),
    (0x180, 0x19F, .all), (0x1CD, 0x1F0, .composed), (0x1F4, 0x2AF, .composed),
    // Greek, Cyrillic, Armenian, Hebrew, Arabic.
    (0x386, 0x386, .composed), (0x388, 0x390, .composed), (0x391, 0x3A1, .all), (0x3A3, 0x3A9, .all), (0x3AA, 0x3B0, .composed),
    (0x3B1, 0x3C9, .all), (0x3CA, 0x3CE, .composed), (0x400, 0x40F, .composed), (0x410, 0x418, .all), (0x419, 0x419, .composed),
    (0x41A, 0x438, .all), (0x439, 0x439, .composed), (0x43A, 0x44F, .all), (0x450, 0x482, .composed), (0x48A, 0x4C0, .all),
    (0x4C1, 0x52F, .composed), (0x531, 0x556, .all), (0x561, 0x586, .all), (0x5D0, 0x5EA, .all), (0x621, 0x621, .all),
    (0x622, 0x626, .composed), (0x627, 0x63A, .all), (0x641, 0x64A, .all), (0x660, 0x669, .all),
    // Thai, Georgian, Latin of Vietnam, punctuation.
    (0xE01, 0xE32, .all), (0xE34, 0xE37, .all), (0xE40, 0xE46, .all), (0x10D0, 0x10FA, .all), (0x1E00, 0x1E99, .composed),
    (0x1EA0, 0x1EFF, .composed), (0x200B, 0x200D, .all), (0x2010, 0x2010, .all), (0x2012, 0x2016, .all),
    (0x2018, 0x2023, .all), (0x20A9, 0x20BF, .all),
    // East Asian scripts, variation selectors, emoji.
    (0x3001, 0x3020, .all), (0x3041, 0x3096, .composed), (0x30A1, 0x30FE, .composed), (0x3400, 0x4DBF, .all),
    (0x4E00, 0x9FFF, .all), (0xAC00, 0xD7A3, .composed), (0xFE00, 0xFE0F, .all), (0x1F300, 0x1F64F, .all),
    (0x1F680, 0x1F6D7, .all), (0x1F900, 0x1F9FF, .all),
  ]
}
