/// Reads a day number as Excel and other spreadsheets store dates: days, and the time of day as a fraction of a day.
///
/// In the 1900 system, 1 is 1900-01-01. It has a 29 February 1900, which did not exist: 60 is refused, and all later days are one further
/// than a calendar counts them. In the 1904 system, 0 is 1904-01-01. Times are rounded to the millisecond, because a fraction such as
/// 0.333333333333 for 08:00 is never exact.
///
///     31182 -> 1985-05-15        44197.75 -> 2021-01-01T18:00:00
enum ExcelSerial {
  private static let millisecondsPerDay: Int64 = 86_400_000
  /// 11 digits of a fraction are less than a microsecond apart, and their product with a day's milliseconds fits 64 bits.
  private static let fractionDigits = 11

  /// Gives local fields; a failure leaves them undefined.
  static func read(_ text: Span<UInt8>, isFrom1904: Bool, into fields: inout DateTimeFields) -> DateFailure? {
    var index = 0
    var serial: Int64 = 0
    while index < text.count, text[index] &- 48 < 10 {
      // No serial has more digits; more would only overflow.
      if serial < 100_000_000 { serial = serial * 10 + Int64(text[index] &- 48) }
      index += 1
    }
    guard index > 0 else { return .notASerial }
    var fraction: Int64 = 0
    var scale: Int64 = 1
    if index < text.count {
      guard text[index] == UInt8(ascii: "."), index + 1 < text.count else { return .notASerial }
      for place in index + 1..<text.count {
        let digit = text[place] &- 48
        guard digit < 10 else { return .notASerial }
        guard place - index <= fractionDigits else { continue }
        fraction = fraction * 10 + Int64(digit)
        scale *= 10
      }
    }
    let moment = serial * millisecondsPerDay + (fraction * millisecondsPerDay + scale / 2) / scale
    let day = Int(moment / millisecondsPerDay)
    guard let days = days(of: day, isFrom1904: isFrom1904) else { return day == 60 ? .excelLeapDay : .excelRange }
    let millisecond = Int(moment % millisecondsPerDay)
    guard
      let read = DateTimeFields(
        localSeconds: Int64(days * 86_400 + millisecond / 1_000), nanosecond: millisecond % 1_000 * 1_000_000, zone: .local)
    else { return .outOfRange }
    fields = read
    return nil
  }

  /// Days since 1970-01-01; nil if there is no such day before the year 10000.
  private static func days(of serial: Int, isFrom1904: Bool) -> Int? {
    let days = isFrom1904 ? serial - 24_107 : serial < 60 ? serial - 25_568 : serial - 25_569
    return !isFrom1904 && (serial == 0 || serial == 60) || days > CivilDate.days.upperBound ? nil : days
  }
}
