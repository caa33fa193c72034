import Core
import Testing

@testable import Values

@Suite struct TimePatternTests {
  @Test(arguments: [
    ("MM/dd/yyyy", "03/10/2024", "2024-03-10T00:00:00+00:00"),
    ("M/d/y", "3/1/2024", "2024-03-01T00:00:00+00:00"),
    ("M/d/y", "12/31/2024", "2024-12-31T00:00:00+00:00"),
    ("yyyyMMdd", "20240229", "2024-02-29T00:00:00+00:00"),
    ("yyyyMMddHHmmssSSS", "20240229010203040", "2024-02-29T01:02:03.04+00:00"),
    ("dd.MM.yy", "01.02.68", "2068-02-01T00:00:00+00:00"),
    ("dd.MM.yy", "01.02.69", "1969-02-01T00:00:00+00:00"),
    ("d MMM yyyy", "5 sep 2024", "2024-09-05T00:00:00+00:00"),
    ("MMMM d, yyyy", "SEPTEMBER 5, 2024", "2024-09-05T00:00:00+00:00"),
    ("EEE, d MMM yyyy HH:mm:ss Z", "Sun, 10 Mar 2024 12:30:05 -0700", "2024-03-10T12:30:05-07:00"),
    ("EEEE d MMMM yyyy", "Sunday 10 March 2024", "2024-03-10T00:00:00+00:00"),
    ("yyyy-MM-dd h:mm a", "2024-03-10 12:05 am", "2024-03-10T00:05:00+00:00"),
    ("yyyy-MM-dd h:mm a", "2024-03-10 12:05 PM", "2024-03-10T12:05:00+00:00"),
    ("yyyy-MM-dd hh:mma", "2024-03-10 01:05Pm", "2024-03-10T13:05:00+00:00"),
    ("yyyy-MM-dd K:mm a", "2024-03-10 0:05 PM", "2024-03-10T12:05:00+00:00"),
    ("yyyy-MM-dd kk:mm", "2024-03-10 24:05", "2024-03-10T00:05:00+00:00"),
    ("yyyy-MM-dd k:mm", "2024-03-10 1:05", "2024-03-10T01:05:00+00:00"),
    ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2024-03-10T01:02:03.450Z", "2024-03-10T01:02:03.45Z"),
    ("yyyy-MM-dd'T'HH:mmX", "2024-03-10T01:02+05", "2024-03-10T01:02:00+05:00"),
    ("yyyy-MM-dd'T'HH:mmX", "2024-03-10T01:02-0530", "2024-03-10T01:02:00-05:30"),
    ("yyyy-MM-dd'T'HH:mmXX", "2024-03-10T01:02+0530", "2024-03-10T01:02:00+05:30"),
    ("yyyy-MM-dd'T'HH:mmXXX", "2024-03-10T01:02+05:30", "2024-03-10T01:02:00+05:30"),
    ("yyyy-MM-dd'T'HH:mmxxx", "2024-03-10T01:02+00:00", "2024-03-10T01:02:00+00:00"),
    ("yyyy-MM-dd'T'HH:mmx", "2024-03-10T01:02+01", "2024-03-10T01:02:00+01:00"),
    ("yyyy-MM-dd HH:mm ZZZZZ", "2024-03-10 01:02 Z", "2024-03-10T01:02:00Z"),
    ("HH:mm 'o''clock' dd/MM/yyyy", "01:02 o'clock 10/03/2024", "2024-03-10T01:02:00+00:00"),
    ("yyyy年MM月dd日", "2024年03月10日", "2024-03-10T00:00:00+00:00"),
    ("yyyy''MM''dd", "2024'03'10", "2024-03-10T00:00:00+00:00"),
    ("yyyy_MM_dd", "2024_03_10", "2024-03-10T00:00:00+00:00"),
  ])
  func patternsAreRead(pattern: String, text: String, written: String) throws {
    let reader = DateTimeReader(formats: [.pattern(try DatePattern(pattern))], zone: .utc)
    #expect(reader.output(text) == written)
    #expect(DateReader(formats: [.pattern(try DatePattern(pattern))]).output(text) == String(written.prefix(10)))
  }

