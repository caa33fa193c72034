import Foundation
import Values

/// `idn-hostname`: RFC 5890, section 2.3.2.3. Labels are ASCII ones or U-labels: code points that RFC 5892 permits (by
/// derivation from the Unicode properties, with its exceptions and contextual rules), in normal form C, at most 63
/// characters once encoded; ASCII ones that begin with `xn--` must decode to such a label (RFC 5890, section 2.3.2.1). Names with
/// letters from right to left follow RFC 5893 (`BidiRule`).
///
/// Separators are the full stop and the three that RFC 3490, section 3.1 equates with it.
enum InternationalHostname {
  static func matches(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    if HostSyntax.hasHostForm(text, in: range) {
      return !hasReservedHyphens(text, in: range) && encodedLabelsAreValid(text, in: range)
    }
    guard !range.isEmpty, range.count <= 1024 else { return false }
    var labels: [[Unicode.Scalar]] = []
    var label: [Unicode.Scalar] = []
    var length = 0
    /// Takes in a label, an encoded one as what it stands for.
    func end() -> Bool {
      guard let encoded = encodedLength(ofLabel: label) else { return false }
      length += encoded + 1
      if isEncoded(label) {
        guard let decoded = decoded(label.dropFirst(4).map { UInt8(truncatingIfNeeded: $0.value) }) else { return false }
        label = decoded
      }
      labels.append(label)
      label.removeAll()
      return true
    }
    var index = range.lowerBound
    while index < range.upperBound {
      let (value, size) = UTF8Scalar.read(text, at: index)
      index += size
      if [0x2E, 0x3002, 0xFF0E, 0xFF61].contains(value) {
        guard end() else { return false }
      } else {
        guard let scalar = Unicode.Scalar(value) else { return false }
        label.append(scalar)
      }
    }
    return end() && length - 1 <= 253 && BidiRule.admits(labels)
  }

  private static func isEncoded(_ label: [Unicode.Scalar]) -> Bool {
    label.count > 3 && label.allSatisfy(\.isASCII) && label[0].value | 0x20 == 0x78 && label[1].value | 0x20 == 0x6E
      && label[2] == "-" && label[3] == "-"
  }

  /// `--` as the third and fourth character is left to `xn--`.
  private static func hasReservedHyphens(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    var labelStart = range.lowerBound
    for index in range {
      if text[index] == UInt8(ascii: ".") { labelStart = index + 1 }
      guard index == labelStart + 3, text[index] == UInt8(ascii: "-"), text[index - 1] == UInt8(ascii: "-") else { continue }
      if text[labelStart] | 0x20 != UInt8(ascii: "x") || text[labelStart + 1] | 0x20 != UInt8(ascii: "n") { return true }
    }
    return false
  }

  /// Whether each label of an ASCII name that begins with `xn--` is the encoding of a U-label, and whether all of them follow the
  /// rule for letters from right to left. Allocates only if there is such a label.
  static func encodedLabelsAreValid(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    var labels: [[Unicode.Scalar]] = []
    var starts: [Range<Int>] = []
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound where index == range.upperBound || text[index] == UInt8(ascii: ".") {
      if index - start > 3, text[start] | 0x20 == UInt8(ascii: "x"), text[start + 1] | 0x20 == UInt8(ascii: "n"),
        text[start + 2] == UInt8(ascii: "-"), text[start + 3] == UInt8(ascii: "-")
      {
        var bytes: [UInt8] = []
        for position in start + 4..<index { bytes.append(text[position]) }
        guard let label = decoded(bytes) else { return false }
        labels.append(label)
        starts.append(start..<index)
      }
      start = index + 1
    }
    guard !labels.isEmpty else { return true }
    return BidiRule.admits(labels + plainLabels(text, in: range, but: starts))
  }

