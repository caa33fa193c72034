package import Core

/// Which checks of a scalar failed: a small set, taken apart without allocation.
///
///     var failed = checks.failures(of: cell)
///     while let code = failed.popFirst() { … }
public struct FailedChecks: OptionSet, Sendable, Hashable {
  public let rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let type = FailedChecks(rawValue: 1 << 0)
  package static let enumeration = FailedChecks(rawValue: 1 << 1)
  package static let constant = FailedChecks(rawValue: 1 << 2)
  package static let format = FailedChecks(rawValue: 1 << 3)
  package static let minLength = FailedChecks(rawValue: 1 << 4)
  package static let maxLength = FailedChecks(rawValue: 1 << 5)
  package static let pattern = FailedChecks(rawValue: 1 << 6)
  /// The pattern gave up on this text.
  package static let patternLimit = FailedChecks(rawValue: 1 << 7)
  package static let minimum = FailedChecks(rawValue: 1 << 8)
  package static let maximum = FailedChecks(rawValue: 1 << 9)
  package static let exclusiveMinimum = FailedChecks(rawValue: 1 << 10)
  package static let exclusiveMaximum = FailedChecks(rawValue: 1 << 11)
  package static let multipleOf = FailedChecks(rawValue: 1 << 12)
  /// The schema is `false`: nothing is allowed here.
  package static let never = FailedChecks(rawValue: 1 << 13)

  /// Takes one out, always in the same order; nil when none is left.
  package mutating func popFirst() -> ProblemCode? {
    guard rawValue != 0 else { return nil }
    let bit = rawValue.trailingZeroBitCount
    self = FailedChecks(rawValue: rawValue & (rawValue - 1))
    return Self.code(ofBit: bit)
  }

  /// All of them, for tests and messages.
  package var codes: [ProblemCode] {
    var rest = self
    var codes: [ProblemCode] = []
    while let code = rest.popFirst() { codes.append(code) }
    return codes
  }

  private static func code(ofBit bit: Int) -> ProblemCode {
    switch bit {
    case 0: .schemaType
    case 1: .schemaEnum
    case 2: .schemaConst
    case 3: .schemaFormat
    case 4: .schemaMinLength
    case 5: .schemaMaxLength
    case 6: .schemaPattern
    case 7: .patternLimit
    case 8: .schemaMinimum
    case 9: .schemaMaximum
    case 10: .schemaExclusiveMinimum
    case 11: .schemaExclusiveMaximum
    case 12: .schemaMultipleOf
    default: .schemaFalse
    }
  }
}