  @Test(arguments: [
    ("MM/dd/yyyy", "3/10/2024"), ("MM/dd/yyyy", "13/10/2024"), ("MM/dd/yyyy", "02/30/2024"), ("MM/dd/yyyy", "02/29/2023"),
    ("MM/dd/yyyy", "03/10/24"), ("MM/dd/yyyy", "03/10/20245"), ("MM/dd/yyyy", "03/10/2024 "), ("MM/dd/yyyy", ""),
    ("MM/dd/yyyy", "03-10-2024"), ("MM/dd/yyyy", "００/10/2024"), ("M/d/y", "003/1/2024"), ("M/d/y", "/1/2024"),
    ("d MMM yyyy", "5 sept 2024"), ("d MMM yyyy", "5 mär 2024"), ("MMMM d yyyy", "Mar 5 2024"), ("MMMM d yyyy", "Marc"),
    ("EEE d MMM yyyy", "Mon 10 Mar 2024"), ("EEE d MMM yyyy", "Xyz 10 Mar 2024"), ("yyyy-MM-dd h:mm a", "2024-03-10 13:05 PM"),
    ("yyyy-MM-dd h:mm a", "2024-03-10 0:05 PM"), ("yyyy-MM-dd h:mm a", "2024-03-10 1:05 XM"),
    ("yyyy-MM-dd h:mm a", "2024-03-10 1:05 P"), ("yyyy-MM-dd K:mm a", "2024-03-10 12:05 PM"),
    ("yyyy-MM-dd kk:mm", "2024-03-10 00:05"), ("yyyy-MM-dd HH:mm", "2024-03-10 24:00"),
    ("yyyy-MM-dd HH:mm:ss", "2024-03-10 23:59:60"), ("yyyy-MM-dd HH:mm:ss.SSS", "2024-03-10 23:59:59.12"),
    ("yyyy-MM-dd HH:mm:ss.SSS", "2024-03-10 23:59:59.1234"), ("yyyy-MM-dd HH:mmxxx", "2024-03-10 01:02Z"),
    ("yyyy-MM-dd HH:mmXXX", "2024-03-10 01:02+0530"), ("yyyy-MM-dd HH:mmXX", "2024-03-10 01:02+05:30"),
    ("yyyy-MM-dd HH:mmXX", "2024-03-10 01:02+05"), ("yyyy-MM-dd HH:mmXXX", "2024-03-10 01:02"),
    ("yyyy-MM-dd HH:mmX", "2024-03-10 01:02+24"), ("yyyy-MM-dd HH:mmX", "2024-03-10 01:02+0"),
    ("yyyy-MM", "2024-03"), ("HH:mm", "10:10"), ("yyyy-MM-dd", "0000-01-01"),
  ])
  func otherTextsAreInvalid(pattern: String, text: String) throws {
    let reader = DateTimeReader(formats: [.pattern(try DatePattern(pattern))], zone: .utc)
    #expect(reader.reading(text) == Reading(text: "", code: .dateInvalid))
  }

  @Test(arguments: [
    ("yyyy-MM-dd", true, false, false), ("yyyy-MM-dd HH:mm", true, true, false), ("d MMM yy h a X", true, true, true),
    ("yyyy-MM", false, false, false), ("HH:mm", false, true, false),
  ])
  func patternsSayWhichPartsTheyHave(pattern: String, date: Bool, time: Bool, zone: Bool) throws {
    let compiled = try DatePattern(pattern)
    #expect(compiled.hasDate == date)
    #expect(compiled.hasTime == time)
    #expect(compiled.hasZone == zone)
    #expect(compiled.text == pattern)
  }

  @Test(arguments: [
    ("", 0, 0), ("YYYY-MM-dd", 0, 4), ("yyyy-MM-DD", 8, 2), ("yyy-MM-dd", 0, 3), ("yyyy-mm-dd", 5, 2),
    ("yyyy-MM-dd HH:mm z", 17, 1), ("yyyy-MM-dd HH:mm ZZZZ", 17, 4), ("yyyy-MM-ddTHH:mm", 10, 1), ("yyyy-MM-dd 'at HH", 11, 6),
    ("dd MM yyyy dd", 11, 2), ("d/M/y MMM", 6, 3), ("yyyy-MM-dd HH:MM", 14, 2), ("yyyy-MM-dd hh:mm", 11, 2),
    ("yyyy-MM-dd HH:mm a", 17, 1), ("yyyy-MM-dd a", 11, 1), ("yyyy-MM-dd ss", 11, 2), ("yyyy-MM-dd HH:ss", 14, 2),
    ("yyyy-MM-dd HH:mm.SSS", 17, 3), ("yyyy-MM-dd HH:mm:ss.SSSSSSSSSS", 20, 10), ("yyyyMd", 4, 1), ("d0M", 0, 1),
    ("yyyy-MM-dd X", 11, 1), ("yyyy年Q", 5, 1), ("dddd", 0, 4), ("EEEEE", 0, 5), ("yyyy yy", 5, 2),
  ])
  func mistakesHaveAPlace(pattern: String, offset: Int, length: Int) {
    let failure = #expect(throws: DatePatternFailure.self) { try DatePattern(pattern) }
    #expect(failure?.offset == offset)
    #expect(failure?.length == length)
    #expect(failure?.message.isEmpty == false)
  }

  @Test func formatsAreTriedInOrder() throws {
    let american = DateFormat.pattern(try DatePattern("MM/dd/yyyy"))
    let european = DateFormat.pattern(try DatePattern("dd/MM/yyyy"))
    let reader = DateReader(formats: [.iso, american, european])
    #expect(reader.output("2024-03-10") == "2024-03-10")
    #expect(reader.output("03/10/2024") == "2024-03-10")
    #expect(reader.output("25/12/2024") == "2024-12-25")
    #expect(reader.output("25.12.2024") == "date-invalid")
    #expect(DateReader(formats: [european, american, .epochSeconds]).output("03/10/2024") == "2024-10-03")
    #expect(DateReader(formats: [european, .epochSeconds]).output("86400") == "1970-01-02")
    #expect(DateReader(formats: [european, .iso]).output("2024-03-10") == "2024-03-10")
  }

  @Test func ofSeveralFormatsTheReasonOfTheFittingOneIsGiven() throws {
    let european = DateFormat.pattern(try DatePattern("dd/MM/yyyy"))
    let reader = DateTimeReader(formats: [.iso, european], zone: .utc)
    #expect(reader.reason("30/02/2024") == "there is no such day in this month")
    #expect(reader.reason("2024-02-30") == "there is no such day in this month")
    #expect(reader.reason("tomorrow") == "does not match any of the formats")
  }
}