  /// The labels of an ASCII name that are not encoded.
  private static func plainLabels(
    _ text: Span<UInt8>, in range: Range<Int>, but encoded: [Range<Int>]
  ) -> [[Unicode.Scalar]] {
    var labels: [[Unicode.Scalar]] = []
    var start = range.lowerBound
    for index in range.lowerBound...range.upperBound where index == range.upperBound || text[index] == UInt8(ascii: ".") {
      if !encoded.contains(start..<index) {
        var label: [Unicode.Scalar] = []
        for position in start..<index { label.append(Unicode.Scalar(text[position])) }
        labels.append(label)
      }
      start = index + 1
    }
    return labels
  }

  /// The U-label that the rest of an A-label encodes; nil if it encodes none.
  private static func decoded(_ bytes: [UInt8]) -> [Unicode.Scalar]? {
    let letters = bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    guard let label = Punycode.decoded(letters), label.contains(where: { !$0.isASCII }) else { return nil }
    guard label.count < 4 || label[2] != "-" || label[3] != "-" else { return nil }
    return encodedLength(ofLabel: label) != nil && Punycode.encoded(label) == letters ? label : nil
  }

  /// The length of the label on the wire; nil if it is not a label.
  private static func encodedLength(ofLabel label: [Unicode.Scalar]) -> Int? {
    guard let first = label.first, let last = label.last, first != "-", last != "-" else { return nil }
    if label.count > 3, label[2] == "-", label[3] == "-" {
      guard label.allSatisfy(\.isASCII), label[0].value | 0x20 == 0x78, label[1].value | 0x20 == 0x6E else { return nil }
    }
    guard !isMark(first) else { return nil }
    for index in label.indices where !isPermitted(label, at: index) { return nil }
    let text = String(String.UnicodeScalarView(label))
    guard text.precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(label) else { return nil }
    let length = label.allSatisfy(\.isASCII) ? label.count : 4 + Punycode.encoded(label).count
    return length <= 63 ? length : nil
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
  }

  private static func isPermitted(_ label: [Unicode.Scalar], at index: Int) -> Bool {
    let scalar = label[index]
    if scalar.isASCII {
      guard scalar == "-" || ASCII.isLetterOrDigit(UInt8(scalar.value)) else { return false }
      // Capital letters are an ASCII label's own.
      return !("A"..."Z").contains(scalar) || label.allSatisfy(\.isASCII)
    }
    if let verdict = byContext(label, at: index) { return verdict }
    switch scalar.value {
    case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
    case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
    // Old Hangul Jamo.
    case 0x1100...0x11FF, 0xA960...0xA97C, 0xD7B0...0xD7FB: return false
    default: break
    }
    let properties = scalar.properties
    guard !properties.changesWhenNFKCCaseFolded, !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace,
      !properties.isNoncharacterCodePoint
    else { return false }
    switch properties.generalCategory {
    case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .decimalNumber, .nonspacingMark, .spacingMark:
      return true
    default: return false
    }
  }

  /// RFC 5892, appendix A; nil for a code point without such a rule.
  private static func byContext(_ label: [Unicode.Scalar], at index: Int) -> Bool? {
    let before = index > 0 ? label[index - 1] : nil
    let after = index + 1 < label.count ? label[index + 1] : nil
    switch label[index].value {
    case 0x200D: return before?.properties.canonicalCombiningClass == .virama
    case 0x200C: return before?.properties.canonicalCombiningClass == .virama || JoiningLetters.joinAcross(label, at: index)
    case 0xB7: return before == "l" && after == "l"
    case 0x375: return after.map { (0x370...0x3FF).contains($0.value) || (0x1F00...0x1FFF).contains($0.value) } ?? false
    case 0x5F3, 0x5F4: return before.map { (0x590...0x5FF).contains($0.value) } ?? false
    case 0x30FB:
      return label.contains { scalar in
        switch scalar.value {
        case 0x3041...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x3005, 0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF,
          0x20000...0x3FFFF:
          true
        default: false
        }
      }
    case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
    case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
    default: return nil
    }
  }
}
