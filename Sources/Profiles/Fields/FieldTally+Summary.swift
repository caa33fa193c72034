extension FieldTally {
  /// Most frequent values and shapes that are listed.
  static let mostListed = 20
  /// Characters of a value that are shown.
  static let longestShown = 120

  func summary(name: String, records: Int) -> FieldSummary {
    var summary = FieldSummary(
      name: name, isMasked: isMasked, present: present, missing: records - present, filled: filled, nulls: nulls, blanks: blanks,
      values: values)
    summary.types = types
    summary.readsAs = readsAs
    summary.lengths = lengths.summary
    summary.numbers = numbers.summary
    summary.dates = dates.summary
    if distinct.counts.observations > 0 {
      summary.distinct = distinct.distinct.capped(at: values)
      summary.top = top
      if !isMasked { summary.sketch = distinct.sketch }
    }
    if !isMasked { summary.texts = texts.summary }
    if shapes.observations > 0 { summary.shapes = shownShapes }
    return summary
  }

  private func sample(of counts: SampledCounts) -> FieldSummary.Sample {
    .init(oneIn: RecordRank.share(counts.level), count: counts.observations)
  }

  private var top: FieldSummary.Top {
    let ranked = distinct.counts.ranked().prefix(Self.mostListed)
    // A value that occurs once is worth a line only if all values are listed.
    let isWhole = distinct.counts.isExact && distinct.counts.entryCount <= Self.mostListed
    let values = ranked.filter { isWhole || $0.count > 1 }.map { text, count in
      if isMasked { return FieldSummary.Value(text: nil, count: count) }
      let shown = text.shown(Self.longestShown)
      return .init(text: shown.text, isCut: shown.isCut, count: count)
    }
    return .init(sample: sample(of: distinct.counts), values: values)
  }

  private var shownShapes: FieldSummary.Shapes {
    let least = isMasked ? Self.rareShape : 1
    let shown = shapes.ranked().filter { $0.count >= least && !$0.text.bytes.isEmpty }.prefix(Self.mostListed)
    return .init(
      sample: sample(of: shapes), values: shown.map { .init(text: TextShape.text($0.text.bytes), count: $0.count) },
      other: shapes.observations - shown.reduce(0) { $0 + $1.count })
  }
}
