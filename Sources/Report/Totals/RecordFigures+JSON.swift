import Core

extension RecordFigures {
  /// As in `totals.json`.
  var members: [JSONValue.Member] {
    [
      .init("records", .number(records)), .init("distinct_keys", SummaryJSON.number(distinctKeys)),
      .init("digest", SummaryJSON.text(digest)),
      .init(
        "sums",
        .array(
          sums.map {
            .object([
              .init("field", .string($0.field)), .init("records", .number($0.records)), .init("sum", SummaryJSON.text($0.sum)),
              .init("hidden", .bool($0.isHidden)),
            ])
          })),
      .init(
        "dates",
        .array(
          dates.map {
            .object([
              .init("field", .string($0.field)), .init("records", .number($0.records)),
              .init("earliest", SummaryJSON.text($0.earliest)), .init("latest", SummaryJSON.text($0.latest)),
              .init("hidden", .bool($0.isHidden)),
            ])
          })),
    ]
  }

  /// Nil if nothing was recorded.
  init?(_ json: JSONValue) {
    guard let records = json["records"]?.intValue else { return nil }
    self.init(records: records, distinctKeys: json["distinct_keys"]?.intValue, digest: json["digest"]?.stringValue)
    sums = (json["sums"]?.arrayValue ?? []).compactMap { sum in
      guard let field = sum["field"]?.stringValue, let records = sum["records"]?.intValue else { return nil }
      return Sum(field: field, records: records, sum: sum["sum"]?.stringValue, isHidden: sum["hidden"]?.boolValue ?? false)
    }
    dates = (json["dates"]?.arrayValue ?? []).compactMap { dates in
      guard let field = dates["field"]?.stringValue, let records = dates["records"]?.intValue else { return nil }
      return Dates(
        field: field, records: records, earliest: dates["earliest"]?.stringValue, latest: dates["latest"]?.stringValue,
        isHidden: dates["hidden"]?.boolValue ?? false)
    }
  }

  /// One side of a part in `reconcile.json`: `loaded` or `stored`.
  init(_ part: JSONValue, side: String) {
    self.init(
      records: part[side]?.intValue ?? 0, distinctKeys: part["distinct_keys"]?[side]?.intValue,
      digest: part["digest"]?[side]?.stringValue.flatMap { $0.isEmpty ? nil : $0 })
    sums = (part["totals"]?.arrayValue ?? []).compactMap { total in
      guard let field = total["field"]?.stringValue, let records = total["records"]?[side]?.intValue else { return nil }
      return Sum(
        field: field, records: records, sum: total["sum"]?[side]?.stringValue, isHidden: total["hidden"]?.boolValue ?? false)
    }
    dates = (part["dates"]?.arrayValue ?? []).compactMap { dates in
      guard let field = dates["field"]?.stringValue, let records = dates["records"]?[side]?.intValue else { return nil }
      return Dates(
        field: field, records: records, earliest: dates["earliest"]?[side]?.stringValue,
        latest: dates["latest"]?[side]?.stringValue, isHidden: dates["hidden"]?.boolValue ?? false)
    }
  }
}
