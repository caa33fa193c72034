import Testing

@testable import Values

/// Patterns and zone names of other tools.
struct ForeignNameTests {
  @Test(
    arguments: [
      ("%m/%d/%Y", "MM/dd/yyyy"), ("%Y-%m-%dT%H:%M:%S", "yyyy-MM-dd'T'HH:mm:ss"), ("%d.%m.%y", "dd.MM.yy"),
      ("%-d/%-m/%Y", "d/M/yyyy"), ("%#d %b %Y", "d MMM yyyy"), ("%A, %d %B %Y %I:%M %p", "EEEE, dd MMMM yyyy hh:mm a"),
      ("%F %T", "yyyy-MM-dd HH:mm:ss"), ("%Y%m%d", "yyyyMMdd"), ("%d o'clock %Y %m", "dd' o''clock 'yyyy MM"),
      ("%Y-%m-%d %H:%M:%S.%f%z", "yyyy-MM-dd HH:mm:ss.SSSSSSZ"), ("%j/%Y", nil), ("%m/%d/%Y %Z", nil), ("%Y%%%m%d", "yyyy%MMdd"),
    ] as [(String, String?)])
  func `a pattern of strftime is translated`(text: String, expected: String?) throws {
    let pattern = try #require(ForeignDatePattern(text))
    #expect(pattern.message == "strftime patterns are not used here")
    #expect(pattern.translation == expected)
    if let expected { #expect((try? DatePattern(expected)) != nil) }
  }

  @Test(
    arguments: [
      ("DD/MM/YYYY", "dd/MM/yyyy"), ("MM-DD-YY", "MM-dd-yy"), ("YYYY-MM-DD[T]HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss"),
      ("YYYY-MM-DDTHH:mm:ssZ", "yyyy-MM-dd'T'HH:mm:ssXXX"), ("dddd, D MMMM YYYY h:mm A", "EEEE, d MMMM yyyy h:mm a"),
      ("dd/mm/YYYY", "dd/MM/yyyy"), ("DD/mm/yyyy", "dd/MM/yyyy"), ("DDD YYYY", nil), ("Do MMM YYYY", nil),
    ] as [(String, String?)])
  func `a pattern in capital letters is translated`(text: String, expected: String?) throws {
    let pattern = try #require(ForeignDatePattern(text))
    #expect(pattern.message == "the year is yyyy and the day dd, in lowercase")
    #expect(pattern.translation == expected)
    if let expected { #expect((try? DatePattern(expected)) != nil) }
  }

  @Test(arguments: [
    ("2006-01-02T15:04:05Z07:00", "yyyy-MM-dd'T'HH:mm:ssXXX"), ("02 Jan 2006", "dd MMM yyyy"),
    ("1/2/2006 3:04 PM", "M/d/yyyy h:mm a"),
  ])
  func `a layout of Go is translated`(text: String, expected: String) throws {
    #expect(try #require(ForeignDatePattern(text)).translation == expected)
    #expect((try? DatePattern(expected)) != nil)
  }

  @Test(arguments: ["yyyy-MM-dd", "dd.MM.yyyy HH:mm", "iso", "100%", "", "QQ yyyy"])
  func `other texts are not taken for patterns of other tools`(text: String) { #expect(ForeignDatePattern(text) == nil) }

  @Test(arguments: [
    ("PST", "write America/Los_Angeles"), ("pdt", "write America/Los_Angeles"), ("EST", "write America/New_York"),
    ("UTC+2", "write Etc/GMT-2, or the zone of a city"),
    ("GMT-5", "write Etc/GMT+5, or the zone of a city"),
    ("+05:30", "write Asia/Kolkata, or the zone of a city"), ("UTC+0", "write UTC, or the zone of a city"),
    ("Pacific Time (US & Canada)", "write America/Los_Angeles"), ("Eastern Standard Time", "write America/New_York"),
    ("W. Europe Standard Time", "write Europe/Berlin"), ("Mountain Time", "write America/Denver"),
    ("New York", "write America/New_York"), ("america/new_york", "write America/New_York"), ("Berlin", "write Europe/Berlin"),
    ("Europe/Berlinn", "did you mean 'Europe/Berlin'?"), ("../etc/passwd", "write an IANA name such as Europe/Berlin"),
  ])
  func `a zone that is not IANA's is refused with the name to write`(name: String, hint: String) {
    #expect {
      _ = try TimeZoneRules.load(name)
    } throws: { error in
      (error as? TimeZoneFailure)?.hint == hint
    }
  }

  @Test(arguments: [
    "UTC", "GMT", "CET", "EST5EDT", "Etc/GMT-2", "GMT+0", "Japan", "Singapore", "Turkey", "US/Pacific", "Europe/Berlin",
  ])
  func `zones of IANA's data are loaded`(name: String) throws { _ = try TimeZoneRules.load(name) }

  @Test func `no zone that is refused is proposed, and each that a name leads to exists`() throws {
    for name in TimeZoneRules.names() { #expect(ForeignZone.refusal(of: name) == nil) }
    let names = [
      "PST", "MDT", "CDT", "EDT", "AKST", "HST", "AST", "NST", "BST", "CEST", "EEST", "MSK", "TRT", "IST", "JST", "AEDT",
    ]
    for name in names {
      let hint = try #require(ForeignZone.refusal(of: name)?.hint)
      _ = try TimeZoneRules.load(String(hint.dropFirst("write ".count)))
    }
  }
}
