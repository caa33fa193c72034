import Core
import TestSupport

/// A destination that only counts: what a new kind of destination must provide, and no more.
final class CountingDestination: Destination {
  let name = "count"
  let traits = DestinationTraits(delivery: .atomic)
  /// The records of each mapping that have been published.
  let counts = Locked<[Name: Int]>([:])

  func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    Session(destination: self, part: part, sink: sink)
  }

  func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    PredictingSession(sink) { batch, index in Forecast(Name(batch.key(index).string), .written) }
  }

  private struct Session: LoadSession {
    let destination: CountingDestination
    let part: LoadPart
    let sink: any OutcomeSink
    var count = 0
    var isPublished = false

    mutating func submit(_ batch: StagedBatch) async throws {
      try Task.checkCancellation()
      count += batch.count
    }

    mutating func finish() async throws { try Task.checkCancellation() }

    mutating func publish() async throws {
      guard !isPublished else { return }
      try Task.checkCancellation()
      isPublished = true
      if part.keptIn == nil { destination.counts.withLock { $0[Name(part.mapping)] = count } }
      for ordinal in 0..<UInt64(count) { sink.report(ordinal, LoadOutcome(part.keptIn == nil ? .written : .pending)) }
    }

    mutating func close() async {}
  }
}
