import Core

extension DatePattern {
  /// Appends `fields` in the pattern's form; reading it again gives the same fields, as far as the pattern names them.
  /// Digits of a fraction beyond the pattern's are cut off.
  func write(_ fields: DateTimeFields, into arena: inout ByteArena) {
    for operation in operations {
      switch operation {
      case .literal(let byte): arena.append(byte)
      case .number(let part, let minimum, _): arena.append(decimal: Self.value(part, fields), width: minimum)
      case .fraction(let digits):
        var rest = fields.nanosecond
        var unit = 100_000_000
        for _ in 0..<digits {
          arena.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
          (rest, unit) = (rest % unit, unit / 10)
        }
      case .monthName(let isWide): EnglishNames.append(month: fields.date.month, isWide: isWide, into: &arena)
      case .weekdayName(let isWide): EnglishNames.append(weekday: fields.date.weekday, isWide: isWide, into: &arena)
      case .dayPeriod: arena.append(fields.hour < 12 ? "AM" : "PM")
      case .offset(let form, let allowsZ): Self.append(fields.zone, form, allowsZ, into: &arena)
      }
    }
  }

  private static func value(_ part: Part, _ fields: DateTimeFields) -> Int {
    switch part {
    case .year: fields.date.year
    case .shortYear: fields.date.year % 100
    case .month: fields.date.month
    case .day: fields.date.day
    case .hour: fields.hour
    case .hourFrom1: fields.hour == 0 ? 24 : fields.hour
    case .halfDayHour: fields.hour % 12 == 0 ? 12 : fields.hour % 12
    case .halfDayHourFrom0: fields.hour % 12
    case .minute: fields.minute
    case .second: fields.second
    case .weekday, .dayPeriod, .fraction, .offset: 0
    }
  }

  private static func append(
    _ zone: DateTimeFields.Zone, _ form: OffsetForm, _ allowsZ: Bool, into arena: inout ByteArena
  ) {
    var offset = 0
    if case .offset(let seconds) = zone { offset = seconds }
    if offset == 0, allowsZ { return arena.append(UInt8(ascii: "Z")) }
    arena.append(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    let minutes = abs(offset) / 60
    arena.append(decimal: minutes / 60, width: 2)
    if form == .short, minutes % 60 == 0 { return }
    if form == .extended { arena.append(UInt8(ascii: ":")) }
    arena.append(decimal: minutes % 60, width: 2)
  }

  /// Characters of the longest text that the pattern can write.
  package var longestText: Int {
    operations.reduce(0) { count, operation in
      switch operation {
      case .literal(let byte): count + (byte & 0xC0 == 0x80 ? 0 : 1)
      case .number(_, _, let maximum): count + maximum
      case .fraction(let digits): count + digits
      case .monthName(let isWide), .weekdayName(let isWide): count + (isWide ? 9 : 3)
      case .dayPeriod: count + 2
      case .offset(let form, _): count + (form == .extended ? 6 : 5)
      }
    }
  }
}
