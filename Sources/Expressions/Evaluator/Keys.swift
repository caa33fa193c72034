import Core
import Glibc

/// Keys of maps, and the comparisons that are the same everywhere.
enum Keys {
  static func isKey(_ value: ExpressionValue) -> Bool {
    value.kind == .string || value.kind == .int || value.kind == .uint || value.kind == .bool
  }

  /// Whether a key occurs twice among `count` pairs of key and value. Of few keys each is compared with each.
  static func haveTwins(_ pairs: UnsafeMutablePointer<ExpressionValue>, _ count: Int) -> Bool {
    guard count > 32 else {
      for index in 1..<max(1, count) {
        for other in 0..<index where equal(pairs[2 * other], pairs[2 * index]) { return true }
      }
      return false
    }
    var seen: Set<HashedKey> = []
    seen.reserveCapacity(count)
    for index in 0..<count where !seen.insert(HashedKey(value: pairs[2 * index])).inserted { return true }
    return false
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

  /// Below 0, 0 or above 0, of the double nearest to the whole number; nil with NaN.
  static func compareRounded(_ left: some BinaryInteger, _ right: Double) -> Int? {
    let nearest = Double(left)
    return nearest < right ? -1 : nearest == right ? 0 : nearest > right ? 1 : nil
  }

  /// Exactly, as keys are looked up; nil with NaN.
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
