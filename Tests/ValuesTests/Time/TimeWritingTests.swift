import Core
import Testing

@testable import Values

@Suite struct TimeWritingTests {
  private func written(_ moment: String, _ pattern: String, _ clock: DateTextWriter.Clock = .own) throws -> String {
    let writer = DateTextWriter(pattern: try DatePattern(pattern, isWritten: true), clock: clock)
    let bytes = Array(moment.utf8)
    var arena = ByteArena(capacity: 16)
    arena.begin()
    let failure =
      bytes.count == 10 ? writer.write(date: bytes.span, into: &arena) : writer.write(datetime: bytes.span, into: &arena)
    if let failure { return failure.code.slug }
    let text = arena.finish().string
    #expect(text.unicodeScalars.count <= (try DatePattern(pattern, isWritten: true)).longestText)
    return text
  }

  @Test(arguments: [
    ("1990-09-25", "MM/dd/yyyy", "09/25/1990"), ("1990-09-05", "M/d/yy", "9/5/90"), ("2024-02-29", "d MMM yyyy", "29 Feb 2024"),
    ("2024-02-29", "EEEE, MMMM d, y", "Thursday, February 29, 2024"),
    ("0007-03-04", "yyyyMMdd", "00070304"), ("2024-03-04", "yyyyMd", "202434"),
    ("2024-03-04", "'day' d 'o''clock'", "day 4 o'clock"), ("2024-03-04", "yyyy年MM月dd日", "2024年03月04日"),
    ("2024-03-04", "EEE", "Mon"), ("2024-03-04", "MMMM", "March"), ("2024-03-04", "HH:mm", "date-invalid"),
    ("2024-03-10T00:05:09Z", "h:mm a", "12:05 AM"), ("2024-03-10T12:05:09Z", "h:mm a", "12:05 PM"),
    ("2024-03-10T13:05:09Z", "hh:mm:ss a", "01:05:09 PM"),
    ("2024-03-10T00:05:09Z", "K:mm a", "0:05 AM"), ("2024-03-10T23:05:09Z", "K a", "11 PM"),
    ("2024-03-10T00:05:09Z", "k:mm", "24:05"), ("2024-03-10T01:05:09Z", "kk", "01"),
    ("2024-03-10T12:30:05.128Z", "ss.S", "date pattern"), ("2024-03-10T12:30:05.128Z", "HH:mm:ss.S", "12:30:05.1"),
    ("2024-03-10T12:30:05.128Z", "HH:mm:ss.SSSSSS", "12:30:05.128000"),
    ("2024-03-10T12:30:05Z", "HH:mm:ss.SSS", "12:30:05.000"),
    ("2024-03-10T12:30:05.000000001Z", "HH:mm:ss.SSSSSSSSS", "12:30:05.000000001"),
    ("2024-03-10T12:30:00Z", "HHX", "12Z"), ("2024-03-10T12:30:00+00:00", "HHX", "12Z"), ("2024-03-10T12:30:00Z", "HHx", "12+00"),
    ("2024-03-10T12:30:00+05:30", "HHX", "12+0530"),
    ("2024-03-10T12:30:00-05:00", "HHX", "12-05"), ("2024-03-10T12:30:00-05:00", "HHXX", "12-0500"),
    ("2024-03-10T12:30:00-05:00", "HHXXX", "12-05:00"), ("2024-03-10T12:30:00Z", "HHxxx", "12+00:00"),
    ("2024-03-10T12:30:00Z", "HH Z", "12 +0000"), ("2024-03-10T12:30:00-00:30", "HH ZZZZZ", "12 -00:30"),
    ("2024-03-10T12:30:00-00:30", "HHx", "12-0030"),
  ])
  func fieldsAreWrittenByTheirLetters(moment: String, pattern: String, expected: String) throws {
    if expected == "date pattern" {
      #expect(throws: DatePatternFailure.self) { try DatePattern(pattern, isWritten: true) }
    } else {
      #expect(try written(moment, pattern) == expected)
    }
  }

