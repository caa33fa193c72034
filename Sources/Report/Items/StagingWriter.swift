package import Core
import Files
import Records
package import Transform

/// Transforms one mapping's input into the run's staging folder.
package struct StagingWriter {
  let program: Program
  /// The path of the mapping's staged files, without an extension.
  let base: String
  /// The number of records in the input.
  let expected: Int
  let encoder: ProblemLines
  let ledger: RunLedgerWriter
  let observer: any RunObserver
  let threads: Int
  let links: ProgramLinks
  /// The items that are kept; nil: all.
  let selection: ItemSelection?
  /// Learns what the fields of source and target look like; nil: nobody asks.
  let profiles: MappingProfiler?

  package init(
    program: Program, base: String, expected: Int, encoder: ProblemLines, ledger: RunLedgerWriter, observer: any RunObserver,
    threads: Int, links: ProgramLinks, selection: ItemSelection? = nil, profiles: MappingProfiler? = nil
  ) {
    self.program = program
    self.base = base
    self.expected = expected
    self.encoder = encoder
    self.ledger = ledger
    self.observer = observer
    self.threads = threads
    self.links = links
    self.selection = selection
    self.profiles = profiles
  }

  package struct Result {
    /// The fields that no record has.
    package var absent: [NeverPresent]
    /// The items of the whole input, whether or not they were kept.
    package var read: Int
    /// What the mapping did to the values of those that were kept and let through.
    package var observations: Observations
  }

  /// What has been read, and is kept, is in `counts`, and each of these items is in the item log (as far as that can be written), even
  /// when this throws: `OperationFailure`, `CancellationError`.
  @discardableResult
  package func run(_ source: any RecordSource, counts: inout TransformCounts) async throws -> Result {
    let items = try ItemLogWriter(base)
    let path = "\(base).ndjson"
    let records = try OutputFile(path: path, mode: 0o600)
    var options = TransformRunner.Options(threads: threads)
    options.recordsItems = true
    options.observes = true
    options.spillFolder = FilePath.folder(of: path)
    let runner = TransformRunner(program, encoding: .staged(program), options: options, links: links, profiles: profiles)
    var source = source
    observer.stageBegan(.transform, of: program.model.name, expected: expected)
    defer { observer.stageEnded(.transform, of: program.model.name) }
    let total: TransformCounts
    var read = 0
    var observations = Observations(program)
    do {
      total = try await runner.run(&source) { lane in
        if let selection {
          let kept = SelectedLane(lane, selection, of: program)
          try records.write(kept.output)
          try items.append(kept.items, kept.log, ledgerEnds: try explain(kept.items, kept.log))
          counts += kept.counts
          observations.add(lane, kept: kept.indices)
        } else {
          try records.write(lane.output.withPending { $0 })
          let ends = try explain(lane.items, lane.log)
          try items.append(lane.items, lane.log, ledgerEnds: ends)
          counts += lane.counts
          observations.add(lane)
        }
        try ledger.mark()
        read += lane.counts.read
        observer.stageAdvanced(.transform, of: program.model.name, done: read)
        observer.receive(.outcomesCounted(.transform, of: program.model.name, counts.outcomes))
      }
      // Commit the item log first: it also accounts for records that cannot be kept.
      try items.commit()
      try records.commit()
    } catch {
      // The first error is the one to report. The batch that failed was not counted: the ledger has no lines of it.
      ledger.rollBack()
      items.keepWhole()
      throw error
    }
    counts.inputNotes = total.inputNotes
    return Result(absent: NeverPresent.all(total.absent, in: program), read: total.read, observations: observations)
  }

  /// Writes a batch's problems into the ledger, item by item. Gives the position in the ledger after each item's.
  private func explain(_ items: LaneItems, _ log: ProblemLog) throws -> [Int] {
    let start = ledger.byteCount
    let ends = try ledger.append(log.problems.map { encoder.line(of: $0, in: log) })
    return items.items.map { $0.problemsEnd == 0 ? start : ends[$0.problemsEnd - 1] }
  }
}
