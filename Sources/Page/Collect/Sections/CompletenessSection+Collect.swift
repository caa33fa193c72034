import Core
import Report

extension CompletenessSection {
  private static let mostRows = 1_000

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      guard let profile = run.profiles[Name(mapping.name)], let target = profile.target else {
        missing.append(.init(run: run.id, text: "\(mapping.name): there is no profile, so its completeness is not recorded."))
        continue
      }
      let fields = run.fields[Name(mapping.name)]
      let before = run.previous?.profiles[Name(mapping.name)]?.target
      for field in target.fields where !field.isObject && field.name.firstRange(of: "[]") == nil {
        let mapped = fields?.fields.first { $0.name.isExactly(field.name) }
        let sources = (mapped?.sources ?? []).compactMap { name in
          profile.source.flatMap { side in side.field(name).map { Side($0, of: side.records) } }
        }
        let own = Side(field, of: target.records)
        let best = sources.compactMap(\.percent).max()
        let last = before.flatMap { side in side.field(field.name).map { Side($0, of: side.records) } }
        rows.rows.append(
          Row(
            run: run.id, mapping: mapping.name, field: field.name, target: own, sources: sources,
            points: own.percent.flatMap { share in best.map { share - $0 } }, percentBefore: last?.percent,
            isRequired: mapped?.isRequired ?? false, hasDefault: mapped?.hasDefault ?? false))
      }
      if fields == nil {
        missing.append(
          .init(
            run: run.id,
            text: "\(mapping.name): which source fields a target field reads is not recorded: an earlier version made the run."))
      }
    }
  }

  mutating func close() { rows = PageList(rows.rows, limit: Self.mostRows) }
}

extension CompletenessSection.Side {
  init(_ field: ProfileView.Field, of records: Int) {
    self.init(
      field: field.name, filled: field.filled, null: field.null, blank: field.blank, absent: field.missing, records: records,
      percent: PageText.share(field.filled, of: records), distinct: field.distinct)
  }
}
