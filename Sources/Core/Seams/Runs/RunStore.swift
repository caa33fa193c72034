/// Remembers runs, what happened to their records, and how many records ended in which state.
///
///     let runs: any RunStore = try StateFolder(path: ".waybill").openRuns()
///     try runs.begin(RunRecord(id: id, pipeline: "nightly", started: now))
///     try runs.record(entries)                                       // any number of times
///     try runs.end(record, counts: counts)
///
/// A run that continues after its process died keeps its ID and its place, and rewrites its ledger:
///
///     guard var record = try runs.reopen(id) else { … }
///     try runs.replaceLedger(of: id) { record in
///       while let entries = try lines.next() { try record(entries) }
///     }
///
/// A caller may rely on this:
/// - Each call is one transaction: another process sees all of it or nothing. What a call did outlives the process once the
///   call has returned.
/// - `begin`, `reopen` and `end` also outlive a power failure once they have returned, with all calls before them. Of later
///   calls, the last ones may then be missing, but never part of one.
/// - Reading calls see everything that was done before they began, by any store over the same data. Several stores, tasks and
///   processes may read and write at once; a write that has to wait too long fails with `stateBusy`.
/// - Texts are kept and compared as bytes. Keys and fields may contain U+0000, other texts may not. Lists without another order
///   are in byte order.
/// - What does not exist is nil or empty, and not a failure. Only writing to the ledger of a run that has never begun is one.
///
/// An implementer must order runs by when they began, not by their times: clocks can be set back. It must not call `body` of
/// `ledger` or `replaceLedger` outside the call, and need not expect that `body` calls the store.
///
/// The calls block, those three about as long as a disk takes to sync. `OperationFailure` has the code `stateBusy` if another
/// process writes, `cannotWrite` if the disk is full, `configuration` if the data is damaged, and `fault` for anything else.
package protocol RunStore: Sendable {
  // MARK: Writing

  /// Adds a run as the newest. Its ID must be new.
  func begin(_ run: RunRecord) throws(OperationFailure)

  /// Continues a run that has ended, or whose process died: it is `running` again and keeps its ID, its place in the order, its
  /// start and its ledger. What its end recorded (exit code, time, summary, counts, whether it is whole) is forgotten.
  ///
  /// The caller makes sure that no other process executes the run.
  ///
  /// - Parameter run: the whole ID.
  /// - Returns: the run as it is now; nil if there is no such run.
  func reopen(_ run: String) throws(OperationFailure) -> RunRecord?

  /// Adds entries to the ledgers of runs that have begun, after those that are there.
  func record(_ entries: [LedgerEntry]) throws(OperationFailure)

  /// Replaces a run's ledger with what `body` records, batch by batch, in one transaction: until it returns, readers see the
  /// old ledger, and if it throws, nothing has changed. Entries of other runs are refused.
  ///
  /// - Throws: `OperationFailure`, and what `body` throws.
  func replaceLedger(of run: String, _ body: (_ record: ([LedgerEntry]) throws -> Void) throws -> Void) throws

  /// Records how a run ended, and its counts in place of earlier ones: at most one for each mapping, destination and outcome.
  /// A run that could not be recorded when it began is added as the newest.
  ///
  /// - Parameter resolutions: of items of any run, in the same transaction. The first resolution of an item at a destination stays, so
  ///   a call can be repeated. Those of runs that do not exist are left out.
  func end(_ run: RunRecord, counts: [OutcomeCount], resolving resolutions: [Resolution]) throws(OperationFailure)

  /// Removes the resolutions of the items of any run that this run has resolved at a destination, and those of these items as a whole:
  /// they are open again.
  ///
  /// - Parameter resolver: the whole ID.
  func reopenItems(resolvedBy resolver: String, of mapping: String, at destination: Name) throws(OperationFailure)

  /// Marks the runs that are recorded as running as `interrupted`. Their processes have died if the caller holds the lock of
  /// the state.
  ///
  /// - Parameter finished: the time to record.
  /// - Returns: their IDs, in the order in which they began.
  func markAbandonedRuns(finished: String) throws(OperationFailure) -> [String]

  /// Records that the staged records of a run have been removed.
  func markUnstaged(_ run: String) throws(OperationFailure)

  // MARK: Runs

  /// Newest first, in the order in which they began, whatever the clock said.
  ///
  /// - Parameter limit: at most this many; nil: all of them.
  func runs(limit: Int?) throws(OperationFailure) -> [RunRecord]

  /// The run with this ID, or the only one whose ID begins with it.
  func run(_ id: String) throws(OperationFailure) -> RunRecord?

  /// By mapping, destination and outcome.
  func counts(of run: String) throws(OperationFailure) -> [OutcomeCount]

  /// What the last complete run of the same pipeline and location let through, whatever its destinations made of it. Runs that are narrowed, dry or not published
  /// are skipped: their `isWhole` is not true.
  func lastWritten(_ mapping: String, pipeline: String, location: String) throws(OperationFailure) -> LastWritten?

  /// Earlier runs of a pipeline, before `run`, whose staged records have not been removed; the oldest first.
  func stagedRuns(of pipeline: String, before run: String) throws(OperationFailure) -> [RunRecord]

  /// The run with the latest start time, whatever its place in the order.
  func latestStart() throws(OperationFailure) -> (id: String, started: String)?

  /// The resolutions of a run's items, by mapping, destination, line, record and element.
  func resolutions(of run: String) throws(OperationFailure) -> [Resolution]

  // MARK: Ledger

  /// Passes a run's ledger to `body` in the order in which it was written, without holding it in memory.
  ///
  /// An error has the resolution of its item: at its destination, or of the item as a whole if it names none. The ledger of a replay
  /// has the resolutions of the run that it replays.
  ///
  /// - Throws: `OperationFailure`, and what `body` throws.
  func ledger(_ query: LedgerQuery, _ body: (LedgerEntry) throws -> Void) throws

  /// How many lines of a run's ledger have the same values in these columns: the most frequent first, then in the order of their
  /// values, missing values first. The query's limit is the number of groups.
  ///
  /// - Parameter columns: at least one, none twice.
  func groups(of query: LedgerQuery, by columns: [LedgerColumn]) throws(OperationFailure) -> [LedgerGroup]
}

extension RunStore {
  package func end(_ run: RunRecord, counts: [OutcomeCount]) throws(OperationFailure) {
    try end(run, counts: counts, resolving: [])
  }

  package func runs() throws(OperationFailure) -> [RunRecord] { try runs(limit: nil) }

  /// The values of a column that occur in a run's ledger, the most frequent first.
  package func values(of column: LedgerColumn, in run: String) throws(OperationFailure) -> [String] {
    try groups(of: LedgerQuery(run: run), by: [column]).compactMap { $0.values.first??.text }
  }

  package func ledger(_ query: LedgerQuery) throws(OperationFailure) -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    do { try ledger(query) { entries.append($0) } } catch { throw OperationFailure(error) }
    return entries
  }
}
