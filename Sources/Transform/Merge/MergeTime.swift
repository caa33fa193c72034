import Core
import Values

/// The time of a record, from `source.updated_at`, as microseconds since 1970: an ISO 8601 text (one without an offset is taken as
/// UTC: it is compared with its like) or a count of milliseconds.
struct MergeTime {
  /// Older than any time.
  static let none = Int64.min

  private let reader: DateTimeReader
  private let counts: DateTimeReader

  init() {
    let zone = try? TimeZoneRules.load("UTC")
    reader = DateTimeReader(formats: [.iso], zone: zone, gap: .later, overlap: .earlier)
    counts = DateTimeReader(formats: [.epochMilliseconds], zone: zone)
  }

  /// Nil if there is a value that is not a time.
  func read(_ cell: Cell, _ scratch: inout ByteArena) -> Int64? {
    switch cell.kind {
    case .missing, .null: return Self.none
    case .string: return Whitespace.isBlank(cell.text.span) ? Self.none : time(reader, cell.text, &scratch)
    case .integer: return time(counts, cell.text, &scratch)
    case .number:
      guard case .value(let count) = Numbers.integer(cell.text.span) else { return nil }
      return Array(String(count).utf8).withUnsafeBufferPointer { digits in
        digits.baseAddress.flatMap { time(counts, Text(start: $0, count: digits.count), &scratch) }
      }
    default: return nil
    }
  }

  private func time(_ reader: DateTimeReader, _ text: Text, _ scratch: inout ByteArena) -> Int64? {
    scratch.reset()
    scratch.begin()
    guard case .value(let seconds, _) = reader.read(text.span, into: &scratch) else { return nil }
    return seconds * 1_000_000 + scratch.withPending { Self.microseconds($0) }
  }

  /// The fraction of an RFC 3339 text.
  private static func microseconds(_ text: Text) -> Int64 {
    guard let point = text.buffer.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
    var value: Int64 = 0
    for index in point + 1..<point + 7 {
      let byte = index < text.count ? text.start[index] : 0
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      // The last digit is followed by the offset, whose digits do not belong to the fraction.
      guard isDigit else { return value * power(point + 7 - index) }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func power(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
