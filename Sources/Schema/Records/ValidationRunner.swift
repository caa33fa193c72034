package import Core

/// Validates a whole input: batches are worked on by as many tasks as there are threads, and handed over in the order of the
/// input. Memory is flat: a few workers, used again and again.
package struct ValidationRunner {
  private let validator: SchemaValidator
  private let threads: Int

  package init(_ validator: SchemaValidator, threads: Int = 1) {
    self.validator = validator
    self.threads = max(1, threads)
  }

  /// `consume` gets each worker once per batch, in the order of the input. Stops between batches when the task is cancelled, with a
  /// `CancellationError`.
  package func run(
    _ source: inout some RecordSource, consume: (BatchValidator) throws -> Void
  ) async throws -> BatchValidator.Counts {
    // One more than there are tasks, so that the reader fills one while all others are worked on.
    var free = (0...threads).map { _ in BatchValidator(validator) }
    var counts = BatchValidator.Counts()
    try await withThrowingTaskGroup(of: (Int, BatchValidator).self) { group in
      var next = 0
      var consumed = 0
      var finished: [Int: BatchValidator] = [:]
      var hasEnded = false
      // What was read before the input failed, or the task was cancelled, is consumed first.
      var failure: (any Error)?
      while true {
        while !hasEnded, let worker = free.popLast() {
          do {
            try Task.checkCancellation()
            hasEnded = try !source.fill(worker.batch)
          } catch {
            (failure, hasEnded) = (error, true)
          }
          if hasEnded { break }
          let number = next
          next += 1
          group.addTask {
            worker.process()
            return (number, worker)
          }
        }
        guard consumed < next, let (number, worker) = try await group.next() else { break }
        finished[number] = worker
        while let worker = finished.removeValue(forKey: consumed) {
          counts += worker.counts
          try consume(worker)
          free.append(worker)
          consumed += 1
        }
      }
      if let failure { throw failure }
    }
    return counts
  }
}
