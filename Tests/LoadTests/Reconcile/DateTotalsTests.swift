import Core
import Testing

@testable import Load

/// The earliest and the latest date of a field.
@Suite struct DateTotalsTests {
  private static func range(_ values: [JSONValue?]) -> StoredCounts.DateRange? {
    var totals = DateTotals([LoadColumn(path: ["d"], types: [.string, .null])])
    for value in values { totals.add(loaded: [value]) }
    return totals.totals.first?.loaded
  }

  private static func texts(_ values: String...) -> [JSONValue?] { values.map { .string($0) } }

  @Test func `dates and times of one form have a first and a last one, in any order`() {
    let cases: [([JSONValue?], earliest: String, latest: String)] = [
      (Self.texts("2026-05-02", "2025-12-31", "2026-01-01"), "2025-12-31", "2026-05-02"),
      // 08:30Z, 09:00Z and 08:00Z.
      (
        Self.texts("2026-05-01T10:30:00+02:00", "2026-05-01T09:00:00Z", "2026-05-01T03:00:00-05:00"), "2026-05-01T03:00:00-05:00",
        "2026-05-01T09:00:00Z"
      ),
      (Self.texts("2026-05-01T09:00:00.25Z", "2026-05-01T09:00:00.5Z"), "2026-05-01T09:00:00.25Z", "2026-05-01T09:00:00.5Z"),
      (Self.texts("2026-05-01T09:00:00", "2026-05-01T08:59"), "2026-05-01T08:59", "2026-05-01T09:00:00"),
      // The same instant: the bytes decide.
      (Self.texts("2026-05-01T11:00:00+02:00", "2026-05-01T09:00:00Z"), "2026-05-01T09:00:00Z", "2026-05-01T09:00:00Z"),
    ]
    for (values, earliest, latest) in cases {
      let expected = StoredCounts.DateRange(records: values.count, earliest: earliest, latest: latest)
      #expect(Self.range(values) == expected)
      #expect(Self.range(values.reversed()) == expected)
    }
    #expect(Self.range([.null, nil, .string("2026-05-01")]) == .init(records: 1, earliest: "2026-05-01", latest: "2026-05-01"))
  }

  @Test func `a field with anything else has no dates`() {
    for values in [
      [], [nil, .null], Self.texts("2026-05-01", ""), Self.texts("2026-05-01", "2026-05-01T09:00:00Z"),
      Self.texts("2026-05-01T09:00:00", "2026-05-01T09:00:00Z"), Self.texts("2026-02-30"), Self.texts("01.05.2026"),
      Self.texts("Zoë Ünal-Weiß"), [.string("2026-05-01"), .number("20260501")],
    ] as [[JSONValue?]] {
      #expect(Self.range(values) == nil, "\(values)")
    }
  }

  @Test func `what is stored in place of dates is not a date`() {
    var totals = DateTotals([LoadColumn(path: ["d"], types: .string), LoadColumn(path: ["n"], types: .integer)])
    totals.add(loaded: [.string("2026-05-01"), .number("1")])
    totals.add(stored: [.string("1 May 2026"), .number("1")])
    #expect(
      totals.totals == [
        .init(column: 0, loaded: .init(records: 1, earliest: "2026-05-01", latest: "2026-05-01"), stored: .init(records: 1))
      ])
    #expect(totals.totals.first?.isEqual == false)
  }
}
