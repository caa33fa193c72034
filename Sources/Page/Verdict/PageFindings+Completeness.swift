import Core

/// Fields that lose values, and defaults that hide missing ones.
extension PageFindings {
  /// Percentage points.
  private static let largeFall = 20.0
  private static let smallFall = 5.0

  var lostValues: [Finding] {
    page.completeness.rows.rows.flatMap { row -> [Finding] in
      guard row.run == run.id, let percent = row.target.percent, row.target.records >= Self.fewest else { return [] }
      var found: [Finding] = []
      let now = PageText.percent(percent)
      if let source = row.sources.max(by: { ($0.percent ?? 0) < ($1.percent ?? 0) }), let filled = source.percent,
        filled - percent >= Self.smallFall
      {
        let wasSame = row.percentBefore.map { abs($0 - percent) < Self.smallFall } ?? false
        found.append(
          finding(
            filled - percent >= Self.largeFall && !wasSame ? .serious : .notable, "completeness-fell", mapping: row.mapping,
            field: row.field,
            "\(place(row.mapping, row.field)) has a value in \(now)% of the target records, but its source \(source.field) in "
              + "\(PageText.percent(filled))% of the source records.",
            advice: "Find out where the mapping loses the values: see the exceptions and the changed values of this field.",
            section: "completeness"))
      }
      if isWhole, let before = row.percentBefore, before - percent >= Self.smallFall {
        found.append(
          finding(
            before - percent >= Self.largeFall ? .serious : .notable, "completeness-fell", mapping: row.mapping,
            field: row.field,
            "\(place(row.mapping, row.field)) has a value in \(now)% of the target records; in the last run, it was "
              + "\(PageText.percent(before))%.",
            advice: "Compare the source with what it was: a column may be missing, renamed or shifted.", section: "completeness"))
      }
      return found
    }
  }

  var hidingDefaults: [Finding] {
    let rows = page.valueChanges.rows.rows.filter { $0.run == run.id && $0.of > 0 }
    return rows.compactMap { row in
      guard row.defaulted >= Self.fewest, let share = PageText.share(row.defaulted, of: row.of), share >= 10 else { return nil }
      let before = row.defaultedBefore.flatMap { count in row.ofBefore.flatMap { PageText.share(count, of: $0) } }
      let wasSame = before.map { share - $0 < Self.smallFall } ?? false
      let last = before.map { "; in the last run, it was \(PageText.percent($0))%" } ?? ""
      let sources = row.sources.isEmpty ? "" : " (from \(PageText.list(row.sources)))"
      return finding(
        share >= 25 && !wasSame ? .serious : .notable, "default-hides-nulls", mapping: row.mapping, field: row.field,
        "\(place(row.mapping, row.field))\(sources) was set to its default in \(PageText.count(row.defaulted)) of "
          + "\(PageText.count(row.of)) records (\(PageText.percent(share))%)\(last). Their source has no value, and the target hides that.",
        advice: "Confirm that the default is right for these records, or remove it so that the values stay empty.",
        section: "value_changes")
    }
  }
}
