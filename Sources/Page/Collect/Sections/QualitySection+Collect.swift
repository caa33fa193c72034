import Core
import Report

extension QualitySection {
  private static let mostDates = 100

  /// By slug.
  private static let kinds: [Name: Kind] = {
    let codes: [(Kind, [ProblemCode])] = [
      (.phone, [.phoneInvalid, .phoneExtensionDropped]), (.email, [.emailInvalid]), (.country, [.countryUnknown]),
      (.date, [.dateInvalid, .dateGap, .dateOverlap]),
    ]
    return codes.reduce(into: [:]) { found, entry in
      for code in entry.1 { found[Name(code.slug)] = entry.0 }
    }
  }()

  mutating func add(_ run: RunMaterial) throws {
    for group in run.ledger.groups {
      guard let kind = Self.kinds[Name(group.code)] else { continue }
      let examples = try run.ledger.examples(of: group)
      rows.append(
        Row(
          run: run.id, kind: kind, mapping: group.mapping, field: group.field, code: group.code, severity: group.severity,
          count: group.count, of: run.summary?.read(group.mapping), examples: examples.compactMap(\.record)))
    }
    for mapping in run.summary?.mappings ?? [] {
      guard let profile = run.profiles[Name(mapping.name)] else {
        missing.append(
          .init(run: run.id, text: "\(mapping.name): zones, future and early dates are not recorded: there is no profile."))
        continue
      }
      for (side, fields) in [(PageSide.source, profile.source?.fields), (.target, profile.target?.fields)] {
        for field in fields ?? [] {
          guard let dates = field.dates else { continue }
          func lines(_ code: ProblemCode) -> Int? {
            guard side == .target else { return nil }
            return run.ledger.groups.filter {
              $0.mapping.isExactly(mapping.name) && $0.code.isExactly(code.slug) && $0.field?.isExactly(field.name) == true
            }.reduce(0) { $0 + $1.count }
          }
          self.dates.rows.append(
            Dates(
              run: run.id, mapping: mapping.name, side: side, field: field.name, values: dates["count"]?.intValue ?? 0,
              earliest: dates["earliest"]?.stringValue, latest: dates["latest"]?.stringValue, future: dates["future"]?.intValue,
              ancient: dates["before_1900"]?.intValue, zones: Self.zones(of: field), gaps: lines(.dateGap),
              overlaps: lines(.dateOverlap)))
        }
      }
    }
    rows.sort { left, right in
      let kinds = Kind.allCases
      let (one, other) = (kinds.firstIndex(of: left.kind) ?? 0, kinds.firstIndex(of: right.kind) ?? 0)
      return one == other ? left.count > right.count : one < other
    }
  }

  mutating func close() { dates = PageList(dates.rows, limit: Self.mostDates) }

  /// How the times of a field state their zone, from the shapes of their texts; empty unless all shapes are known.
  static func zones(of field: ProfileView.Field) -> [PageCount] {
    guard let shapes = field.shapes, shapes.isExact else { return [] }
    var counts: [PageCount] = []
    for shape in shapes.counts where shape.name.hasPrefix(exactly: "9999-99-99") {
      let name = zone(ofShape: shape.name)
      if let place = counts.firstIndex(where: { $0.name == name }) {
        counts[place].count += shape.count
      } else {
        counts.append(PageCount(name, shape.count))
      }
    }
    return counts.sorted { $0.count > $1.count }
  }

  /// In shapes, a digit is `9` and a capital letter `A`: `9999-99-99A99:99:99A` is a time in UTC, with `Z` at its end.
  private static func zone(ofShape shape: String) -> String {
    let rest = shape.dropFirst("9999-99-99".count)
    if rest.isEmpty { return "date only" }
    if rest.hasSuffix("A") { return "Z" }
    let end = rest.suffix(6)
    if end == "+99:99" || end == "-99:99" || rest.suffix(5) == "+9999" || rest.suffix(5) == "-9999" { return "offset" }
    return "no zone"
  }
}
