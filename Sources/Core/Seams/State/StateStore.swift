/// What processes remember and share between runs: checkpoints, tokens and leases, each under a name of its own kind.
///
/// A token that the server replaces at each use is rotated like this. The lease keeps two processes from using the same token; if
/// the lease is lost in between, the version keeps the slower process from storing its outdated token:
///
///     guard case .acquired(let lease) = try store.acquire("token contacts", owner: me, for: .seconds(60)) else { … }
///     defer { try? store.release(lease) }
///     guard let old = try store.token("contacts") else { … }
///     let new = try await refresh(old.value)
///     switch try store.replaceToken("contacts", with: new, readAt: old.version) {
///     case .replaced: use(new)
///     case .stale(let current): use(current)
///     }
///
/// A process that is killed between `refresh` and `replaceToken` loses the new token. No store can prevent that, so nothing else
/// may come between the two.
///
/// A caller may rely on this:
/// - What a call did outlives the death of the process and a power failure, once the call has returned. A process that is
///   killed within a call has done all of it or nothing.
/// - Calls of all processes take effect one after another: of two that replace the same version of a token, one gets `stale`; of
///   two that acquire the same lease, one gets `held`.
/// - Names are compared by their bytes. Values are kept byte for byte; an empty value is a value. What does not exist is nil.
/// - A lease is held until it is released, or another process acquires it after it has expired. Until then, its holder may renew
///   it and write under it, however late. After that, both are refused, even if the former holder was only paused and does not
///   know that its lease expired.
///
/// An implementer must never use a version or a fence again for the same name, even after a token has been removed or a lease
/// released. It takes the time from a function that is passed to it, once per call. A lease that was last acquired or renewed
/// later than now has also expired: otherwise a clock that was once ahead would make it last longer by as much. So a lease may
/// expire early whichever way the clock is set: if it is taken over, its former holder is refused, and nothing is damaged.
///
/// The calls block, about as long as a disk takes to sync. `OperationFailure` has the codes of `RunStore`.
package protocol StateStore: Sendable {
  // MARK: Checkpoints

  func checkpoint(_ name: Name) throws(OperationFailure) -> [UInt8]?

  /// Replaces or removes checkpoints, all at once. If a name occurs twice, the last one counts.
  ///
  /// - Parameter lease: must still be held; nil: it does not matter.
  /// - Throws: with the code `stateHeld` if the lease is lost; nothing has changed.
  func save(_ checkpoints: [Checkpoint], under lease: Lease?) throws(OperationFailure)

  // MARK: Tokens

  func token(_ name: Name) throws(OperationFailure) -> StoredToken?

  /// Replaces, adds or removes a token, unless it is no longer what the caller has read.
  ///
  /// - Parameters:
  ///   - value: nil removes it.
  ///   - version: as read; nil: there was none.
  func replaceToken(_ name: Name, with value: [UInt8]?, readAt version: TokenVersion?) throws(OperationFailure)
    -> TokenReplacement

  // MARK: Leases

  /// - Parameters:
  ///   - owner: for people.
  ///   - span: from now.
  func acquire(_ name: Name, owner: String, for span: Duration) throws(OperationFailure) -> LeaseClaim

  /// Makes a lease last for `span` from now. Nil: it is lost.
  func renew(_ lease: Lease, for span: Duration) throws(OperationFailure) -> Lease?

  /// Does nothing if the lease is lost.
  func release(_ lease: Lease) throws(OperationFailure)
}

extension StateStore {
  package func save(_ checkpoints: [Checkpoint]) throws(OperationFailure) { try save(checkpoints, under: nil) }
}
