import Core
import Values

/// Dates and times in GHL's records, in one form each. Whatever cannot be parsed stays as it is.
enum GHLTime {
  /// `1990-09-25`, of `1990-09-25T00:00:00.000Z` too: the response to a create shows a date of birth as a time.
  static func date(_ value: JSONValue) -> JSONValue {
    guard let text = value.stringValue, text.utf8.count > 10, isTime(text) else { return value }
    return .string(String(decoding: text.utf8.prefix(10), as: UTF8.self))
  }

  /// `2021-07-08T02:30:00Z`, of any time with an offset, and of a date: in UTC, without fractions of a second.
  static func moment(_ value: JSONValue) -> JSONValue {
    guard let text = value.stringValue else { return value }
    let whole = text.utf8.count == 10 ? text + "T00:00:00Z" : text
    guard let seconds = InstantText.seconds(of: Array(whole.utf8).span) else { return value }
    return self.text(seconds).map { .string($0) } ?? value
  }

  /// The value of a custom field with a date: GHL shows a date, the midnight of its day, or that in milliseconds since 1970.
  static func day(_ value: JSONValue) -> JSONValue {
    let seconds: Int64
    switch value {
    case .number(let digits):
      guard let milliseconds = Int64(digits), milliseconds.isMultiple(of: 1_000) else { return value }
      seconds = milliseconds / 1_000
    case .string(let text):
      guard isTime(text), let found = InstantText.seconds(of: Array(text.utf8).span) else { return value }
      seconds = found
    default: return value
    }
    guard seconds.isMultiple(of: 86_400), let text = text(seconds) else { return value }
    return .string(String(decoding: text.utf8.prefix(10), as: UTF8.self))
  }

  private static func isTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count > 10 && bytes[10] == UInt8(ascii: "T") && InstantText.seconds(of: bytes.span) != nil
  }

  private static func text(_ seconds: Int64) -> String? {
    var arena = ByteArena(capacity: 64)
    arena.begin()
    guard DateTimeWriter.append(seconds: seconds, offset: nil, to: &arena) else { return nil }
    return arena.finish().string
  }
}
