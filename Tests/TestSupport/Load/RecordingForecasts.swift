package import Core
import Files
import Load

/// Keeps what a session predicts.
package final class RecordingForecasts: ForecastSink {
  private struct Reports {
    var forecasts: [UInt64: [Forecast]] = [:]
    var removals: [Name] = []
    var warnings: [String] = []
  }

  private let reports = Locked(Reports())

  package init() {}

  package func forecast(_ ordinal: UInt64, _ forecast: Forecast) {
    reports.withLock { $0.forecasts[ordinal, default: []].append(forecast) }
  }

  package func removal(_ key: Name) { reports.withLock { $0.removals.append(key) } }

  /// Everything that was predicted for each record.
  package var forecasts: [UInt64: [Forecast]] { reports.withLock { $0.forecasts } }
  /// In the order of the records.
  package var all: [Forecast] { forecasts.sorted { $0.key < $1.key }.flatMap(\.value) }
  package var words: [String] { all.map(\.outcome.rawValue) }
  /// Of the session that predicted.
  package var warnings: [String] {
    get { reports.withLock { $0.warnings } }
    set { reports.withLock { $0.warnings = newValue } }
  }
  package var removals: [String] { reports.withLock { $0.removals.map(\.text) } }
}

/// The prediction of a destination that knows what becomes of a record when it sees it.
package struct PredictingSession: LoadSession {
  private let sink: any ForecastSink
  private let predict: (StagedBatch, Int) -> Forecast

  package init(_ sink: any ForecastSink, _ predict: @escaping (_ batch: StagedBatch, _ index: Int) -> Forecast) {
    self.sink = sink
    self.predict = predict
  }

  package mutating func submit(_ batch: StagedBatch) async throws {
    try Task.checkCancellation()
    for index in 0..<batch.count { sink.forecast(batch.first + UInt64(index), predict(batch, index)) }
  }

  package mutating func finish() async throws { try Task.checkCancellation() }
  package mutating func close() async {}
}

extension StagedRecords {
  /// Predicts a load of the records.
  ///
  /// - Parameters:
  ///   - last: the records that an earlier run has staged.
  ///   - change: of the part.
  package func forecast(
    by destination: any Destination, after last: StagedRecords? = nil, comparing isCompared: Bool = false,
    in folder: TemporaryFolder = TemporaryFolder(), _ change: (inout LoadPart) -> Void = { _ in }
  ) async throws -> (sink: RecordingForecasts, failure: OperationFailure?) {
    let sink = RecordingForecasts()
    try folder.write("staged-now.ndjson", text)
    let kept = try last.map { last -> ForecastRequest.Kept in
      try folder.write("staged-last.ndjson", last.text)
      // Its load was the last one.
      let stamp = destination.target(of: self.part()).flatMap { FileStamp(of: $0.path) }
      return .init(path: "\(folder.path)/staged-last.ndjson", columns: last.columns, published: stamp.map { [$0] } ?? [])
    }
    let request = ForecastRequest(
      staged: "\(folder.path)/staged-now.ndjson", kept: kept.map { [$0] } ?? [], comparesDestination: isCompared)
    var part = part()
    change(&part)
    var session = try await destination.forecast(part, request, to: sink)
    do {
      try await submit(to: &session, in: folder)
      try await session.finish()
    } catch {
      await session.close()
      throw error
    }
    let failure = session.failure
    await session.close()
    sink.warnings = session.warnings
    return (sink, failure)
  }
}
