import Core

/// Fields that the destination did not take as they were sent: each is a warning.
///
/// The warning is written after the record's result is durable, and nothing is sent for the record again. So that it is not lost
/// with the process, the journal keeps, with the result, which fields these are. The next load reports them again if the one
/// before did not come to its end, and those of calls that it had to resolve.
extension PartLoad {
  /// Records that are reported again, although nothing is sent for them.
  struct Unreported: Sendable {
    /// An earlier load ended before its warnings were written.
    var all = false
    var keys: Set<Name> = []

    func contains(_ key: Name) -> Bool { all || keys.contains(key) }
  }

  /// The destination has the record, except for the fields that differ.
  func fate(of record: OutgoingRecord, _ stored: StoredRecord?, _ comparison: Comparison) -> IntentResult.Fate {
    let columns = Set(comparison.differences.compactMap { column(of: $0.path) }).map { plan.columns[$0] }
    return .accepted(
      remoteID: stored?.remoteID, entityTag: stored?.entityTag,
      fields: columns.isEmpty ? nil : FieldHashes.leavingOut(columns, of: record.fields))
  }

  func explain(_ comparison: Comparison, of record: OutgoingRecord) {
    if !comparison.differences.isEmpty { noteNotApplied(record.key) }
    for difference in comparison.differences {
      explain(
        record,
        Reason(
          .notApplied,
          difference.isMissing ? "the destination does not have it" : "the destination has another value",
          column: column(of: difference.path)),
        .warning)
    }
    if let why = comparison.obstacle {
      explain(record, Reason(.notCompared, why), .warning, attempts: comparison.attempts)
    }
  }
}
