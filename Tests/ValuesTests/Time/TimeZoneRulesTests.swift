import Core
import Testing

@testable import Values

@Suite struct TimeZoneRulesTests {
  /// Local time, zone, what `earlier` and `later` write; the first is nil for a local time that there is once.
  struct Case: Sendable, CustomTestStringConvertible {
    var zone: String
    var local: String
    var code: ProblemCode?
    var earlier: String
    var later: String

    init(_ zone: String, _ local: String, _ only: String) { self.init(zone, local, nil, only, only) }

    init(_ zone: String, _ local: String, _ code: ProblemCode?, _ earlier: String, _ later: String) {
      self.zone = zone
      self.local = local
      self.code = code
      self.earlier = earlier
      self.later = later
    }

    var testDescription: String { "\(local) in \(zone)" }
  }

  @Test(arguments: [
    Case("Europe/Berlin", "2024-03-31T01:59:59", "2024-03-31T01:59:59+01:00"),
    Case("Europe/Berlin", "2024-03-31T02:00", .dateGap, "2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"),
    Case("Europe/Berlin", "2024-03-31T02:30", .dateGap, "2024-03-31T01:30:00+01:00", "2024-03-31T03:30:00+02:00"),
    Case("Europe/Berlin", "2024-03-31T02:59:59.5", .dateGap, "2024-03-31T01:59:59.5+01:00", "2024-03-31T03:59:59.5+02:00"),
    Case("Europe/Berlin", "2024-03-31T03:00", "2024-03-31T03:00:00+02:00"),
    Case("Europe/Berlin", "2024-10-27T01:59:59", "2024-10-27T01:59:59+02:00"),
    Case("Europe/Berlin", "2024-10-27T02:00", .dateOverlap, "2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"),
    Case("Europe/Berlin", "2024-10-27T02:59:59", .dateOverlap, "2024-10-27T02:59:59+02:00", "2024-10-27T02:59:59+01:00"),
    Case("Europe/Berlin", "2024-10-27T03:00", "2024-10-27T03:00:00+01:00"),
    Case("America/New_York", "2024-03-10T02:30", .dateGap, "2024-03-10T01:30:00-05:00", "2024-03-10T03:30:00-04:00"),
    Case("America/New_York", "2024-11-03T01:30", .dateOverlap, "2024-11-03T01:30:00-04:00", "2024-11-03T01:30:00-05:00"),
    Case("Australia/Lord_Howe", "2024-10-06T02:15", .dateGap, "2024-10-06T01:45:00+10:30", "2024-10-06T02:45:00+11:00"),
    Case("Australia/Lord_Howe", "2024-10-06T02:30", "2024-10-06T02:30:00+11:00"),
    Case("Australia/Lord_Howe", "2024-04-07T01:45", .dateOverlap, "2024-04-07T01:45:00+11:00", "2024-04-07T01:45:00+10:30"),
    Case("Australia/Lord_Howe", "2024-04-07T01:29:59", "2024-04-07T01:29:59+11:00"),
    Case("Africa/Casablanca", "2019-05-05T02:30", .dateOverlap, "2019-05-05T02:30:00+01:00", "2019-05-05T02:30:00+00:00"),
    Case("Africa/Casablanca", "2019-06-09T02:30", .dateGap, "2019-06-09T01:30:00+00:00", "2019-06-09T03:30:00+01:00"),
    Case("Africa/Casablanca", "2019-07-01", "2019-07-01T00:00:00+01:00"),
    Case("Pacific/Apia", "2011-12-29T23:59:59", "2011-12-29T23:59:59-10:00"),
    Case("Pacific/Apia", "2011-12-30", .dateGap, "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00"),
    Case("Pacific/Apia", "2011-12-30T12:00", .dateGap, "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"),
    Case("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"),
    Case("America/Sao_Paulo", "2018-11-04", .dateGap, "2018-11-03T23:00:00-03:00", "2018-11-04T01:00:00-02:00"),
    Case("Europe/Dublin", "2024-10-27T01:30", .dateOverlap, "2024-10-27T01:30:00+01:00", "2024-10-27T01:30:00+00:00"),
    Case("Asia/Kolkata", "2024-06-01 10:00:00", "2024-06-01T10:00:00+05:30"),
    Case("Etc/GMT+5", "2024-06-01 10:00:00", "2024-06-01T10:00:00-05:00"),
    Case("UTC", "2024-06-01 10:00:00", "2024-06-01T10:00:00+00:00"),
    // Behind the last transition of the files, by the rule of their footer.
    Case("America/New_York", "2100-03-14T02:30", .dateGap, "2100-03-14T01:30:00-05:00", "2100-03-14T03:30:00-04:00"),
    Case("America/New_York", "2100-07-01T12:00", "2100-07-01T12:00:00-04:00"),
    Case("Europe/Berlin", "2100-12-31T23:59:59", "2100-12-31T23:59:59+01:00"),
    Case("Europe/Berlin", "2436-03-30T02:30", .dateGap, "2436-03-30T01:30:00+01:00", "2436-03-30T03:30:00+02:00"),
    Case("Europe/Berlin", "2440-07-01T00:00", "2440-07-01T00:00:00+02:00"),
    Case("Europe/Berlin", "9999-07-01T00:00", "9999-07-01T00:00:00+02:00"),
    Case("Europe/Berlin", "9999-12-31T23:59:59", "9999-12-31T23:59:59+01:00"),
    Case("Asia/Tokyo", "9999-12-31T23:59:59", "9999-12-31T23:59:59+09:00"),
    Case("Asia/Tokyo", "1951-12-31T23:59:59", "1951-12-31T23:59:59+09:00"),
    // Local mean time: seconds in the offset, which RFC 3339 cannot write.
    Case("Europe/Berlin", "1850-01-01T12:00", "1850-01-01T11:06:32Z"),
    Case("America/New_York", "1850-01-01T12:00", "1850-01-01T16:56:02Z"),
  ])
  func localTimesAreResolved(wanted: Case) throws {
    let rules = try zone(wanted.zone)
    func output(_ gap: Disambiguation, _ overlap: Disambiguation?) -> Reading {
      DateTimeReader(formats: [.iso], zone: rules, gap: gap, overlap: overlap).reading(wanted.local)
    }
    #expect(output(.earlier, .earlier).text == wanted.earlier)
    #expect(output(.later, .later).text == wanted.later)
    let isGap = wanted.code == .dateGap
    let strict = output(.reject, .reject)
    let usual = output(.reject, nil)
    if let code = wanted.code {
      #expect(strict == Reading(text: "", code: code))
    } else {
      #expect(strict.text == wanted.earlier)
    }
    #expect(usual.text == (isGap ? "" : wanted.earlier))
    #expect(usual.code == wanted.code)
    // What was written means the number that came with it.
    for reading in [output(.earlier, .earlier), output(.later, .later)] {
      #expect(DateTimeReader(formats: [.iso], zone: nil).reading(reading.text) == reading)
    }
  }

