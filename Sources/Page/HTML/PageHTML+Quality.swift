import Graphics

/// Duplicates, the quality of values, dates, and what belongs together.
extension PageWriter {
  mutating func duplicates() {
    let duplicates = page.duplicates
    let isEmpty = duplicates.rows.isEmpty && duplicates.merged.allSatisfy { $0.merged == 0 }
    section("duplicates", duplicates, isEmpty: isEmpty, none: "No duplicates, and nothing was merged.") { writer in
      writer.table("Records merged into another one", duplicates.merged.filter { $0.merged > 0 }) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .count("Merged") { $0.merged }
          .count("Of records") { $0.of }
      }
      writer.table("Duplicates", duplicates.rows) {
        $0
          .run { $0.run }
          .code("Code") { $0.code }
          .cell("Severity") { Self.severity($0.severity) }
          .text("Mapping") { $0.mapping }
          .optionalCode("Field") { $0.field }
          .count("Records") { $0.count }
      }
      let examples = duplicates.rows.flatMap { row in row.examples.map { (row, $0) } }
      writer.table("Examples of duplicates, and the record that stays", examples) {
        $0
          .run { $0.0.run }
          .code("Record") { $0.1.record }
          .cell("Stays") { .text($0.1.survivor, or: "not named") }
          .code("Code") { $0.0.code }
          .text("Message") { $0.1.message }
      }
    }
  }

  mutating func quality() {
    let quality = page.quality
    section("quality", quality, isEmpty: quality.rows.isEmpty && quality.dates.rows.isEmpty) { writer in
      for kind in QualitySection.Kind.allCases where kind != .date || quality.rows.contains(where: { $0.kind == .date }) {
        let rows = quality.rows.filter { $0.kind == kind }
        guard !rows.isEmpty else {
          writer.paragraph("\(Self.title(kind)): no problems.")
          continue
        }
        writer.table(Self.title(kind), rows) {
          $0
            .run { $0.run }
            .code("Code") { $0.code }
            .cell("Severity") { Self.severity($0.severity) }
            .text("Mapping") { $0.mapping }
            .optionalCode("Field") { $0.field }
            .count("Records") { $0.count }
            .count("Of") { $0.of }
            .number("Share") { .share($0.count, of: $0.of) }
            .optional("Examples") { .list($0.examples) }
        }
      }
      writer.table("Date fields", quality.dates) {
        $0
          .run { $0.run }
          .code("Field") { $0.field }
          .text("Side") { $0.side.rawValue }
          .text("Mapping") { $0.mapping }
          .count("Values") { $0.values }
          .cell("Earliest") { .text($0.earliest) }
          .cell("Latest") { .text($0.latest) }
          .count("In the future") { $0.future }
          .count("Before 1900") { $0.ancient }
          .optional("Zones") { row in
            .text(row.zones.isEmpty ? nil : row.zones.map { "\($0.name) \(NumberText.count($0.count))" }.joined(separator: ", "))
          }
          .optionalCount("In a gap of the clock") { $0.gaps }
          .optionalCount("Twice on the clock") { $0.overlaps }
      }
    }
  }

  private static func title(_ kind: QualitySection.Kind) -> String {
    switch kind {
    case .phone: "Phones"
    case .email: "Emails"
    case .country: "Countries"
    case .date: "Dates"
    }
  }

  mutating func calendar() {
    let fields = page.calendar.fields
    section("calendar", page.calendar, isEmpty: fields.rows.isEmpty, none: "No field has dates.") { writer in
      for field in fields.rows.prefix(PageLimits.pictures) {
        let name = (writer.showsRuns ? "\(field.run): " : "") + "\(field.mapping): \(field.field) (\(field.side.rawValue))"
        writer.picture(Self.calendar(name, field))
        if field.outside > 0 {
          writer.paragraph("\(NumberText.count(field.outside, "date")) before or after what is drawn.", "omitted")
        }
      }
      writer.omitted(fields.omitted + max(0, fields.rows.count - PageLimits.pictures), fields.command)
    }
  }

  private static func calendar(_ title: String, _ field: CalendarSection.Field) -> DateCalendar {
    // The first field of a date before the year 0 is empty: such dates do not occur in periods.
    let periods = field.counts.map { period in (period.period.split(separator: "-").compactMap { Int($0) }, period.count) }
    switch field.unit {
    case .day:
      return DateCalendar(title: title, days: periods.compactMap { $0.count == 3 ? (.init($0[0], $0[1], $0[2]), $1) : nil })
    case .month: return DateCalendar(title: title, months: periods.compactMap { $0.count == 2 ? ($0[0], $0[1], $1) : nil })
    // A decade or a century is drawn at its first year.
    case .year, .decade, .century:
      return DateCalendar(title: title, years: periods.compactMap { $0.count == 1 ? ($0[0], $1) : nil })
    }
  }

  mutating func relations() {
    let relations = page.relations
    section("relations", relations, isEmpty: relations.rows.isEmpty, none: "No mapping has records that belong to others.") {
      writer in
      writer.table("Records that belong to another one", relations.rows) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .optional("Belongs to") { .text($0.parents.isEmpty ? nil : $0.parents.joined(separator: ", ")) }
          .count("Read") { $0.read }
          .count("Arrived") { $0.arrived }
          .count("Orphans") { $0.orphans }
          .count("Parent did not arrive") { $0.parentNotLoaded }
          .count("Left out on purpose") { $0.filtered }
          .count("Other") { $0.other }
      }
    }
  }
}
