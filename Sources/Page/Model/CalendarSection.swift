/// How many records have a date on each day, month or year.
package struct CalendarSection: PageSection {
  package static let title = "Calendar of dates"
  package static let explanation =
    "How the dates of a field spread over time. Gaps and single days with very many dates need an explanation."
  package static let sources = ["profiles/MAPPING.json"]

  package enum Unit: String, Encodable, Sendable { case day, month, year, decade, century }

  package struct Field: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var side: PageSide
    package var field: String
    package var unit: Unit
    /// In order, without empty ones.
    package var counts: [Period]
    /// Dates in the periods that are listed.
    package var total: Int
    /// Dates before and after them.
    package var outside: Int
  }

  package struct Period: Encodable, Sendable, Equatable {
    /// `2026-11-30`, `2026-11` or `2026`; decades and centuries by their first year.
    package var period: String
    package var count: Int
  }

  package var fields = PageList<Field>()
  package var missing: [NotRecorded] = []
}