  @Test func momentsOutsideOfFourDigitYearsAreRefused() throws {
    let reader = DateTimeReader(formats: [.iso], zone: try zone("Europe/Berlin"))
    #expect(reader.output("0001-01-01T00:00") == "date-invalid")
    #expect(reader.output("0001-01-01T00:53:28") == "0001-01-01T00:00:00Z")
  }

  @Test(
    arguments: [
      ("Europe/Berlni", TimeZoneFailure.Code.unknownName, "Europe/Berlin"), ("europe/berlin", .unknownName, "Europe/Berlin"),
      ("Europe", .unknownName, nil), ("Nowhere/AtAllInTheWorld", .unknownName, nil), ("", .badName, "IANA"),
      ("../etc/passwd", .badName, "IANA"), ("Europe/../UTC", .badName, "IANA"), ("/usr/share/zoneinfo/UTC", .badName, "IANA"),
      ("Europe//Berlin", .badName, "IANA"), ("Europe/", .badName, "IANA"), ("Zürich", .badName, "IANA"),
      ("localtime", .badName, "IANA"), ("zone.tab", .badFile, nil), ("a\0b", .badName, "IANA"),
    ] as [(String, TimeZoneFailure.Code, String?)])
  func namesThatAreNoZonesAreRefused(name: String, code: TimeZoneFailure.Code, hint: String?) {
    let failure = #expect(throws: TimeZoneFailure.self) { try TimeZoneRules.load(name) }
    #expect(failure?.code == code)
    if let hint { #expect(failure?.hint?.contains(hint) == true) }
  }

  @Test func writersTakeAnyOffset() {
    func written(_ seconds: Int64, _ nanosecond: Int, _ offset: Int?) -> String? {
      var arena = ByteArena()
      arena.begin()
      guard DateTimeWriter.append(seconds: seconds, nanosecond: nanosecond, offset: offset, to: &arena) else { return nil }
      return arena.finish().string
    }
    #expect(written(0, 0, nil) == "1970-01-01T00:00:00Z")
    #expect(written(0, 500_000_000, 0) == "1970-01-01T00:00:00.5+00:00")
    #expect(written(-1, 10, -12_600) == "1969-12-31T20:29:59.00000001-03:30")
    #expect(written(253_402_300_799, 0, 3_600) == nil)
    #expect(written(-62_135_596_800, 0, -60) == nil)
    #expect(written(.max / 4, 0, nil) == nil)
    #expect(written(.min / 4, 0, nil) == nil)
  }
}
