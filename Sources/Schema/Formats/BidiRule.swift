/// RFC 5893, section 2: host names with letters that are written from right to left. If any label has such a letter, all labels must
/// follow the rule, or parts of the name could change places on the screen.
enum BidiRule {
  /// Unicode's Bidi_Class, as far as code points of labels have it. `other` is ES, CS, ET, ON and BN, which the rule does not tell apart.
  private enum Class {
    case left, right, arabicNumber, europeanNumber, mark, other
  }

  static func admits(_ labels: [[Unicode.Scalar]]) -> Bool {
    let classes = labels.map { $0.map(Self.bidiClass) }
    guard classes.contains(where: { $0.contains { $0 == .right || $0 == .arabicNumber } }) else { return true }
    return classes.allSatisfy(isValid)
  }

  private static func isValid(_ label: [Class]) -> Bool {
    guard let first = label.first, let last = label.last(where: { $0 != .mark }) else { return false }
    switch first {
    case .right:
      let hasBothNumbers = label.contains(.europeanNumber) && label.contains(.arabicNumber)
      return !label.contains(.left) && !hasBothNumbers && last != .other
    case .left:
      return !label.contains(.right) && !label.contains(.arabicNumber) && (last == .left || last == .europeanNumber)
    default: return false
    }
  }

  private static func bidiClass(_ scalar: Unicode.Scalar) -> Class {
    switch scalar.value {
    case 0x30...0x39, 0x6F0...0x6F9: return .europeanNumber
    case 0x2D: return .other
    case ..<0x80: return .left
    case 0x660...0x669, 0x10D30...0x10D39: return .arabicNumber
    // Neutral letters and signs; the joiners.
    case 0xB7, 0x2B9...0x2BA, 0x2C6...0x2CF, 0x2EC, 0x375, 0x2E2F, 0x30FB, 0xA67F, 0xA717...0xA71F, 0xA788, 0x200C...0x200D:
      return .other
    // Four marks of scripts from left to right.
    case 0xCBF, 0xCC6, 0x11A07...0x11A08, 0x11C3F: return .left
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: return .mark
      default: return isRightToLeft(scalar.value) ? .right : .left
      }
    }
  }

  /// R and AL: the blocks that Unicode sets aside for such scripts (DerivedBidiClass.txt), whether or not all of a block is assigned.
  private static func isRightToLeft(_ value: UInt32) -> Bool {
    switch value {
    case 0x590...0x8FF, 0xFB1D...0xFDCF, 0xFDF0...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
