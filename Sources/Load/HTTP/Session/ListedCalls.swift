import Control
import Core

/// Open calls that the destination's list of records resolves, because the destination has no `find`.
///
/// The list must be read when none of the calls can still be running. Then a record in the list exists, and any other does not.
struct ListedCalls {
  private struct Open {
    var intent: IntentID
    var record: IntentRecord
    /// It is a call of `waybill undo` that removes the record.
    var removes: Bool
  }

  /// By key: the records that no page has shown yet.
  private var open: [Name: [Open]] = [:]
  private var shown: [IntentID: [IntentResult]] = [:]

  init(_ intents: [Intent] = []) {
    for intent in intents {
      let removes = intent.removesRecord
      for record in intent.request.records where intent.open.contains(record.ordinal) {
        if let key = record.key { open[key, default: []].append(Open(intent: intent.id, record: record, removes: removes)) }
      }
    }
  }

  /// Takes the record with this key from the list.
  ///
  /// - Parameter digest: the digest of its values as they would be sent; nil if they cannot be compared.
  mutating func take(_ key: Name, _ stored: StoredRecord, digest: [UInt8]?) {
    for call in open.removeValue(forKey: key) ?? [] {
      let isSame = digest == call.record.digest
      let fate: IntentResult.Fate =
        call.removes
        ? .refused
        : isSame
          ? .accepted(remoteID: stored.remoteID, entityTag: stored.entityTag)
          : .present(remoteID: stored.remoteID, entityTag: stored.entityTag)
      shown[call.intent, default: []].append(IntentResult(call.record.ordinal, fate))
    }
  }

  /// The results of the calls, once the whole list has been taken.
  var results: [IntentResults] {
    var all = shown
    for call in open.values.joined() {
      all[call.intent, default: []].append(IntentResult(call.record.ordinal, call.removes ? .removed : .refused))
    }
    return all.sorted { $0.key < $1.key }.map { IntentResults($0.key, $0.value) }
  }
}

extension PartOpening {
  /// The calls that are still open after `resolveOpenIntents`, once none of them can still be running; none if the list would not
  /// show what became of them.
  func callsToList() async throws -> ListedCalls {
    guard plan.resource.find == nil, services.engine.gate.stopped == nil else { return ListedCalls() }
    let (journal, scope, timekeeper) = (services.journal, plan.scope, services.engine.timekeeper)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }.filter { intent in
      // A job runs for longer than a call.
      CallContext(intent.request.context).map { $0.job == nil } ?? false
    }
    guard !intents.isEmpty else { return ListedCalls() }
    // The last attempt may have been made just before the process died, whenever the intent was written.
    try await timekeeper.sleep(until: timekeeper.now() + plan.document.longestCall)
    return ListedCalls(intents)
  }
}
