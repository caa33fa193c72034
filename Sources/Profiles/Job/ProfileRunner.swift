package import Core
import Records

/// Profiles the records of one source with as many workers as there are threads. The result does not depend on their number.
package struct ProfileRunner: Sendable {
  package struct Options: Sendable {
    /// Workers, 1 or more.
    package var threads = 1
    package var mask = ProfileMask.standard()
    package var customFields = CustomFieldNames([])
    /// The member of a record that has its custom fields, as GHL lists them.
    package var customFieldList: String?
    /// Days since 1970-01-01; later dates are in the future.
    package var today: Int

    package init(today: Int) { self.today = today }
  }

  package struct Result: Sendable {
    package var side: ProfileDocument.Side
    /// Records that could not be read.
    package var notProfiled = 0
    package var notes: [InputNote] = []
  }

  private let options: Options

  package init(_ options: Options) { self.options = options }

  /// - Parameters:
  ///   - sources: are opened and read one after another, as if they were one.
  ///   - advanced: is called with the number of records read so far.
  /// - Throws: what the sources throw; `CancellationError`.
  package func run(
    _ sources: [() throws -> any RecordSource], advanced: (Int) -> Void = { _ in }
  ) async throws -> Result {
    let lanes = (0..<max(1, options.threads) + (options.threads > 1 ? 1 : 0)).map { _ in lane() }
    var notes: [InputNote] = []
    var before = 0
    for open in sources {
      var source = try open()
      if lanes.count > 1 {
        try await runInParallel(lanes, &source, after: before, advanced)
      } else {
        try runInline(lanes[0], &source, after: before, advanced)
      }
      before += source.cursor.records
      notes += source.notes
    }
    for lane in lanes { lane.finish() }
    let whole = lanes[0].profiler
    for lane in lanes.dropFirst() { whole.merge(lane.profiler) }
    return Result(side: whole.side(), notProfiled: lanes.reduce(0) { $0 + $1.notProfiled }, notes: notes)
  }

  private func lane() -> ProfileLane {
    ProfileLane(
      SideProfiler(mask: options.mask, customFields: options.customFields, today: options.today),
      customFieldList: options.customFieldList)
  }

  private func runInline(
    _ lane: ProfileLane, _ source: inout some RecordSource, after before: Int, _ advanced: (Int) -> Void
  ) throws {
    while true {
      let position = before + source.cursor.records
      guard try source.fill(lane.batch) else { return }
      try Task.checkCancellation()
      lane.process(from: position)
      advanced(before + source.cursor.records)
    }
  }

  private func runInParallel(
    _ lanes: [ProfileLane], _ source: inout some RecordSource, after before: Int, _ advanced: (Int) -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: ProfileLane.self) { group in
      var free = lanes
      while true {
        try Task.checkCancellation()
        let lane: ProfileLane
        if let next = free.popLast() { lane = next } else if let done = try await group.next() { lane = done } else { break }
        let position = before + source.cursor.records
        guard try source.fill(lane.batch) else { break }
        group.addTask {
          lane.process(from: position)
          return lane
        }
        advanced(before + source.cursor.records)
      }
      for try await _ in group {}
    }
  }
}
