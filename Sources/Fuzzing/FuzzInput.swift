/// Bytes that drive a check: the first ones choose, the rest is data. Beyond the end, everything is zero.
package struct FuzzInput {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { position >= bytes.count }

  package mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// From 0 to `count` - 1.
  package mutating func choice(_ count: Int) -> Int { Int(byte()) % max(1, count) }

  package mutating func element<Element>(of list: [Element]) -> Element { list[choice(list.count)] }

  /// Small, near a bound, or arbitrary.
  package mutating func integer() -> Int {
    let bounds = [0, 1, -1, 100, 1_000, 1_000_000_000, Int(Int32.max), Int.max, Int.min, Int.max / 2]
    switch choice(4) {
    case 0: return choice(256)
    case 1: return element(of: bounds) &+ choice(3) &- 1
    default: return (0..<8).reduce(0) { sum, _ in sum << 8 | Int(byte()) }
    }
  }

  /// At most `count` of the remaining bytes.
  package mutating func take(_ count: Int) -> [UInt8] {
    let end = min(bytes.count, position + max(0, count))
    defer { position = end }
    return Array(bytes[position..<end])
  }

  package mutating func text(_ count: Int) -> String { String(decoding: take(count), as: UTF8.self) }

  package mutating func rest() -> [UInt8] { take(bytes.count - position) }
}

/// Something that must hold for every input but does not for this one.
package struct FuzzFinding: Error, Sendable, CustomStringConvertible {
  package var description: String

  static func unless(_ condition: Bool, _ text: @autoclosure () -> String) throws(FuzzFinding) {
    if !condition { throw FuzzFinding(description: text()) }
  }
}

/// The checks that run on arbitrary bytes.
package enum FuzzTarget: String, Sendable, CaseIterable {
  /// Rate-limit headers, and the state machines driven by them.
  case limits
  /// Statuses, headers and bodies of answers.
  case answers
  /// CSV, in pieces of any size.
  case csv
  /// JSON, in pieces of any size.
  case json

  /// - Throws: `FuzzFinding`. A trap is a finding as well.
  package func check(_ bytes: [UInt8]) throws(FuzzFinding) {
    var input = FuzzInput(bytes)
    switch self {
    case .limits: try LimitsCheck.run(&input)
    case .answers: try AnswersCheck.run(&input)
    case .csv: try RecordsCheck.csv(&input)
    case .json: try RecordsCheck.json(&input)
    }
  }

  /// The target selected by the first byte, with the bytes after it.
  package static func check(_ bytes: [UInt8]) throws(FuzzFinding) {
    guard let first = bytes.first else { return }
    try allCases[Int(first) % allCases.count].check(Array(bytes.dropFirst()))
  }
}
