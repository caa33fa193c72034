import Core
import Report

extension CalendarSection {
  private static let mostFields = 24

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      guard let profile = run.profiles[Name(mapping.name)] else {
        missing.append(.init(run: run.id, text: "\(mapping.name): there is no profile, so its dates are not recorded."))
        continue
      }
      for (side, profileSide) in [(PageSide.target, profile.target), (.source, profile.source)] {
        for field in profileSide?.fields ?? [] {
          guard let dates = field.dates, let unit = dates["by"]?.stringValue.flatMap({ Unit(rawValue: $0) }),
            let bins = dates["bins"]?.arrayValue, !bins.isEmpty
          else { continue }
          let counts = bins.compactMap { bin in
            bin["from"]?.stringValue.map { Period(period: unit.name(of: $0), count: bin["count"]?.intValue ?? 0) }
          }
          let total = counts.reduce(0) { $0 + $1.count }
          fields.rows.append(
            Field(
              run: run.id, mapping: mapping.name, side: side, field: field.name, unit: unit, counts: counts, total: total,
              outside: max(0, (dates["count"]?.intValue ?? total) - total)))
        }
      }
    }
  }

  mutating func close() { fields = PageList(fields.rows, limit: Self.mostFields) }
}

extension CalendarSection.Unit {
  /// Of the period that begins on this day.
  fileprivate func name(of day: String) -> String {
    switch self {
    case .day: day
    case .month: String(day.prefix(7))
    case .year, .decade, .century: String(day.prefix(4))
    }
  }
}
