/// Remembers what is sent to a destination that takes records one call at a time, so that no call is lost or repeated
/// unnoticed when a process dies.
///
///     let intent = try journal.intend(request, under: lease)         // durable before anything is sent
///     let response = try await send(request)
///     try journal.resolve(intent, [IntentResult(7, .accepted(remoteID: response.id, entityTag: response.tag))])
///
/// Many calls at once share one transaction, which is what costs: `apply` takes what is about to be sent together with the
/// results that have arrived.
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
/// - Killed before `apply` returned, nothing was sent. Killed after it, the intent is open, whatever the destination did. Killed
///   before `resolve` returned, it is still open, or its results are recorded and `accepted` returns them.
/// - An intent is open until each of its records has a result. Results may come in several calls. The first result of a record
///   counts; later ones change nothing, so that two processes may resolve the same intent.
/// - The result of an older intent never replaces what is known from a newer one, in whatever order they arrive.
/// - A key's epoch rises with every result that counts, whatever the result is, and never goes back: not if the record is
///   removed, and not if results of older intents arrive late. It rises by one more than the epoch that the intent has by then,
///   so that a later call never uses an idempotency key again.
/// - A refusal is remembered only if nothing newer is known, and forgotten with the next result that says what the destination has. It
///   stays in its journal: `merge` neither compares nor takes over refusals.
/// - Contexts, bodies, digests and hashes of fields are kept byte for byte. Keys, IDs and tags are compared by their bytes.
/// - Any number of tasks and processes may use the journal at once. An intent of a living process looks like that of a dead one:
///   only the holder of the scope's lease (`StateStore`) may act on open intents that are not its own, or write new ones.
/// - A process that was paused while another took over its lease can no longer write or update an intent, so it sends nothing
///   twice. It may still record the results of calls that it has made, with `resolve`.
///
/// An implementer must check the lease and write the intents in one step, so the journal is kept where the leases are. It must
/// record the results and what follows from them in one step, must number intents in the order in which they were written and
/// never use a number again, and should keep bodies no longer than their intents are open: they are personal data. It takes the
/// time from a function that is passed to it.
///
/// The calls block, about as long as a disk takes to sync. `OperationFailure` has the codes of `RunStore`.
package protocol Journal: Sendable {
  // MARK: Calls

  /// Records everything in `changes`, or nothing.
  ///
  /// - Parameter lease: that of the intents' scope; must still be held, as in `StateStore.save`.
  /// - Returns: the IDs of `changes.intents`, in their order.
  /// - Throws: with the code `stateHeld` if the lease is lost. With the code `fault` if a request is not as
  ///   `IntentRequest.check` requires, an update is for an intent that is not open or lowers its epoch, or a result is as
  ///   `resolve` refuses it. Nothing has been recorded then.
  func apply(_ changes: JournalChanges, under lease: Lease) throws(OperationFailure) -> [IntentID]

  /// Records results of calls, and with them what the destination has; all of them, or none. Intents that are already resolved
  /// are left as they are.
  ///
  /// - Throws: with the code `fault` for an intent that never existed, or an ordinal that it does not have; nothing has
  ///   changed.
  func resolve(_ results: [IntentResults]) throws(OperationFailure)

  /// The open intents of a scope, whichever run they belong to, in the order in which they were written.
  func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent]

  // MARK: What destinations have

  /// What is known about these keys: an entry for each key that was adopted, or of which any call has been resolved, whatever
  /// its result. Open intents are not considered.
  func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted]

  /// Records what a lookup has shown, for keys of which nothing better is known: a record that is present and of which any call
  /// was resolved stays as it is. Epochs stay as they are; that of a new key is 0.
  ///
  /// - Parameter lease: that of the scope, as in `apply`.
  func adopt(_ records: [AdoptedRecord], in scope: JournalScope, under lease: Lease) throws(OperationFailure)

  /// Takes over what another journal has, in one transaction: all that `body` merges, or nothing if it throws. `JournalMerge`
  /// says which records replace those that are here. Results of intents that are open now no longer change what was taken over,
  /// except for its epoch.
  ///
  /// - Parameters:
  ///   - lease: as in `apply`.
  ///   - isTrial: nothing is recorded. What `merge` returns is what it would return otherwise.
  ///   - body: calls `merge` any number of times; it gets one result for each record. It must not call the journal.
  /// - Throws: `OperationFailure`, and what `body` throws.
  func merge(
    under lease: Lease, isTrial: Bool,
    _ body: (_ merge: ([JournalRecord], JournalScope) throws -> [JournalMerge]) throws -> Void) throws

  // MARK: Scopes

  /// Records where a scope's records are loaded.
  ///
  /// - Parameter address: compared by its bytes. Without credentials.
  /// - Returns: the other scopes that load to the same address, in order.
  @discardableResult
  func describe(_ scope: JournalScope, address: String) throws(OperationFailure) -> [JournalScope]

  /// Every scope that has been described, or had an intent or a record, in order. Reads every record.
  func scopes() throws(OperationFailure) -> [JournalScopeSummary]

  /// All that is known about a scope's records, ordered by the bytes of their keys, up to a few hundred at a time: as it was
  /// when the call began, whatever is written meanwhile.
  ///
  /// - Parameter body: must not call the journal.
  /// - Throws: `OperationFailure`, and what `body` throws.
  func forEachRecord(in scope: JournalScope, _ body: ([JournalRecord]) throws -> Void) throws
}

extension Journal {
  /// Records calls that are about to be made, all or none of them.
  package func intend(_ requests: [IntentRequest], under lease: Lease) throws(OperationFailure) -> [IntentID] {
    try apply(JournalChanges(intents: requests), under: lease)
  }

  package func intend(_ request: IntentRequest, under lease: Lease) throws(OperationFailure) -> IntentID {
    let ids = try intend([request], under: lease)
    return ids[0]
  }

  package func resolve(_ id: IntentID, _ results: [IntentResult]) throws(OperationFailure) {
    try resolve([IntentResults(id, results)])
  }

  package func accepted(_ key: Name, in scope: JournalScope) throws(OperationFailure) -> Accepted? {
    try accepted([key], in: scope)[key]
  }
}
