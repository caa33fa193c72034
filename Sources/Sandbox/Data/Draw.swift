/// Pseudo-random numbers that depend on nothing but a seed, a stream and an index (SplitMix64, counter-based): any record can
/// be made at any time, in any order, without the records before it.
struct Draw {
  /// What is drawn. Each has numbers of its own, so that a part of a record can be made without the rest.
  enum Stream: UInt64 {
    case membership = 1
    case name, email, phone, profile, address, custom, attribution, defect, task, note, appointment, business
    case user, definition, identifier, arrival, fault
  }

  private var state: UInt64

  init(seed: UInt64, stream: Stream, index: Int, part: Int = 0) {
    state = Self.mix(seed &+ Self.mix(stream.rawValue &* 0x9E37_79B9_7F4A_7C15))
    state = Self.mix(state ^ UInt64(truncatingIfNeeded: index))
    state = Self.mix(state &+ UInt64(truncatingIfNeeded: part) &* 0xD1B5_4A32_D192_ED03)
  }

  /// SplitMix64's finaliser (Steele, Lea, Flood 2014): a bijection of 64 bits.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number from 0 to `bound - 1`; 0 when `bound` is 0.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(max(bound, 0))).high)
  }

  mutating func between(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// True `perMille` times in a thousand.
  mutating func chance(_ perMille: Int) -> Bool { below(1000) < perMille }

  mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }

  /// `count` decimal digits.
  mutating func digits(_ count: Int) -> String {
    var value = next()
    var bytes: [UInt8] = []
    for _ in 0..<count {
      bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
      value /= 10
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `count` lower-case hexadecimal digits, at most 16.
  mutating func hexadecimal(_ count: Int) -> String { Hexadecimal.text(next(), digits: count) }
}

/// Fixed-width hexadecimal numbers.
enum Hexadecimal {
  static func text(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    guard text.utf8.count < digits else { return String(text.suffix(digits)) }
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}
