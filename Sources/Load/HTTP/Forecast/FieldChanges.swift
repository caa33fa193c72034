import Core

/// The fields that a record sets or changes at the destination, with their old and new values.
struct FieldChanges {
  private let plan: PartPlan
  /// By the hashes of their paths.
  private let columns: [UInt64: Int]

  init(_ plan: PartPlan) {
    self.plan = plan
    columns = plan.columns.indices.reduce(into: [:]) { $0[FieldHashes.hash(of: plan.columns[$1].path)] = $1 }
  }

  /// A record that the destination does not have.
  func created(_ record: OutgoingRecord) -> [Forecast.Field] { sent(record, old: .absent) }

  private func sent(_ record: OutgoingRecord, old: Forecast.Old) -> [Forecast.Field] {
    let json = record.value
    return plan.columns.indices.compactMap { column in
      value(of: column, in: json).map { .init(column: column, path: plan.columns[column].path, old: old, new: $0) }
    }
  }

  // MARK: By the journal

  /// What changes, according to the hashes of the fields in the journal.
  ///
  /// - Parameters:
  ///   - keepsOmitted: the destination keeps the fields that the request leaves out.
  ///   - kept: records that may have the old values; called only if one is needed.
  func updated(
    _ record: OutgoingRecord, known: Accepted, keepsOmitted: Bool, kept: () throws -> [KeptRecords.Kept]
  ) rethrows -> [Forecast.Field] {
    guard let changes = FieldHashes.changes(from: known.fields, to: record.fields) else {
      // It was there before Waybill wrote it.
      return sent(record, old: .notKept)
    }
    let counted = changes.filter { $0.new != nil || !keepsOmitted }
    guard !counted.isEmpty else { return [] }
    let json = record.value
    let kept = counted.contains { $0.old != nil } ? try kept() : []
    let last = kept.first { $0.digest == known.digest }
    let fields = counted.compactMap { change -> Forecast.Field? in
      // Sent again as it was, and not applied then.
      if change.isMarked, let new = change.new, last?.hashes[change.path] == new { return nil }
      let source = change.old.flatMap { hash in kept.first { !change.isMarked && $0.hashes[change.path] == hash } }
      let column = columns[change.path]
      let path = column.map { plan.columns[$0].path } ?? kept.lazy.compactMap { $0.paths[change.path] }.first ?? []
      let old: Forecast.Old =
        change.old == nil ? .absent : source.map { .value(Self.value(at: path, in: $0.record) ?? .null) } ?? .notKept
      return .init(column: column, path: path, old: old, new: change.new == nil ? nil : Self.value(at: path, in: json) ?? .null)
    }
    return fields.sorted {
      ($0.column ?? .max, $0.path.joined(separator: ".")) < ($1.column ?? .max, $1.path.joined(separator: "."))
    }
  }

  // MARK: By what is there

  /// What changes in the record that the destination has now.
  func updated(
    _ record: OutgoingRecord, stored: JSONValue, known: Accepted?, keepsOmitted: Bool
  ) -> [Forecast.Field] {
    let json = record.value
    var fields = differences(json, stored).map { column in
      Forecast.Field(
        column: column, path: plan.columns[column].path,
        old: value(of: column, in: stored).map { .value($0) } ?? .absent, new: value(of: column, in: json))
    }
    guard !keepsOmitted else { return fields }
    for column in plan.omitted(by: record, known: known) {
      guard let old = value(of: column, in: stored), old != .null else { continue }
      fields.append(.init(column: column, path: plan.columns[column].path, old: .value(old), new: nil))
    }
    return fields
  }

  /// The fields that differ there from those that were loaded.
  func drift(_ record: OutgoingRecord, stored: JSONValue) -> [Forecast.Field] {
    let json = record.value
    return differences(json, stored).map { column in
      Forecast.Field(
        column: column, path: plan.columns[column].path, old: value(of: column, in: json).map { .value($0) } ?? .absent,
        new: value(of: column, in: stored))
    }
  }

  /// The columns with values that differ, normalizations aside.
  private func differences(_ sent: JSONValue, _ stored: JSONValue) -> [Int] {
    let paths = plan.comparison.differences(from: sent, in: stored).map(\.path)
    return plan.columns.indices.filter { index in
      paths.contains { $0.starts(with: plan.columns[index].path, by: { $0.isExactly($1) }) }
    }
  }

  private func value(of column: Int, in record: JSONValue) -> JSONValue? { Self.value(at: plan.columns[column].path, in: record) }

  private static func value(at path: [String], in record: JSONValue) -> JSONValue? {
    path.isEmpty ? nil : ResponsePath(path.map { .member(Name($0)) }).value(in: record)
  }
}

extension OutgoingRecord {
  /// As it is sent.
  var value: JSONValue { (try? JSONReader.read(json)) ?? .null }
}
