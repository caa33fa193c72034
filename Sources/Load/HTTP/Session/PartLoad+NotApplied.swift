import Core

extension PartLoad.Reason {
  /// Why a field that was left out is not applied.
  static let kept = "it no longer has a value, but the update leaves it out, so the destination keeps the old one"
}

/// Warns about each field that the destination did not apply as sent.
///
/// The warning is written after the record's result is durable, and the record is not sent again. So that the warning is not
/// lost if the process is killed, the journal stores these fields with the result. The next load reports them again if the
/// previous one did not finish; it also reports those of calls that it had to resolve.
extension PartLoad {
  /// Records to report again although nothing is sent for them.
  struct Unreported: Sendable {
    /// An earlier load ended before its warnings were written.
    var all = false
    var keys: Set<Name> = []
    /// What else was found out about records while calls of an earlier process were resolved.
    var reasons: [Name: [Reason]] = [:]

    var isEmpty: Bool { !all && keys.isEmpty }

    func contains(_ key: Name) -> Bool { all || keys.contains(key) }
  }

  /// The column of the field at the path, or of the field whose value contains the path.
  private func column(of path: [String]) -> Int? {
    plan.columns.firstIndex { path.starts(with: $0.path, by: { $0.isExactly($1) }) }
  }

  /// The result of an accepted record, with the fields that differ left out.
  func fate(of record: OutgoingRecord, _ stored: StoredRecord?, _ comparison: Comparison) -> IntentResult.Fate {
    if comparison.differences.isEmpty, comparison.kept.isEmpty {
      return .accepted(remoteID: stored?.remoteID, entityTag: stored?.entityTag)
    }
    let different = Set(comparison.differences.compactMap { column(of: $0.path) }).map { plan.columns[$0] }
    return .accepted(
      remoteID: stored?.remoteID, entityTag: stored?.entityTag,
      fields: FieldHashes.marking(different, kept: comparison.kept.map { plan.columns[$0] }, in: record.fields))
  }

  /// Warns about an accepted record.
  func explain(_ comparison: Comparison, of member: Member) {
    let record = member.record
    if member.overwrites { explain(record, Reason(.overwritten, ""), .warning) }
    if !comparison.differences.isEmpty || !comparison.kept.isEmpty { noteNotApplied(record.key) }
    for difference in comparison.differences {
      explain(
        record,
        Reason(
          .notApplied,
          difference.isMissing ? "the destination does not have it" : "the destination has another value",
          column: column(of: difference.path)),
        .warning)
    }
    for column in comparison.kept {
      explain(record, Reason(.notApplied, Reason.kept, column: column), .warning)
    }
    if let why = comparison.obstacle {
      explain(record, Reason(.notCompared, why), .warning, attempts: comparison.attempts)
    }
  }
}
