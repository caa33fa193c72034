import Core
import Glibc

/// Keys of maps, and the comparisons that are the same everywhere.
enum Keys {
  static func isKey(_ value: ExpressionValue) -> Bool {
    value.kind == .string || value.kind == .int || value.kind == .uint || value.kind == .bool
  }

  @inline(__always)
  static func equal(_ left: Text, _ right: Text) -> Bool {
    left.count == right.count && memcmp(left.start, right.start, left.count) == 0
  }

  /// Below 0, 0 or above 0, by bytes; of UTF-8 that is the order of code points.
  static func compare(_ left: Text, _ right: Text) -> Int {
    let common = memcmp(left.start, right.start, min(left.count, right.count))
    return common != 0 ? Int(common) : left.count - right.count
  }

  /// Keys of different numeric types are equal where their numbers are.
  static func equal(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    switch (left.kind, right.kind) {
    case (.string, .string): equal(left.text, right.text)
    case (.bool, .bool), (.int, .int), (.uint, .uint): left.word == right.word
    case (.int, .uint), (.uint, .int): left.word == right.word && left.word >= 0
    case (.int, .double): compare(left.word, right.doubleValue) == 0
    case (.double, .int): compare(right.word, left.doubleValue) == 0
    case (.uint, .double): compare(left.uintValue, right.doubleValue) == 0
    case (.double, .uint): compare(right.uintValue, left.doubleValue) == 0
    default: false
    }
  }

  /// Exactly; nil with NaN.
  static func compare(_ left: Int64, _ right: Double) -> Int? {
    if right.isNaN { return nil }
    if right >= 0x1p63 { return -1 }
    if right < -0x1p63 { return 1 }
    let whole = Int64(right)
    if left != whole { return left < whole ? -1 : 1 }
    let rest = right - right.rounded(.towardZero)
    return rest > 0 ? -1 : rest < 0 ? 1 : 0
  }

  static func compare(_ left: UInt64, _ right: Double) -> Int? {
    if right.isNaN { return nil }
    if right >= 0x1p64 { return -1 }
    if right < 0 { return 1 }
    let whole = UInt64(right)
    if left != whole { return left < whole ? -1 : 1 }
    return right - right.rounded(.towardZero) > 0 ? -1 : 0
  }
}
