package import Core
import Report

extension ReconcileReport {
  /// As in `reconcile.json`.
  package var json: JSONValue {
    .object([
      .init("version", .number(ReconcileDocument.version)), .init("time", .string(time)), .init("run", .string(run)),
      .init("pipeline", .string(pipeline)),
      .init("overlaid", .array(overlaid.map { .string($0) })), .init("equal", .bool(isEqual)),
      .init("complete", .bool(isComplete && failures.isEmpty)),
      .init("parts", .array(parts.map(\.json))), .init("failed", .array(failures.map(\.json))),
      .init(
        "not_loaded",
        .array(
          missing.map { .object([.init("destination", .string($0.destination)), .init("mapping", .string($0.mapping))]) })),
      .init("differences", .array(differences)), .init("count", .number(count)),
      .init("file", file.map { .string($0) } ?? .null),
    ])
  }
}

extension ReconcileReport.Failure {
  fileprivate var json: JSONValue {
    var members = ReconcileReport.place(destination, mapping, location)
    members += [.init("exit_code", .number(Int(failure.exitCode.rawValue))), .init("message", .string(failure.description))]
    return .object(members)
  }
}

extension ReconcileReport {
  fileprivate static func place(_ destination: String, _ mapping: String, _ location: String?) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("destination", .string(destination)), .init("mapping", .string(mapping))]
    if let location { members.append(.init("location", .string(location))) }
    return members
  }
}

extension ReconcileReport.Part {
  fileprivate var json: JSONValue {
    var members = ReconcileReport.place(destination, mapping, location)
    members += [
      .init("time", .string(time)), .init("runs", .array(runs.map { .string($0) })), .init("by", .string(counts.readBy)),
      .init("equal", .bool(counts.isEqual)), .init("complete", .bool(isComplete)),
      .init("comparable_with_totals", .bool(isComparableWithTotals)),
      .init("matches_totals", matchesTotals.map { .bool($0) } ?? .null),
      .init("loaded", .number(counts.loaded)), .init("stored", .number(counts.stored)), .init("missing", .number(counts.missing)),
      .init("extra", counts.judgesExtras ? .number(counts.extra) : .null), .init("different", .number(counts.different)),
      .init("duplicate", .number(counts.duplicate)), .init("without_key", .number(counts.withoutKey)),
      .init("loaded_since", .number(counts.loadedSince)), .init("left_behind", .number(counts.leftBehind)),
      .init("left_as_they_were", .number(counts.leftAlone)),
      .init("interruption", interruption.map { .string($0) } ?? .null),
      .init("uncertain", .number(counts.uncertain)), .init("not_read", .number(counts.notRead)),
      .init("changed_while_read", .number(counts.changedWhileRead)),
      .init("not_shown", .array(counts.notShown.map { .string(fields[$0]) })),
      .init("distinct_keys", counts.loadedDigest.isEmpty ? .null : sides(.number(counts.loadedKeys), .number(counts.storedKeys))),
      .init("totals", .array(counts.totals.map(json))), .init("dates", .array(counts.dates.map(json))),
      .init("digest", sides(.string(counts.loadedDigest), .string(counts.storedDigest))),
      .init(
        "fields",
        .array(
          found.byField.map { .object([.init("field", .string($0.field)), .init("different", .number($0.different))]) })),
      .init("difference_count", .number(found.count)), .init("differences", .array(found.first)),
    ]
    return .object(members)
  }

  /// Sums are texts: they are exact.
  private func json(_ total: StoredCounts.ControlTotal) -> JSONValue {
    func json(_ side: StoredCounts.Total) -> JSONValue {
      if case .exactly(let sum)? = sum(side.sum, of: total.column) { .string(sum) } else { .null }
    }
    return .object([
      .init("field", .string(fields[total.column])),
      .init("records", sides(.number(total.loaded.records), .number(total.stored.records))),
      .init("sum", sides(json(total.loaded), json(total.stored))),
      .init("equal", total.isEqual.map { .bool($0) } ?? .null),
      .init("hidden", .bool(hidden.contains(total.column))),
    ])
  }

  private func json(_ total: StoredCounts.DateTotal) -> JSONValue {
    let isHidden = hidden.contains(total.column)
    func json(_ date: String?) -> JSONValue { isHidden ? .null : SummaryJSON.text(date) }
    return .object([
      .init("field", .string(fields[total.column])),
      .init("records", sides(.number(total.loaded.records), .number(total.stored.records))),
      .init("earliest", sides(json(total.loaded.earliest), json(total.stored.earliest))),
      .init("latest", sides(json(total.loaded.latest), json(total.stored.latest))),
      .init("equal", .bool(total.isEqual)), .init("hidden", .bool(isHidden)),
    ])
  }

  private func sides(_ loaded: JSONValue, _ stored: JSONValue) -> JSONValue {
    .object([.init("loaded", loaded), .init("stored", stored)])
  }
}
