package import Core

/// Why a text is not a date or timestamp: a code for the ledger and one static sentence for people.
package struct DateFailure: Error, Sendable {
  /// `dateInvalid`, `dateGap` or `dateOverlap`.
  package let code: ProblemCode
  /// Part of a sentence: what is wrong and, if there is one, the fix. Quotes nothing from the value.
  package let reason: StaticString
  /// The text does not have the form at all, so that another format may be meant.
  let isShape: Bool

  init(_ code: ProblemCode, _ reason: StaticString, isShape: Bool = false) {
    self.code = code
    self.reason = reason
    self.isShape = isShape
  }

  private static func shape(_ reason: StaticString) -> DateFailure { DateFailure(.dateInvalid, reason, isShape: true) }
  private static func value(_ reason: StaticString) -> DateFailure { DateFailure(.dateInvalid, reason) }

  static var notISO: DateFailure { shape("not an ISO 8601 date such as 2024-03-10 or 2024-03-10T12:30:00Z") }
  static var notPattern: DateFailure { shape("does not match the pattern") }
  static var notAnInteger: DateFailure { shape("not an integer, which epoch formats need") }
  static var noFormatFits: DateFailure { shape("does not match any of the formats") }

  static var year: DateFailure { value("years are 0001 to 9999") }
  static var month: DateFailure { value("there is no such month") }
  static var day: DateFailure { value("there is no such day in this month") }
  static var hour: DateFailure { value("there is no such hour") }
  static var hour24: DateFailure { value("hour 24 is not accepted: write 00:00 of the next day") }
  static var minute: DateFailure { value("there is no such minute") }
  static var second: DateFailure { value("there is no such second") }
  static var second60: DateFailure { value("second 60 is not accepted: leap seconds have no number of their own") }
  static var fraction: DateFailure { value("more than nine digits after the second") }
  static var offset: DateFailure { value("there is no such UTC offset") }
  static var weekday: DateFailure { value("the weekday does not match the date") }
  static var patternWithoutDate: DateFailure { value("the pattern lacks the year, the month or the day") }
  static var outOfRange: DateFailure { value("outside of the years 0001 to 9999") }
  static var noZone: DateFailure {
    value("a local time without a known zone: set `zone` of the function or `timezone` in the settings")
  }

  static var dateWithoutTime: DateFailure { value("a date has no time of day, but the pattern needs one") }
  static var unknownLocation: DateFailure { value("the location's zone is unknown: set `zone` to an IANA name") }

  static var gap: DateFailure {
    DateFailure(.dateGap, "the zone's clocks skipped this local time: choose with `gap: earlier` or `gap: later`")
  }
  static var overlap: DateFailure {
    DateFailure(.dateOverlap, "this local time occurred twice in the zone: choose with `overlap: earlier` or `overlap: later`")
  }
}
