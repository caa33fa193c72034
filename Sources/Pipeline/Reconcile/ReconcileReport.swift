package import Core

/// What `waybill reconcile` has found.
package struct ReconcileReport: Sendable {
  package struct Part: Sendable {
    package var destination: String
    package var mapping: String
    /// The names of the columns.
    package var fields: [String]
    package var counts: StoredCounts
  }

  package var run: String
  package var pipeline: String
  /// Later runs whose records were taken into account, oldest first.
  package var overlaid: [String]
  package var parts: [Part]
  /// The first ones, as in the file.
  package var differences: [JSONValue]
  package var count: Int
  /// The file with all differences; nil: there are none.
  package var file: String?

  package var isEqual: Bool { parts.allSatisfy(\.counts.isEqual) }
  package var exitCode: ExitCode { isEqual ? .done : .gateFailed }

  package var json: JSONValue {
    .object([
      .init("run", .string(run)), .init("pipeline", .string(pipeline)),
      .init("overlaid", .array(overlaid.map { .string($0) })), .init("equal", .bool(isEqual)),
      .init("parts", .array(parts.map(\.json))), .init("differences", .array(differences)),
      .init("count", .number(count)), .init("file", file.map { .string($0) } ?? .null),
    ])
  }
}

extension ReconcileReport.Part {
  fileprivate var json: JSONValue {
    .object([
      .init("destination", .string(destination)), .init("mapping", .string(mapping)), .init("by", .string(counts.readBy)),
      .init("loaded", .number(counts.loaded)), .init("stored", .number(counts.stored)), .init("missing", .number(counts.missing)),
      .init("extra", counts.judgesExtras ? .number(counts.extra) : .null), .init("different", .number(counts.different)),
      .init("duplicate", .number(counts.duplicate)), .init("without_key", .number(counts.withoutKey)),
      .init("loaded_since", .number(counts.loadedSince)), .init("left_behind", .number(counts.leftBehind)),
      .init("uncertain", .number(counts.uncertain)), .init("changed_while_read", .number(counts.changedWhileRead)),
      .init("not_shown", .array(counts.notShown.map { .string(fields[$0]) })),
      .init("totals", .array(counts.totals.map(json))),
      .init(
        "digest",
        .object([.init("loaded", .string(counts.loadedDigest)), .init("stored", .string(counts.storedDigest))])),
    ])
  }

  /// Sums are texts: they are exact.
  private func json(_ total: StoredCounts.ControlTotal) -> JSONValue {
    func sum(_ side: StoredCounts.Total) -> JSONValue { side.sum.map { .string($0) } ?? .null }
    return .object([
      .init("field", .string(fields[total.column])),
      .init(
        "records", .object([.init("loaded", .number(total.loaded.records)), .init("stored", .number(total.stored.records))])),
      .init("sum", .object([.init("loaded", sum(total.loaded)), .init("stored", sum(total.stored))])),
      .init("equal", .bool(total.isEqual)),
    ])
  }
}
