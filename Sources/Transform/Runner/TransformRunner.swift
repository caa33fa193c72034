package import Core
import Files

/// Runs a program over a whole input: reads batches, works on them on as many tasks as there are threads, and hands the
/// results over in the order of the input. The result is the same for any number of threads and any batch size, and
/// memory is flat: a few lanes, used again and again.
///
/// A merge takes two passes: the first keeps the evaluated records on the disk and finds out which belong together, the second
/// finishes them. The input itself is read once, so that it may be a pipe.
package struct TransformRunner {
  package struct Options: Sendable, Hashable {
    /// Tasks that evaluate at the same time, 1 or more.
    package var threads: Int
    /// Record how each item ended, in the lanes' `items`.
    package var recordsItems = false
    /// Observe, for `Observations`, what the mapping does to values; only together with `recordsItems`.
    package var observes = false
    /// Where keys and records go that memory has no room for.
    package var spillFolder = SpillFolder.standard
    /// Bytes of memory for the keys of `unique`, and for the sorting of a merge.
    package var setMemory = KeySet.standardLimit

    package init(threads: Int) { self.threads = max(1, threads) }
  }

  private let program: Program
  private let encoding: TargetEncoding
  private let options: Options
  private let links: ProgramLinks
  private let rows: RowRequest
  private let profiles: MappingProfiler?

  /// - Parameter profiles: learns what the fields of source and target look like; nil costs nothing.
  package init(
    _ program: Program, encoding: TargetEncoding, options: Options, links: ProgramLinks = .init(),
    profiles: MappingProfiler? = nil
  ) {
    self.profiles = profiles
    self.links = links.of(program)
    self.program = program
    self.encoding = encoding
    self.options = options
    let hasProfile = profiles != nil
    rows = RowRequest { names in
      let columns = program.columns(in: names)
      return hasProfile ? columns.map { LaneProfile.columns(names, read: $0) } : columns
    }
  }

  /// `consume` gets each lane once per batch, in the order of the input. Stops between batches when the task is cancelled,
  /// with a `CancellationError`. If the input fails, or the task is cancelled, what was read before is consumed first, with
  /// any number of threads. Throws `OperationFailure` if the disk has no room for keys.
  package func run(
    _ source: inout some RecordSource, consume: (TransformLane) throws -> Void
  ) async throws -> TransformCounts {
    let sequencer =
      links.isSequenced
      ? RecordSequencer(program, registry: links.registry, memory: options.setMemory, folder: options.spillFolder) : nil
    func settle(_ lane: TransformLane) throws {
      try lane.settle(sequencer)
      try consume(lane)
    }
    var counts: TransformCounts
    if let rule = program.rules.merge {
      let spool = try MergeSpool(rule, memory: options.setMemory, folder: options.spillFolder)
      let spooled = try await pass(.spooling, &source) { lane in
        try lane.settle(nil)
        try spool.append(lane.output.withPending { $0 }, lane.entries)
      }
      var merged = try MergedSource(program, rule, spool)
      counts = try await pass(.finishing, &merged, consume: settle)
      counts.absent = spooled.absent
    } else {
      counts = try await pass(.direct, &source, consume: settle)
    }
    try links.registry?.seal()
    counts.inputNotes = source.notes
    return counts
  }

  private func pass(
    _ role: LaneWork.Role, _ source: inout some RecordSource, consume: (TransformLane) throws -> Void
  ) async throws -> TransformCounts {
    if options.threads == 1 { return try runInline(role, &source, consume: consume) }
    return try await runInParallel(role, &source, consume: consume)
  }

  private func lane(_ role: LaneWork.Role) -> TransformLane {
    TransformLane(
      program, encoding: encoding, options: options, links: links, role: role, rows: role == .finishing ? nil : rows,
      profile: profiles?.lane())
  }

  private func runInline(
    _ role: LaneWork.Role, _ source: inout some RecordSource, consume: (TransformLane) throws -> Void
  ) throws -> TransformCounts {
    let lane = lane(role)
    var counts = TransformCounts()
    var sample = RecordSample()
    while true {
      lane.position = source.cursor.records
      guard try source.fill(lane.batch) else { break }
      try Task.checkCancellation()
      if role != .finishing, !sample.isFull { sample.take(lane.batch) }
      lane.process()
      try consume(lane)
      counts += lane.counts
    }
    lane.finishProfile()
    counts.absent.sample = sample
    return counts
  }

  private func runInParallel(
    _ role: LaneWork.Role, _ source: inout some RecordSource, consume: (TransformLane) throws -> Void
  ) async throws -> TransformCounts {
    // One lane more than workers, so that the reader fills one while all others are worked on.
    var free = (0...options.threads).map { _ in lane(role) }
    var counts = TransformCounts()
    var sample = RecordSample()
    try await withThrowingTaskGroup(of: (Int, TransformLane).self) { group in
      var next = 0
      var consumed = 0
      var finished: [Int: TransformLane] = [:]
      var hasEnded = false
      var failure: (any Error)?
      while true {
        while !hasEnded, let lane = free.popLast() {
          do {
            try Task.checkCancellation()
            lane.position = source.cursor.records
            hasEnded = try !source.fill(lane.batch)
          } catch {
            (failure, hasEnded) = (error, true)
          }
          if hasEnded {
            free.append(lane)
            break
          }
          if role != .finishing, !sample.isFull { sample.take(lane.batch) }
          let number = next
          next += 1
          group.addTask {
            lane.process()
            return (number, lane)
          }
        }
        guard consumed < next, let (number, lane) = try await group.next() else { break }
        finished[number] = lane
        while let lane = finished.removeValue(forKey: consumed) {
          try consume(lane)
          counts += lane.counts
          free.append(lane)
          consumed += 1
        }
      }
      if let failure { throw failure }
    }
    for lane in free { lane.finishProfile() }
    counts.absent.sample = sample
    return counts
  }
}
