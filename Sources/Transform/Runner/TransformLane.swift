package import Core
import Records
import Values

/// One worker with all that it needs to turn a batch into target records: evaluator, walkers, outputs. A transform has a
/// few lanes; a lane is filled by the reader, worked on by one task, emptied by the writer, and used again.
package final class TransformLane: @unchecked Sendable {
  package let batch = RecordBatch()
  private var work: LaneWork

  /// - Parameter showsRefused: also encode, into `refused`, what the fields of rejected items became.
  package init(
    _ program: Program, encoding: TargetEncoding, recordsItems: Bool = false, showsRefused: Bool = false
  ) {
    work = LaneWork(program, encoding: encoding, recordsItems: recordsItems, showsRefused: showsRefused)
  }

  /// `rows`: the batch may hold rows of a table as cells.
  init(
    _ program: Program, encoding: TargetEncoding, options: TransformRunner.Options, links: ProgramLinks, role: LaneWork.Role,
    rows: RowRequest? = nil, profile: LaneProfile? = nil
  ) {
    batch.rowRequest = rows
    work = LaneWork(
      program, encoding: encoding, recordsItems: options.recordsItems, links: links, role: role, observes: options.observes,
      profile: profile)
  }

  /// The number of the first record of `batch` in the input, from 0; only a profile needs it.
  var position = 0

  /// Works on what is in `batch`.
  package func process() { work.process(batch, from: position) }

  /// Call this after the last batch has been finalized.
  func finishProfile() { work.finishProfile() }

  /// From now on: which entries of lookups, and which branches, the records reach.
  package func recordCoverage() { work.recordCoverage() }

  /// See `Program.lookupMarks`.
  package var coverage: [Bool] { work.coverage }
  /// Records of a merge's first pass.
  var entries: [MergeEntry] { work.entries }

  /// To be called in the order of the input, after `process`.
  ///
  /// - Throws: `OperationFailure`.
  func settle(_ sequencer: RecordSequencer?) throws {
    if let failure = work.failure { throw failure }
    if let sequencer { try work.settle(sequencer) }
  }

  /// Encoded target records of the batch.
  package var output: ByteArena { _read { yield work.output } }
  /// The encoded fields of rejected items, if these are shown.
  package var refused: ByteArena { _read { yield work.refused } }
  /// How each item ended, if that is recorded.
  package var items: LaneItems { _read { yield work.items } }
  package var log: ProblemLog { work.log }
  package var counts: TransformCounts { work.counts }
  /// What the mapping did to the values of each item, if that is observed.
  package var observations: LaneObservations? { work.observations }
}
