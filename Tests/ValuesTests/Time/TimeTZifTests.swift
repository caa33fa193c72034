import Testing

@testable import Values

@Suite struct TimeTZifTests {
  /// A block of one version: transitions as (time, type), types as offsets.
  static func block(
    version: Character, timeSize: Int, transitions: [(Int64, UInt8)], offsets: [Int32], leaps: Int = 0
  ) -> [UInt8] {
    func bigEndian(_ value: Int64, _ size: Int) -> [UInt8] {
      (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    var bytes = Array("TZif".utf8) + [version == "1" ? 0 : version.asciiValue ?? 0] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leaps, transitions.count, offsets.count, 4] { bytes += bigEndian(Int64(count), 4) }
    for transition in transitions { bytes += bigEndian(transition.0, timeSize) }
    for transition in transitions { bytes.append(transition.1) }
    for offset in offsets { bytes += bigEndian(Int64(offset), 4) + [0, 0] }
    bytes += Array("LMT\0".utf8)
    bytes += [UInt8](repeating: 0, count: leaps * (timeSize + 4))
    return bytes
  }

  static func file(
    _ version: Character, _ transitions: [(Int64, UInt8)], _ offsets: [Int32], footer: String, leaps: Int = 0
  ) -> [UInt8] {
    block(version: version, timeSize: 4, transitions: [], offsets: [0])
      + block(version: version, timeSize: 8, transitions: transitions, offsets: offsets, leaps: leaps)
      + Array("\n\(footer)\n".utf8)
  }

  @Test func firstVersionHas32Bits() throws {
    let bytes = Self.block(version: "1", timeSize: 4, transitions: [(-100, 1), (100, 0)], offsets: [3_600, 7_200])
    let rules = try TZifFile(bytes).rules(named: "x")
    #expect([-101, -100, 99, 100, .max / 2].map { rules.offset(at: $0) } == [3_600, 7_200, 7_200, 3_600, 3_600])
  }

  @Test(arguments: ["2", "3", "4", "5"] as [Character])
  func laterVersionsHave64BitsAndAFooter(version: Character) throws {
    let bytes = Self.file(version, [(-5_000_000_000, 1), (0, 0)], [0, -3_600], footer: "<+00>0<+01>,0/0,J365/25")
    let rules = try TZifFile(bytes).rules(named: "x")
    #expect(rules.offset(at: -5_000_000_001) == 0)
    #expect(rules.offset(at: -5_000_000_000) == -3_600)
    // All-year daylight time by the footer.
    #expect(rules.offset(at: 40_000_000) == 3_600)
    #expect(rules.transitions.count == 3)
  }

  @Test func footerAloneRulesAllTime() throws {
    let rules = try TZifFile(Self.file("3", [], [-18_000], footer: "EST5EDT,M3.2.0,M11.1.0")).rules(named: "x")
    let newYork = try zone("America/New_York")
    for year in [2008, 2023, 2024, 2101, 2399, 2407, 2500, 9_999] {
      for day in 0..<365 {
        let moment = Int64(CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + day) * 86_400 + 25_000
        #expect(rules.offset(at: moment) == newYork.offset(at: moment))
      }
    }
    #expect(rules.offset(at: Int64(CivilDate(year: 1, month: 7, day: 1).daysSinceEpoch) * 86_400) == -14_400)
    #expect(rules.offset(at: Int64(CivilDate(year: 1, month: 1, day: 1).daysSinceEpoch) * 86_400) == -18_000)
  }

  @Test func damagedFilesAreRefused() {
    let whole = Self.file("2", [(0, 0), (100, 1)], [0, 3_600], footer: "CET-1")
    var mistaken = 0
    for length in 0..<whole.count where (try? TZifFile(Array(whole[..<length]))) != nil { mistaken += 1 }
    #expect(mistaken == 0)
    let others = [
      Self.file("2", [(0, 2)], [0, 3_600], footer: ""), Self.file("2", [(5, 0), (5, 1)], [0, 3_600], footer: ""),
      Self.file("2", [], [], footer: ""), Self.file("2", [], [0], footer: "nonsense"),
      Self.file("2", [], [0], footer: "", leaps: 1), Self.file("2", [], [200_000], footer: ""),
      Self.file("!", [], [0], footer: ""),
    ]
    for bytes in others { #expect(throws: TZifError.self) { try TZifFile(bytes) } }
  }

  @Test(arguments: [
    "", "CE-1", "CET", "CET-25", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J366", "CET-1CEST,366,0", "<+01-1", "CET-1CEST,M3.5.0/168,M10.5.0",
    "CET-1:60", "CET-1CEST,M3.5.0,M10.5.0,", "CET-1 ", "CET-1CEST,M3.5.0,M10.5.0/", "CET-99999999999999999999",
  ])
  func stringsThatAreNoRulesAreRefused(text: String) {
    #expect(POSIXTimeZone(Array(text.utf8)[...]) == nil)
  }

  @Test(arguments: [
    (POSIXTimeZone.Day.julian(59), 2024, 2, 28), (.julian(60), 2024, 3, 1), (.julian(60), 2023, 3, 1),
    (.zeroBased(59), 2024, 2, 29), (.zeroBased(59), 2023, 3, 1), (.week(month: 3, week: 5, weekday: 0), 2024, 3, 31),
    (.week(month: 2, week: 5, weekday: 4), 2024, 2, 29), (.week(month: 2, week: 5, weekday: 4), 2023, 2, 23),
    (.week(month: 11, week: 1, weekday: 0), 2026, 11, 1),
  ])
  func ruleDaysFallWhereTheyShould(rule: POSIXTimeZone.Day, year: Int, month: Int, day: Int) {
    #expect(CivilDate(days: rule.days(in: year)) == CivilDate(year: year, month: month, day: day))
  }
}
