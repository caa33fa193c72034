import Core
import Values

/// Timestamps and durations as texts.
///
/// A timestamp is RFC 3339: a date, a time with seconds and up to nine digits behind them, and an offset. A duration is a
/// sign and numbers with units (`1h30m`, `-1.5s`, `250ms`, `10us`, `7ns`), or `0`.
enum TimeText {
  static let earliest: Int64 = -62_135_596_800
  static let latest: Int64 = 253_402_300_799
  /// 10,000 years, as protocol buffers have it.
  static let longest: Int64 = 315_576_000_000

  // MARK: Timestamps

  static func timestamp(_ text: Span<UInt8>) -> ExpressionValue? {
    let value = readTimestamp(text)
    return value.isError ? nil : value
  }

  /// The timestamp, or the error.
  static func readTimestamp(_ text: Span<UInt8>) -> ExpressionValue {
    let count = text.count
    guard count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] | 0x20 == UInt8(ascii: "t"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"), let year = number(text, 0, 4),
      let month = number(text, 5, 2), let day = number(text, 8, 2), let hour = number(text, 11, 2),
      let minute = number(text, 14, 2), let second = number(text, 17, 2)
    else { return .error(.notATimestamp) }
    var index = 19
    var nanoseconds = 0
    if text[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      while index < count, text[index] &- 0x30 < 10 {
        if index - start < 9 { nanoseconds = nanoseconds * 10 + Int(text[index] - 0x30) }
        index += 1
      }
      guard index > start, index - start <= 9 else { return .error(.notATimestamp) }
      for _ in (index - start)..<9 { nanoseconds *= 10 }
    }
    guard index < count else { return .error(.notATimestamp) }
    var offset = 0
    if text[index] | 0x20 == UInt8(ascii: "z") {
      guard index + 1 == count else { return .error(.notATimestamp) }
    } else {
      guard text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-"),
        let fixed = self.offset(text.extracting(index..<count))
      else { return .error(.notATimestamp) }
      offset = fixed
    }
    guard (1...12).contains(month), hour < 24, minute < 60, second < 60, day >= 1, day <= CivilDate.days(in: month, of: year)
    else { return .error(.notATimestamp) }
    guard year >= 1 else { return .error(.timestampRange) }
    let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
    return timestamp(Int64(days * 86_400 + hour * 3_600 + minute * 60 + second - offset), nanoseconds)
  }

  /// Checks the range.
  static func timestamp(_ seconds: Int64, _ nanoseconds: Int) -> ExpressionValue {
    guard seconds >= earliest, seconds <= latest else { return .error(.timestampRange) }
    return ExpressionValue(.timestamp, word: seconds, count: nanoseconds)
  }

