/// Remembers what is sent to a destination that takes records one call at a time, so that no call is lost or repeated
/// unnoticed when a process dies.
///
///     let intent = try journal.intend(request, under: lease)         // durable before anything is sent
///     let response = try await send(request)
///     try journal.resolve(intent, [IntentResult(7, .accepted(remoteID: response.id, entityTag: response.tag))])
///
/// Before a load, the holder of the scope's lease resolves what an earlier process left:
///
///     for intent in try journal.openIntents(scope) {
///       // Sends the same body with the same idempotency key again, or looks the record up.
///       try journal.resolve(intent.id, try await results(of: intent))
///     }
///     let known = try journal.accepted(keys, in: scope)               // equal digests need not be sent
///
/// A caller may rely on this:
/// - What a call did outlives the death of the process and a power failure, once the call has returned. A process that is
///   killed within a call has done all of it or nothing.
/// - Killed before `intend` returned, nothing was sent. Killed after it, the intent is open, whatever the destination did. Killed
///   before `resolve` returned, it is still open, or its results are recorded and `accepted` returns them.
/// - An intent is open until each of its records has a result. Results may come in several calls. The first result of a record
///   counts; later ones change nothing, so that two processes may resolve the same intent.
/// - The result of an older intent never replaces what is known from a newer one, in whatever order they arrive.
/// - Keys, IDs and tags are compared by their bytes.
/// - Any number of tasks and processes may use the journal at once. An intent of a living process looks like that of a dead one:
///   only the holder of the scope's lease (`StateStore`) may act on open intents that are not its own, or write new ones.
/// - A process that was paused while another took over its lease can no longer write an intent, so it sends nothing twice. It
///   may still record the results of calls that it has made.
///
/// An implementer must check the lease and write the intents in one step, so the journal is kept where the leases are. It must
/// record the results and what follows from them in one step, must number intents in the order in which they were written and
/// never use a number again, and should keep bodies no longer than their intents are open: they are personal data.
///
/// The calls block, about as long as a disk takes to sync. `OperationFailure` has the codes of `RunStore`.
package protocol Journal: Sendable {
  /// Records calls that are about to be made, all or none of them.
  ///
  /// - Parameter lease: that of the requests' scope; must still be held, as in `StateStore.save`.
  /// - Throws: with the code `stateHeld` if the lease is lost, with `fault` if a request is not as `IntentRequest.check`
  ///   requires; nothing has been recorded.
  func intend(_ requests: [IntentRequest], under lease: Lease) throws(OperationFailure) -> [IntentID]

  /// Records results of an intent's records, and with them what the destination has. An intent that is already resolved is left
  /// as it is.
  ///
  /// - Throws: with the code `fault` for an intent that never existed, or an ordinal that it does not have; nothing has
  ///   changed.
  func resolve(_ id: IntentID, _ results: [IntentResult]) throws(OperationFailure)

  /// The open intents of a scope, whichever run they belong to, in the order in which they were written.
  func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent]

  /// What the destination has for these records. Keys that were never accepted, or have been removed, are missing. Open intents
  /// are not considered.
  func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted]
}

extension Journal {
  package func intend(_ request: IntentRequest, under lease: Lease) throws(OperationFailure) -> IntentID {
    let ids = try intend([request], under: lease)
    return ids[0]
  }

  package func accepted(_ key: Name, in scope: JournalScope) throws(OperationFailure) -> Accepted? {
    try accepted([key], in: scope)[key]
  }
}
