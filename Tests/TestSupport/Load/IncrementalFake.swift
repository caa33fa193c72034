package import Core
import Records

/// An API in memory that takes records one request at a time. Responses come late and out of order, and some do not come at all:
/// those records are pending, although the API has them.
package final class IncrementalFake: Destination {
  package let name = "fake"
  package let traits = DestinationTraits(delivery: .incremental)
  fileprivate let rows = Locked<[Name: String]>([:])
  /// One response in this many is lost; nil: none.
  fileprivate let lossPeriod: Int?

  package init(lossPeriod: Int?) { self.lossPeriod = lossPeriod }

  /// What the API has, in the order of the keys.
  package var content: String {
    rows.withLock { $0.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined() }
  }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    try Task.checkCancellation()
    return Session(api: self, part: part, sink: sink)
  }

  package func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    let rows = rows.withLock { $0 }
    return PredictingSession(sink) { batch, index in
      let cells = batch.record(index)
      let key = Name(part.key.map { cells[$0].text.string }.joined(separator: "|"))
      let old = rows[key]
      return Forecast(key, old == nil ? .created : old?.isExactly(Session.body(cells)) == true ? .unchanged : .updated)
    }
  }

  private struct Request {
    var ordinal: UInt64
    var key: Name
    var body: String
    var line: Int
  }

  private final class Session: LoadSession {
    private let api: IncrementalFake
    private let part: LoadPart
    private let sink: any OutcomeSink
    private var waiting: [Request] = []
    /// Outcomes that have not been reported yet.
    private var late: [(ordinal: UInt64, outcome: Outcome)] = []
    private var sent = 0

    init(api: IncrementalFake, part: LoadPart, sink: any OutcomeSink) {
      self.api = api
      self.part = part
      self.sink = sink
    }

    func submit(_ batch: StagedBatch) async throws {
      try Task.checkCancellation()
      for index in 0..<batch.count {
        let cells = batch.record(index)
        let key = part.key.map { cells[$0].text.string }.joined(separator: "|")
        waiting.append(
          Request(ordinal: batch.first + UInt64(index), key: Name(key), body: Self.body(cells), line: batch.line(index)))
      }
      while waiting.count > 3 { try await send() }
      // The oldest responses come last.
      while late.count > 8 { report(late.removeLast()) }
    }

    func finish() async throws {
      while !waiting.isEmpty { try await send() }
      while !late.isEmpty { report(late.removeLast()) }
    }

    func close() async {}

    private func send() async throws {
      try Task.checkCancellation()
      let request = waiting.removeFirst()
      let outcome = api.rows.withLock { rows -> Outcome in
        let old = rows.updateValue(request.body, forKey: request.key)
        return old == nil ? .created : old.isExactly(request.body) ? .unchanged : .updated
      }
      sent += 1
      let isLost = api.lossPeriod.map { sent % $0 == 0 } ?? false
      if isLost {
        let problem = LoadProblem(.resultUnknown, severity: .warning, record: request.key.text, line: request.line)
        sink.explain(request.ordinal, problem)
      }
      late.append((request.ordinal, isLost ? .pending : outcome))
      await Task.yield()
    }

    private func report(_ response: (ordinal: UInt64, outcome: Outcome)) {
      sink.report(response.ordinal, LoadOutcome(response.outcome))
    }

    static func body(_ cells: UnsafeBufferPointer<Cell>) -> String {
      var out = ByteArena()
      out.begin()
      for cell in cells {
        JSONRecordEncoder.encode(cell, into: &out)
        out.append(",")
      }
      return out.finish().string
    }
  }
}
