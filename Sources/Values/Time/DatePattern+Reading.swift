import Core

extension DatePattern {
  /// Fills `fields` from a text that has the pattern's form; a failure leaves them undefined.
  func read(_ text: Span<UInt8>, into fields: inout DateTimeFields) -> DateFailure? {
    guard hasDate else { return .patternWithoutDate }
    fields = DateTimeFields()
    var index = 0
    var isAfternoon = false
    var weekday: Int?
    for operation in operations {
      switch operation {
      case .literal(let byte):
        guard index < text.count, text[index] == byte else { return .notPattern }
        index += 1
      case .number(let part, let minimum, let maximum):
        guard let value = Self.number(text, at: &index, minimum, maximum) else { return .notPattern }
        if let failure = Self.set(part, to: value, in: &fields) { return failure }
      case .fraction(let digits):
        guard index + digits <= text.count else { return .notPattern }
        let fraction = DigitReading.fraction(text.extracting(..<(index + digits)), from: index)
        guard fraction.end == index + digits else { return .notPattern }
        fields.nanosecond = fraction.nanoseconds
        index = fraction.end
      case .monthName(let isWide):
        guard let month = EnglishNames.month(text, at: &index, isWide: isWide) else { return .notPattern }
        fields.date.month = month
      case .weekdayName(let isWide):
        guard let name = EnglishNames.weekday(text, at: &index, isWide: isWide) else { return .notPattern }
        weekday = name
      case .dayPeriod:
        guard index + 2 <= text.count, text[index + 1] | 0x20 == UInt8(ascii: "m") else { return .notPattern }
        switch text[index] | 0x20 {
        case UInt8(ascii: "a"): isAfternoon = false
        case UInt8(ascii: "p"): isAfternoon = true
        default: return .notPattern
        }
        index += 2
      case .offset(let form, let allowsZ):
        if let failure = Self.readOffset(text, at: &index, form, allowsZ, into: &fields) { return failure }
      }
    }
    guard index == text.count else { return .notPattern }
    if isAfternoon { fields.hour += 12 }
    if let failure = fields.failure { return failure }
    if let weekday, weekday != fields.date.weekday { return .weekday }
    return nil
  }

  private static func number(_ text: Span<UInt8>, at index: inout Int, _ minimum: Int, _ maximum: Int) -> Int? {
    var value = 0
    let start = index
    while index < text.count, index - start < maximum {
      let digit = Int(text[index]) - 48
      guard digit >= 0, digit <= 9 else { break }
      value = value * 10 + digit
      index += 1
    }
    return index - start >= minimum ? value : nil
  }

  private static func set(_ part: Part, to value: Int, in fields: inout DateTimeFields) -> DateFailure? {
    switch part {
    case .year: fields.date.year = value
    case .shortYear: fields.date.year = value <= 68 ? 2_000 + value : 1_900 + value
    case .month: fields.date.month = value
    case .day: fields.date.day = value
    case .hour: fields.hour = value
    case .hourFrom1:
      guard value >= 1, value <= 24 else { return .hour }
      fields.hour = value % 24
    case .halfDayHour:
      guard value >= 1, value <= 12 else { return .hour }
      fields.hour = value % 12
    case .halfDayHourFrom0:
      guard value <= 11 else { return .hour }
      fields.hour = value
    case .minute: fields.minute = value
    case .second: fields.second = value
    case .weekday, .dayPeriod, .fraction, .offset: break
    }
    return nil
  }

  private static func readOffset(
    _ text: Span<UInt8>, at index: inout Int, _ form: OffsetForm, _ allowsZ: Bool, into fields: inout DateTimeFields
  ) -> DateFailure? {
    guard index < text.count else { return .notPattern }
    let sign = text[index]
    if allowsZ, sign | 0x20 == UInt8(ascii: "z") {
      fields.zone = .zulu
      index += 1
      return nil
    }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), index + 3 <= text.count else { return .notPattern }
    let hours = DigitReading.two(text, at: index + 1)
    index += 3
    var minutes = 0
    if form == .extended {
      guard index < text.count, text[index] == UInt8(ascii: ":") else { return .notPattern }
      index += 1
    }
    let hasMinutes = index + 2 <= text.count && DigitReading.two(text, at: index) >= 0
    if hasMinutes {
      minutes = DigitReading.two(text, at: index)
      index += 2
    }
    guard hours >= 0, hasMinutes || form == .short else { return .notPattern }
    return ISODateTime.set(sign: sign, hours: hours, minutes: minutes, in: &fields)
  }
}

/// English month and weekday names, full or their first three letters, in any case.
enum EnglishNames {
  private static let months: [StaticString] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]
  private static let weekdays: [StaticString] = [
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  ]

  /// 1 to 12; moves `index` past the name.
  static func month(_ text: Span<UInt8>, at index: inout Int, isWide: Bool) -> Int? {
    find(months, in: text, at: &index, isWide: isWide).map { $0 + 1 }
  }

  /// 0 for Sunday to 6; moves `index` past the name.
  static func weekday(_ text: Span<UInt8>, at index: inout Int, isWide: Bool) -> Int? {
    find(weekdays, in: text, at: &index, isWide: isWide)
  }

  private static func find(
    _ names: [StaticString], in text: Span<UInt8>, at index: inout Int, isWide: Bool
  ) -> Int? {
    for number in names.indices {
      let name = unsafe UnsafeBufferPointer(start: names[number].utf8Start, count: names[number].utf8CodeUnitCount)
      let length = isWide ? name.count : 3
      guard index + length <= text.count else { continue }
      var matched = 0
      while matched < length, unsafe text[index + matched] | 0x20 == name[matched] { matched += 1 }
      if matched == length {
        index += length
        return number
      }
    }
    return nil
  }

  static func append(month: Int, isWide: Bool, into arena: inout ByteArena) {
    append(months[month - 1], isWide: isWide, into: &arena)
  }

  static func append(weekday: Int, isWide: Bool, into arena: inout ByteArena) {
    append(weekdays[weekday], isWide: isWide, into: &arena)
  }

  private static func append(_ name: StaticString, isWide: Bool, into arena: inout ByteArena) {
    let count = isWide ? name.utf8CodeUnitCount : 3
    unsafe arena.append(name.utf8Start[0] ^ 0x20)
    for index in 1..<count { unsafe arena.append(name.utf8Start[index]) }
  }
}
