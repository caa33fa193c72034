import Testing

@testable import Values

/// Day numbers as spreadsheets have them.
struct ExcelSerialTests {
  @Test(arguments: [
    ("1", "1900-01-01"), ("59", "1900-02-28"), ("61", "1900-03-01"), ("31182", "1985-05-15"), ("31182.0", "1985-05-15"),
    ("31182.5", "1985-05-15"), ("31182.99999999999", "1985-05-16"), ("45361", "2024-03-10"), ("2958465", "9999-12-31"),
    ("60", "date-invalid"), ("60.5", "date-invalid"), ("0", "date-invalid"), ("0.5", "date-invalid"), ("-1", "date-invalid"),
    ("2958466", "date-invalid"), ("99999999999999999999", "date-invalid"), ("", "date-invalid"), ("31182.", "date-invalid"),
    (".5", "date-invalid"), ("3.1182e4", "date-invalid"), ("31182,5", "date-invalid"), ("1985-05-15", "date-invalid"),
    (" 31182", "date-invalid"), ("٣", "date-invalid"),
  ])
  func `a serial of the 1900 system is a day`(serial: String, expected: String) {
    #expect(DateReader(formats: [.excel1900]).output(serial) == expected)
  }

  @Test(arguments: [
    ("0", "1904-01-01"), ("29720", "1985-05-15"), ("60", "1904-03-01"), ("2957003", "9999-12-31"), ("2957004", "date-invalid"),
  ])
  func `a serial of the 1904 system is a day`(serial: String, expected: String) {
    #expect(DateReader(formats: [.excel1904]).output(serial) == expected)
  }

  @Test(arguments: [
    ("44197.75", "2021-01-01T18:00:00+01:00"), ("44197.333333333336", "2021-01-01T08:00:00+01:00"),
    ("44197.3333333333", "2021-01-01T08:00:00+01:00"), ("44197.000011574", "2021-01-01T00:00:01+01:00"),
    ("44197.0000000058", "2021-01-01T00:00:00.001+01:00"), ("44197", "2021-01-01T00:00:00+01:00"),
    ("44197.99999999999", "2021-01-02T00:00:00+01:00"), ("44378.5", "2021-07-01T12:00:00+02:00"),
  ])
  func `a fraction is the time of day, in the zone`(serial: String, expected: String) throws {
    let zone = try TimeZoneRules.load("Europe/Berlin")
    #expect(DateTimeReader(formats: [.excel1900], zone: zone).output(serial) == expected)
  }

  @Test func `the first format that fits wins, and a number out of range is left to the next`() {
    let reader = DateReader(formats: [.iso, .excel1900, .epochMilliseconds])
    #expect(reader.output("1985-05-15") == "1985-05-15")
    #expect(reader.output("31182") == "1985-05-15")
    #expect(reader.output("485049600000") == "1985-05-16")
  }

  @Test(arguments: ["31182", "31182.5", "485049600", "20240310"])
  func `a bare number without a format for numbers names the formats`(text: String) throws {
    let reason = try #require(DateTimeReader(formats: [.iso], zone: nil).reason(text))
    #expect(reason.contains("excel") && reason.contains("epoch_ms"))
    #expect(DateTimeReader(formats: [.iso, .excel1904], zone: nil).reason("x") == "does not match any of the formats")
  }
}