  private static func number(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> Int? {
    var value = 0
    for index in start..<start + length {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  // MARK: Zones

  /// `+02:00`, `-08:00`, `02:00` in seconds east of UTC; nil if it is not such a text.
  static func offset(_ text: Span<UInt8>) -> Int? {
    guard text.count == 5 || text.count == 6 else { return nil }
    let start = text.count - 5
    if start == 1 { guard text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-") else { return nil } }
    guard text[start + 2] == UInt8(ascii: ":"), let hours = number(text, start, 2), let minutes = number(text, start + 3, 2),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3_600 + minutes * 60
    return start == 1 && text[0] == UInt8(ascii: "-") ? -seconds : seconds
  }

  static func zone(_ text: Span<UInt8>) -> ZoneOffset? {
    if let offset = offset(text) { return .fixed(offset) }
    let name = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    return (try? TimeZoneRules.load(name)).map { .rules($0) }
  }

  // MARK: Durations

  static func duration(_ text: Span<UInt8>) -> ExpressionValue? {
    let value = readDuration(text)
    return value.isError ? nil : value
  }

  static func readDuration(_ text: Span<UInt8>) -> ExpressionValue {
    var index = 0
    let count = text.count
    var isNegative = false
    if count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    if count == index + 1, text[index] == UInt8(ascii: "0") { return ExpressionValue(.duration) }
    guard index < count else { return .error(.notADuration) }
    var total: Int128 = 0
    while index < count {
      var whole: Int128 = 0
      var fraction: Int128 = 0
      var scale: Int128 = 1
      var digits = 0
      while index < count, text[index] &- 0x30 < 10 {
        guard whole < 1_000_000_000_000_000_000_000 else { return .error(.durationRange) }
        whole = whole * 10 + Int128(text[index] - 0x30)
        digits += 1
        index += 1
      }
      if index < count, text[index] == UInt8(ascii: ".") {
        index += 1
        while index < count, text[index] &- 0x30 < 10 {
          if scale < 1_000_000_000_000_000 {
            fraction = fraction * 10 + Int128(text[index] - 0x30)
            scale *= 10
          }
          digits += 1
          index += 1
        }
      }
      guard digits > 0, let unit = unit(text, &index) else { return .error(.notADuration) }
      total += whole * unit + fraction * unit / scale
      guard total <= Int128(longest) * 1_000_000_000 else { return .error(.durationRange) }
    }
    return duration(nanoseconds: isNegative ? -total : total)
  }

  /// Nanoseconds of the unit at `index`, which moves past it.
  private static func unit(_ text: Span<UInt8>, _ index: inout Int) -> Int128? {
    let rest = text.count - index
    guard rest > 0 else { return nil }
    let next = rest > 1 ? text[index + 1] : 0
    func take(_ count: Int, _ nanoseconds: Int128) -> Int128 {
      index += count
      return nanoseconds
    }
    switch text[index] {
    case UInt8(ascii: "h"): return take(1, 3_600_000_000_000)
    case UInt8(ascii: "m"):
      return next == UInt8(ascii: "s") ? take(2, 1_000_000) : take(1, 60_000_000_000)
    case UInt8(ascii: "s"): return take(1, 1_000_000_000)
    case UInt8(ascii: "u") where next == UInt8(ascii: "s"): return take(2, 1_000)
    case UInt8(ascii: "n") where next == UInt8(ascii: "s"): return take(2, 1)
    // The micro sign and the Greek letter.
    case 0xC2 where next == 0xB5 && rest > 2 && text[index + 2] == UInt8(ascii: "s"),
      0xCE where next == 0xBC && rest > 2 && text[index + 2] == UInt8(ascii: "s"):
      return take(3, 1_000)
    default: return nil
    }
  }

  /// Checks the range.
  static func duration(nanoseconds: Int128) -> ExpressionValue {
    let limit = Int128(longest) * 1_000_000_000
    guard nanoseconds >= -limit, nanoseconds <= limit else { return .error(.durationRange) }
    var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    return ExpressionValue(.duration, word: Int64(seconds), count: Int(rest))
  }

  /// Appends `1.5s`, `-0.001s`, `3600s`.
  static func append(duration: ExpressionValue, into arena: inout ByteArena) {
    var seconds = duration.word
    var nanoseconds = Int(duration.count)
    if seconds < 0 {
      if nanoseconds > 0 {
        seconds += 1
        nanoseconds = 1_000_000_000 - nanoseconds
      }
      arena.append(UInt8(ascii: "-"))
    }
    arena.append(decimal: seconds.magnitude)
    if nanoseconds > 0 {
      arena.append(UInt8(ascii: "."))
      var width = 9
      while nanoseconds % 10 == 0 {
        nanoseconds /= 10
        width -= 1
      }
      arena.append(decimal: nanoseconds, width: width)
    }
    arena.append(UInt8(ascii: "s"))
  }

  /// Appends RFC 3339 with `Z`.
  static func append(timestamp: ExpressionValue, into arena: inout ByteArena) {
    _ = DateTimeWriter.append(seconds: timestamp.word, nanosecond: Int(timestamp.count), offset: nil, to: &arena)
  }
}
