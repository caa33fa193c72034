package import Core

/// The load of one part at an incremental destination, or the prediction of any load, from its first record to its last. It reads the
/// staged records itself, so it waits for no other part.
package struct PartLoading: Sendable {
  /// How it ended.
  package struct End: Sendable {
    /// What the session threw; nil: it ended properly.
    package var error: (any Error)?
    /// Why the destination was stopped although the session ended properly.
    package var failure: OperationFailure?
    package var files: [String] = []
    package var warnings: [String] = []
    /// What reading records back has shown, as far as the session got.
    package var verified: VerifyCounts?
  }

  private let part: LoadPart
  private let staged: String
  private let begin: @Sendable () async throws -> any LoadSession
  private let room: @Sendable () async -> Void

  /// - Parameters:
  ///   - staged: the file with the staged records of the part's mapping.
  ///   - room: called after each batch; returns when more may be reported to the sink.
  package init(
    _ destination: any Destination, _ part: LoadPart, staged: String, reporting sink: any OutcomeSink,
    room: @escaping @Sendable () async -> Void
  ) {
    self.part = part
    self.staged = staged
    self.room = room
    begin = { try await destination.begin(part, reporting: sink) }
  }

  /// Predicts the load of a part.
  package init(
    predicting destination: any Destination, _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) {
    self.part = part
    room = {}
    staged = request.staged
    begin = { try await destination.forecast(part, request, to: sink) }
  }

  /// - Parameter isWritten: called when everything has been reported; returns whether it is durable.
  private func run(_ tick: @Sendable () -> Void, isWritten: @Sendable () async -> Bool) async -> End {
    var end = End()
    do {
      var session = try await begin()
      do {
        let reader = try StagedReader(staged, mapping: part.mapping, columns: part.columns, count: part.count)
        while let batch = try reader.next() {
          try await session.submit(batch)
          tick()
          await room()
        }
        try await session.finish()
        end.failure = session.failure
        if await isWritten() { await session.acknowledge() }
      } catch {
        end.error = error
      }
      await session.close()
      (end.files, end.warnings, end.verified) = (session.files, session.warnings, session.verified)
    } catch {
      end.error = error
    }
    return end
  }

  /// Loads parts side by side: neither a slow nor a broken destination holds back another. If the task is cancelled, so are all of
  /// them.
  ///
  /// - Parameter drain: called again and again, by this task, with the numbers of the parts that have ended since: what the sinks have
  ///   received can be written now, and must be durable if a part has ended. If it throws, all parts are cancelled, and it is not
  ///   called again.
  /// - Returns: the ends, in the order of the parts, and what `drain` threw.
  package static func run(
    _ parts: [PartLoading], drain: (_ ended: [Int]) throws -> Void
  ) async -> (ends: [End], failure: (any Error)?) {
    let ended = Locked(Ended())
    // One tick is enough to drain all sinks.
    let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    return await withTaskGroup(of: [End].self) { group in
      group.addTask {
        let ends = await together(parts, ended) { tick.yield() }
        tick.finish()
        return ends
      }
      var failure: (any Error)?
      for await _ in ticks {
        let (numbers, waiting) = ended.withLock { $0.take() }
        do { try drain(numbers) } catch { failure = error }
        for continuation in waiting { continuation.resume(returning: failure == nil) }
        if failure != nil { break }
      }
      // If this task is cancelled, there are no ticks any more, although parts may still end.
      for continuation in ended.withLock({ $0.stop() }) { continuation.resume(returning: false) }
      if failure != nil { group.cancelAll() }
      let ends = await group.next() ?? []
      if failure == nil {
        do { try drain(ended.withLock { $0.take().numbers }) } catch { failure = error }
      }
      return (ends, failure)
    }
  }

  /// The parts that have ended since the last call of `drain`.
  private struct Ended {
    private var numbers: [Int] = []
    /// The continuations of parts that wait until their reports are durable.
    private var waiting: [CheckedContinuation<Bool, Never>] = []
    private var isStopped = false

    mutating func add(_ number: Int) { numbers.append(number) }

    /// False: nothing is written any more, and `continuation` will not be resumed.
    mutating func add(_ number: Int, _ continuation: CheckedContinuation<Bool, Never>) -> Bool {
      if isStopped { return false }
      numbers.append(number)
      waiting.append(continuation)
      return true
    }

    mutating func take() -> (numbers: [Int], waiting: [CheckedContinuation<Bool, Never>]) {
      defer { (numbers, waiting) = ([], []) }
      return (numbers, waiting)
    }

    /// `drain` is not called again.
    mutating func stop() -> [CheckedContinuation<Bool, Never>] {
      isStopped = true
      defer { waiting = [] }
      return waiting
    }
  }

  /// - Parameter tick: called when a part has ended, or has more to report.
  private static func together(
    _ parts: [PartLoading], _ ended: Locked<Ended>, tick: @escaping @Sendable () -> Void
  ) async -> [End] {
    await withTaskGroup(of: (Int, End).self) { group in
      for (index, part) in parts.enumerated() {
        group.addTask {
          let end = await part.run(tick) {
            await withCheckedContinuation { continuation in
              if ended.withLock({ $0.add(index, continuation) }) { tick() } else { continuation.resume(returning: false) }
            }
          }
          ended.withLock { $0.add(index) }
          tick()
          return (index, end)
        }
      }
      var ends = [End](repeating: End(), count: parts.count)
      for await (index, end) in group { ends[index] = end }
      return ends
    }
  }
}
