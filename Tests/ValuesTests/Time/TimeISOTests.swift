import Core
import Testing

@testable import Values

@Suite struct TimeISOTests {
  let plain = DateTimeReader(formats: [.iso], zone: nil)

  @Test(arguments: [
    ("2021-07-02T05:18:26.704Z", "2021-07-02T05:18:26.704Z", 1_625_203_106),
    ("2021-07-02t05:18:26.704z", "2021-07-02T05:18:26.704Z", 1_625_203_106),
    ("2021-07-02 05:18:26Z", "2021-07-02T05:18:26Z", 1_625_203_106),
    ("2021-07-02T05:18:26,7040Z", "2021-07-02T05:18:26.704Z", 1_625_203_106),
    ("2021-07-02T05:18:26.000Z", "2021-07-02T05:18:26Z", 1_625_203_106),
    ("2021-07-02T05:18:26.000000001Z", "2021-07-02T05:18:26.000000001Z", 1_625_203_106),
    ("2021-07-02T05:18:26.123456789000Z", "2021-07-02T05:18:26.123456789Z", 1_625_203_106),
    ("2023-09-25T16:00:00+05:30", "2023-09-25T16:00:00+05:30", 1_695_637_800),
    ("2023-09-25T16:00:00+0530", "2023-09-25T16:00:00+05:30", 1_695_637_800),
    ("2023-09-25T16:00+05", "2023-09-25T16:00:00+05:00", 1_695_639_600),
    ("2023-09-25T16:00:00-03:30", "2023-09-25T16:00:00-03:30", 1_695_670_200),
    ("2023-09-25T16:00:00+00:00", "2023-09-25T16:00:00+00:00", 1_695_657_600),
    ("2023-09-25T16:00:00-00:00", "2023-09-25T16:00:00Z", 1_695_657_600),
    ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z", -1),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", -62_135_596_800),
    ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00", -62_135_647_200),
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", 253_402_300_799),
  ])
  func momentsKeepTheirOffset(text: String, written: String, seconds: Int64) {
    #expect(plain.reading(text) == Reading(text: written, number: seconds))
  }

  @Test(arguments: [
    ("2021-07-16 11:00:00", "2021-07-16T11:00:00+02:00", 1_626_426_000),
    ("2021-01-16 11:00:00.250", "2021-01-16T11:00:00.25+01:00", 1_610_791_200),
    ("2021-07-16", "2021-07-16T00:00:00+02:00", 1_626_386_400),
    ("2021-07-16T16:00", "2021-07-16T16:00:00+02:00", 1_626_444_000),
    ("2021-07-16T16:00Z", "2021-07-16T16:00:00Z", 1_626_451_200),
  ])
  func localTimesTakeTheZonesOffset(text: String, written: String, seconds: Int64) throws {
    let reader = DateTimeReader(formats: [.iso], zone: try zone("Europe/Berlin"))
    #expect(reader.reading(text) == Reading(text: written, number: seconds))
  }

  @Test(arguments: [
    "", " ", "2021", "2021-07", "2021-7-02", "21-07-02", "20210702", "2021-07-02T", "2021-07-02T05", "2021-07-02T05:1",
    "2021-07-02T05:18:2", "2021-07-02T05:18:", "2021-07-02T05:18:26.", "2021-07-02T05:18:26.Z", "2021-07-02T05:18:26.7x",
    "2021-07-02T05:18:26ZZ", "2021-07-02T05:18:26 Z", " 2021-07-02T05:18:26Z", "2021-07-02T05:18:26Z ", "2021-07-02Z",
    "2021/07/02", "+2021-07-02", "02021-07-02", "2021-07-02_05:18:26", "2021-07-02  05:18", "2021-07-02T05-18-26Z",
    "2021-07-02T05:18:26+5", "2021-07-02T05:18:26+053", "2021-07-02T05:18:26+05:3", "2021-07-02T05:18:26+05.30",
    "2021-07-02T05:18:26+xx:30", "2021-07-02T05:18:26+05:xx", "2021-07-02T05:18:26+", "２０２１-07-02", "2021-07-0２",
    "heute", "null", "1625203106704", "2021-07-02T05:18:26Z\0", "2021-0:-02", "2021-07-/1",
    "2021-07-02T05:18:26.1234567891Z", "0000-01-01", "2021-00-01", "2021-13-01", "2021-01-00", "2021-01-32",
    "2021-02-29", "2024-02-30", "1900-02-29T00:00:00Z", "2021-04-31", "2021-07-02T24:00:00Z", "2021-07-02T25:00Z",
    "2021-07-02T05:60:00Z", "2021-07-02T23:59:60Z", "2021-07-02T05:18:61Z", "2021-07-02T05:18:26+24:00",
    "2021-07-02T05:18:26+05:60", "2021-07-02T05:18:26-99:00",
  ])
  func otherTextsAreInvalid(text: String) {
    #expect(DateTimeReader(formats: [.iso], zone: .utc).reading(text) == Reading(text: "", code: .dateInvalid))
    // A date-time's parts are judged for `date` as well.
    #expect(DateReader(formats: [.iso]).output(text) == "date-invalid")
  }

  @Test func textsCutAnywhereAreReadOrRefusedWithoutHarm() {
    let whole = Array("2023-09-25T16:00:00.123456789+05:30".utf8)
    let reader = DateTimeReader(formats: [.iso], zone: .utc)
    let readable = (0...whole.count).filter { length in
      reader.reading(String(decoding: whole[..<length], as: UTF8.self)).number != nil
    }
    #expect(readable == [10, 16, 19] + Array(21...29) + [32, 35])
  }

  @Test(arguments: [
    ("2021-07-02T24:00:00Z", "hour 24"), ("2016-12-31T23:59:60Z", "second 60"), ("2023-02-29", "no such day"),
    ("2023-02-28T10:00", "without a known zone"), ("2023-13-28", "month"), ("0000-12-28", "years are"), ("x", "ISO 8601"),
  ])
  func reasonsNameWhatIsWrong(text: String, part: String) throws {
    #expect(try #require(plain.reason(text)).contains(part))
  }

  @Test(arguments: [
    ("2024-02-29", "2024-02-29"), ("2024-03-10T23:30:00-08:00", "2024-03-10"), ("2024-03-10 00:10", "2024-03-10"),
    ("1850-01-01", "1850-01-01"), ("2023-02-29", "date-invalid"), ("", "date-invalid"),
  ])
  func datesTakeTheDatePartAsWritten(text: String, written: String) {
    #expect(DateReader(formats: [.iso]).output(text) == written)
    #expect(DateReader(formats: []).output(text) == written)
  }

  @Test(arguments: [
    ("1625203106704", DateFormat.epochMilliseconds, "2021-07-02T05:18:26.704Z"),
    ("1625203106000", .epochMilliseconds, "2021-07-02T05:18:26Z"),
    ("1625203106", .epochSeconds, "2021-07-02T05:18:26Z"),
    ("0", .epochSeconds, "1970-01-01T00:00:00Z"),
    ("-1", .epochMilliseconds, "1969-12-31T23:59:59.999Z"),
    ("-1", .epochSeconds, "1969-12-31T23:59:59Z"),
    ("253402300799", .epochSeconds, "9999-12-31T23:59:59Z"),
    ("253402300800", .epochSeconds, "date-invalid"),
    ("-62135596800000", .epochMilliseconds, "0001-01-01T00:00:00Z"),
    ("-62135596800001", .epochMilliseconds, "date-invalid"),
    ("99999999999999999999999999", .epochMilliseconds, "date-invalid"),
    ("", .epochSeconds, "date-invalid"), ("-", .epochSeconds, "date-invalid"), ("+1", .epochSeconds, "date-invalid"),
    ("1.5", .epochSeconds, "1970-01-01T00:00:01.5Z"), ("-1.5", .epochSeconds, "1969-12-31T23:59:58.5Z"),
    ("-0.25", .epochMilliseconds, "1969-12-31T23:59:59.99975Z"), ("1.", .epochSeconds, "date-invalid"),
    ("1.1234567891", .epochSeconds, "date-invalid"), (".5", .epochSeconds, "date-invalid"),
    ("1e9", .epochSeconds, "date-invalid"), ("١", .epochSeconds, "date-invalid"),
  ])
  func epochsAreRead(text: String, format: DateFormat, written: String) throws {
    #expect(DateTimeReader(formats: [format], zone: try zone("Asia/Tokyo")).output(text) == written)
  }

  @Test func epochDatesAreOfTheZoneOrUTC() throws {
    let formats = [DateFormat.epochMilliseconds]
    #expect(DateReader(formats: formats).output("1625263106704") == "2021-07-02")
    #expect(DateReader(formats: formats, zone: try zone("Asia/Tokyo")).output("1625263106704") == "2021-07-03")
    #expect(DateReader(formats: formats, zone: try zone("America/New_York")).output("0") == "1969-12-31")
    #expect(DateReader(formats: [.iso], zone: try zone("Asia/Tokyo")).output("2021-07-02T22:00:00Z") == "2021-07-02")
  }
}
