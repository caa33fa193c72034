package import Core

/// Why a text is not a date or timestamp.
package enum DateFailure: UInt8, Error, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case notISO, notPattern, notACount, notASerial, noFormatFits, bareNumber
  case year, month, day, hour, hour24, minute, second, second60, fraction, offset, weekday, patternWithoutDate, outOfRange,
    noZone, dateWithoutTime, unknownLocation, excelLeapDay, excelRange
  case gap, overlap

  /// `dateInvalid`, `dateGap` or `dateOverlap`.
  package var code: ProblemCode {
    switch self {
    case .gap: .dateGap
    case .overlap: .dateOverlap
    default: .dateInvalid
    }
  }

  /// The text does not have the form at all, so that another format may be meant.
  var isShape: Bool {
    switch self {
    case .notISO, .notPattern, .notACount, .notASerial, .noFormatFits, .bareNumber: true
    default: false
    }
  }

  /// Part of a sentence: what is wrong and, if there is one, the fix. Quotes nothing from the value.
  package var reason: StaticString {
    switch self {
    case .notISO: "not an ISO 8601 date such as 2024-03-10 or 2024-03-10T12:30:00Z"
    case .notPattern: "does not match the pattern"
    case .notACount: "not a number, which epoch formats need"
    case .notASerial: "not an Excel day number, such as 45361 or 45361.5"
    case .bareNumber:
      "a bare number: name what it counts under `formats`: excel, excel_1904, epoch_s, epoch_ms, or a pattern such as yyyyMMdd"
    case .noFormatFits: "does not match any of the formats"
    case .year: "years are 0001 to 9999"
    case .month: "there is no such month"
    case .day: "there is no such day in this month"
    case .hour: "there is no such hour"
    case .hour24: "hour 24 is not accepted: write 00:00 of the next day"
    case .minute: "there is no such minute"
    case .second: "there is no such second"
    case .second60: "second 60 is not accepted: leap seconds have no number of their own"
    case .fraction: "more than nine digits after the second"
    case .offset: "there is no such UTC offset"
    case .weekday: "the weekday does not match the date"
    case .patternWithoutDate: "the pattern lacks the year, the month or the day"
    case .outOfRange: "outside of the years 0001 to 9999"
    case .noZone: "a local time without a known zone: set `zone` of the function or `timezone` in the settings"
    case .dateWithoutTime: "a date has no time of day, but the pattern needs one"
    case .unknownLocation: "the location's zone is unknown: set `zone` to an IANA name"
    case .excelLeapDay: "60 is Excel's 29 February 1900, which did not exist"
    case .excelRange: "outside the days that Excel counts, which end with the year 9999"
    case .gap: "the zone's clocks skipped this local time: choose with `gap: earlier` or `gap: later`"
    case .overlap: "this local time occurred twice in the zone: choose with `overlap: earlier` or `overlap: later`"
    }
  }
}