  @Test(arguments: [
    ("2024-03-10T06:59:59Z", "America/New_York", "2024-03-10T01:59:59-05:00"),
    ("2024-03-10T07:00:00Z", "America/New_York", "2024-03-10T03:00:00-04:00"),
    ("2024-11-03T05:30:00Z", "America/New_York", "2024-11-03T01:30:00-04:00"),
    ("2024-11-03T06:30:00Z", "America/New_York", "2024-11-03T01:30:00-05:00"),
    ("2024-12-31T23:30:00Z", "Asia/Tokyo", "2025-01-01T08:30:00+09:00"),
    ("2024-07-01T12:00:00+02:00", "Europe/Berlin", "2024-07-01T12:00:00+02:00"),
    ("2024-07-01T12:00:00+02:00", "UTC", "2024-07-01T10:00:00Z"),
    ("2024-07-01T12:00:00Z", "Asia/Kathmandu", "2024-07-01T17:45:00+05:45"),
    ("9999-12-31T23:00:00Z", "Asia/Tokyo", "date-invalid"), ("0001-01-01T00:00:00Z", "America/New_York", "0001-01-01T00:00:00Z"),
    // Local mean time, 53 minutes and 28 seconds east: no offset of whole minutes.
    ("1880-01-01T00:00:00Z", "Europe/Berlin", "1880-01-01T00:00:00Z"),
  ])
  func aZonesClockIsShown(moment: String, name: String, expected: String) throws {
    #expect(try written(moment, "yyyy-MM-dd'T'HH:mm:ssXXX", .zone(zone(name))) == expected)
  }

  @Test func withoutAnOffsetTheLocalClockIsExact() throws {
    #expect(try written("1880-01-01T00:00:00Z", "HH:mm:ss", .zone(zone("Europe/Berlin"))) == "00:53:28")
    #expect(try written("2024-01-01T00:00:00Z", "HH:mm", .unknown) == "date-invalid")
  }

  @Test(arguments: [
    "yyyy-MM-dd HH:mm:ss.SSSSSSSSSXXX", "EEEE d MMMM yyyy h:mm:ss.SSSSSSSSS a ZZZZZ", "EEE, d MMM y K:mm:ss.SSSSSSSSS axx",
    "yyyyMMddkkmmssSSSSSSSSSX", "M/d/yyyy k:m:s.SSSSSSSSS Z",
  ])
  func whatIsWrittenIsReadAgain(pattern: String) throws {
    let reader = DateTimeReader(formats: [.pattern(try DatePattern(pattern))], zone: nil)
    var seconds: Int64 = -62_135_500_000
    while seconds < 253_402_000_000 {
      for offset in [nil, 0, 19_800, -12_600] {
        var arena = ByteArena(capacity: 64)
        arena.begin()
        try #require(DateTimeWriter.append(seconds: seconds, nanosecond: Int(seconds & 0xFFFFF), offset: offset, to: &arena))
        let moment = arena.finish().string
        let text = try written(moment, pattern)
        #expect(reader.reading(text).number == seconds, "\(moment) as \(text)")
      }
      seconds += 7_919_876_543
    }
  }

  @Test(
    arguments: [
      ("2021-07-02T05:18:26.704Z", 1_625_203_106_704), ("2021-07-02T05:18:26Z", 1_625_203_106_000),
      ("2021-07-02T05:18:26.7Z", 1_625_203_106_700),
      ("2021-07-02T05:18:26.7049+02:00", 1_625_195_906_704), ("1969-12-31T23:59:59.999Z", -1),
      ("1969-12-31T23:59:59.0009Z", -1_000), ("1970-01-01T00:00:00.001Z", 1),
    ] as [(String, Int64)])
  func aMomentIsAWholeNumberOfMilliseconds(moment: String, expected: Int64) throws {
    let seconds = try #require(DateTimeReader(formats: [], zone: nil).reading(moment).number)
    let bytes = Array(moment.utf8)
    #expect(EpochCount.milliseconds(bytes.span, seconds: seconds) == expected)
  }
}
