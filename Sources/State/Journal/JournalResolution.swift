package import Core

/// Gives calls without a result the result that a person reports, if the destination cannot be asked.
///
///     let calls = try JournalResolution.openCalls(of: scopes, in: journal) { $0.removesRecord }
///     try JournalResolution.resolve(calls.filter { $0.key == "c1" }, as: .stored(remoteID: nil), in: journal)
package enum JournalResolution {
  /// What the destination has.
  package enum Answer: Sendable, Hashable {
    /// The record, as it was sent or, after a call that removes it, as it was before. Without an ID, the journal keeps the one that
    /// it has.
    case stored(remoteID: Name?)
    /// Not what was sent: a new or removed record is not there, and a known one is as it was before the call.
    case absent

    fileprivate func fate(of call: Call) -> IntentResult.Fate {
      switch self {
      case .stored(let remoteID): call.removesRecord ? .refused : .accepted(remoteID: remoteID)
      case .absent: call.removesRecord ? .removed : .refused
      }
    }
  }

  /// One record of a call without a result.
  package struct Call: Sendable, Hashable {
    package var scope: JournalScope
    package var intent: IntentID
    package var ordinal: UInt64
    /// Nil: the record has none, so the journal does not know it.
    package var key: Name?
    package var target: String
    package var written: WallTime
    /// It is a call of `waybill undo` that removes the record.
    package var removesRecord: Bool
  }

  /// The records without a result, in the order of their calls. Lookups are left out: they have changed nothing.
  ///
  /// - Parameter removesRecord: whether a call removes its record.
  package static func openCalls(
    of scopes: [JournalScope], in journal: any Journal, _ removesRecord: (Intent) -> Bool
  ) throws(OperationFailure) -> [Call] {
    var calls: [Call] = []
    for scope in scopes {
      for intent in try journal.openIntents(scope) where !intent.request.isLookup {
        let open = Set(intent.open)
        let removes = removesRecord(intent)
        for record in intent.request.records where open.contains(record.ordinal) {
          calls.append(
            Call(
              scope: scope, intent: intent.id, ordinal: record.ordinal, key: record.key, target: intent.request.target,
              written: intent.written, removesRecord: removes))
        }
      }
    }
    return calls
  }

  /// The records that the next load knows without an ID of the destination, if the answer is that they are stored.
  package static func withoutID(_ calls: [Call], in journal: any Journal) throws(OperationFailure) -> [Call] {
    var found: [Call] = []
    for (scope, calls) in Dictionary(grouping: calls, by: \.scope).sorted(by: { $0.key < $1.key }) {
      let known = try journal.accepted(calls.compactMap(\.key), in: scope)
      found += calls.filter { $0.key.map { known[$0]?.remoteID == nil } ?? false }
    }
    return found
  }

  /// - Throws: what `Journal.resolve` throws; nothing has changed then.
  package static func resolve(_ calls: [Call], as answer: Answer, in journal: any Journal) throws(OperationFailure) {
    let results = Dictionary(grouping: calls, by: \.intent).sorted { $0.key < $1.key }
    try journal.resolve(results.map { IntentResults($0.key, $0.value.map { IntentResult($0.ordinal, answer.fate(of: $0)) }) })
  }
}
