import Graphics

/// What became of the fields and their values.
extension PageWriter {
  mutating func completeness() {
    let completeness = page.completeness
    section("completeness", completeness, isEmpty: completeness.rows.rows.isEmpty) { writer in
      let rows = completeness.rows.rows
      let poorer = rows.filter { ($0.points ?? 0) <= -1 }.sorted { ($0.points ?? 0) < ($1.points ?? 0) }
      if poorer.isEmpty {
        writer.paragraph("No field of the target is a percentage point or more less complete than its source.")
      }
      writer.table("Fields that are at least one percentage point less complete in the target than in the source", poorer) {
        $0
          .run { $0.run }
          .code("Target field") { $0.field }
          .text("Mapping") { $0.mapping }
          .cell("Source") { .list($0.sources.map(\.field)) }
          .number("Filled in source") { row in .percent(row.sources.compactMap(\.percent).max()) }
          .number("Filled in target") { .percent($0.target.percent) }
          .number("Difference in points") { row in row.points.map { .number(NumberText.change($0)) } ?? .faint("–") }
      }
      var groups: [(run: String, mapping: String, rows: [CompletenessSection.Row])] = []
      for row in rows {
        if let last = groups.indices.last, groups[last].run == row.run, groups[last].mapping == row.mapping {
          groups[last].rows.append(row)
        } else {
          groups.append((row.run, row.mapping, [row]))
        }
      }
      for group in groups.prefix(PageLimits.pictures * 4) {
        writer.strip((writer.showsRuns ? "\(group.run): " : "") + group.mapping, group.rows)
      }
      writer.omitted(max(0, groups.count - PageLimits.pictures * 4), nil)
      writer.omitted(completeness.rows.omitted, completeness.rows.command)
    }
  }

  private mutating func strip(_ name: String, _ rows: [CompletenessSection.Row]) {
    func count(_ number: Int?) -> String { number.map { NumberText.count($0) } ?? "–" }
    picture(
      CompletenessStrip(
        title: "\(name): completeness of each field",
        fields: rows.map { row in
          // The most complete of several sources: the target can have as many values as that one.
          let best = row.sources.max { ($0.percent ?? -1) < ($1.percent ?? -1) }
          return .init(
            row.field, source: row.sources.map(\.field).joined(separator: ", "),
            before: best.map { .init($0.filled, of: $0.records) },
            after: .init(row.target.filled, of: row.target.records),
            more: [
              row.points.map { NumberText.change($0) } ?? "–", row.percentBefore.map { NumberText.percent($0) } ?? "–",
              count(row.target.null), count(row.target.blank), count(row.target.absent), count(row.target.distinct),
            ])
        },
        moreColumns: [
          .init("Points"), .init("Last run"), .init("Null"), .init("Blank"), .init("Absent"), .init("Distinct, about"),
        ]))
  }

  mutating func valueChanges() {
    let changes = page.valueChanges
    section(
      "value_changes", changes, isEmpty: changes.rows.rows.isEmpty,
      none: "The mapping changed no values in any of these ways."
    ) { writer in
      writer.table("Values changed by the mapping", changes.rows) {
        $0
          .run { $0.run }
          .code("Field") { $0.field }
          .text("Mapping") { $0.mapping }
          .count("Made null") { $0.nullified }
          .count("Default used") { $0.defaulted }
          .count("Cut") { $0.truncated }
          .count("Lookup without an entry") { $0.lookupFallback }
          .optionalCount("Kept after an error") { $0.kept == 0 ? nil : $0.kept }
          .optionalCount("Left out by a condition") { $0.leftOut == 0 ? nil : $0.leftOut }
          .count("Of records") { $0.of }
          .number("Default used for") { .share($0.defaulted, of: $0.of) }
          .optionalNumber("In the last run") { row in
            row.defaultedBefore.flatMap { before in row.ofBefore.map { .share(before, of: $0) } } ?? .faint("–")
          }
          .optional("Source fields") { .list($0.sources) }
      }
    }
  }

  mutating func crosstabs() {
    let tables = page.crosstabs.tables
    section("crosstabs", page.crosstabs, isEmpty: tables.rows.isEmpty, none: "No field of the target has a fixed list of values.")
    { writer in
      for table in tables.rows.prefix(PageLimits.pictures * 4) {
        writer.picture(
          Crosstab(
            title: (writer.showsRuns ? "\(table.run): " : "")
              + "\(table.mapping): \(table.field), \(NumberText.count(table.total, "record"))",
            sourceName: table.sourceField, targetName: table.field,
            cells: table.cells.map { .init($0.source ?? "(no value)", $0.target ?? "(no value)", $0.count) }))
        if table.isMasked { writer.paragraph("The values are masked.", "omitted") }
        if !table.unused.isEmpty {
          let more = table.unused.count > 20 ? " and \(NumberText.count(table.unused.count - 20)) more" : ""
          writer.paragraph("Values that no record had: \(table.unused.prefix(20).joined(separator: ", "))\(more).", "omitted")
        }
        let unknown = table.cells.filter { !$0.isKnown && $0.source != nil }
        if !unknown.isEmpty {
          let more = unknown.count > 20 ? " and \(NumberText.count(unknown.count - 20)) more" : ""
          let names = unknown.prefix(20).map { "\($0.source ?? "") (\(NumberText.count($0.count)))" }.joined(separator: ", ")
          writer.paragraph("Values that the mapping does not know: \(names)\(more).", "omitted")
        }
        if table.omitted > 0 {
          writer.paragraph(
            "\(NumberText.count(table.omitted, "record")) with rarer pairs of values are not in this picture.", "omitted")
        }
      }
      writer.omitted(tables.omitted + max(0, tables.rows.count - PageLimits.pictures * 4), tables.command)
    }
  }

  mutating func unmapped() {
    let unmapped = page.unmapped
    section(
      "unmapped", unmapped, isEmpty: unmapped.rows.rows.isEmpty, none: "Every field of the source that has values is mapped."
    ) { writer in
      writer.table("Source fields that no mapping reads", unmapped.rows) {
        $0
          .run { $0.run }
          .code("Field") { $0.field }
          .text("Mapping") { $0.mapping }
          .count("Filled") { $0.filled }
          .count("Of records") { $0.records }
          .number("Fill rate") { .percent($0.percent) }
      }
    }
  }
}
