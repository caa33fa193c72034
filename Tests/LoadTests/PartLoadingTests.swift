import Core
import Load
import TestSupport
import Testing

/// Incremental parts that are loaded side by side, and the writing of what they report.
@Suite struct PartLoadingTests {
  /// Writes down what happens.
  private struct Destination: Core.Destination {
    let name: String
    let events: Locked<[String]>
    let traits = DestinationTraits(delivery: .incremental)
    var isBroken = false
    /// `finish` returns only after the task was cancelled, without an error.
    var ignoresCancellation = false

    func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
      Session(name: name, events: events, isBroken: isBroken, ignoresCancellation: ignoresCancellation)
    }

    func forecast(
      _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
    ) async throws -> any LoadSession {
      Session(name: name, events: events, isBroken: isBroken, ignoresCancellation: ignoresCancellation)
    }

    struct Session: LoadSession {
      let name: String
      let events: Locked<[String]>
      let isBroken: Bool
      let ignoresCancellation: Bool

      private func add(_ event: String) { events.withLock { $0.append("\(name) \(event)") } }

      func submit(_ batch: StagedBatch) async throws {}
      func finish() async throws {
        add("finish")
        while ignoresCancellation, !Task.isCancelled { await Task.yield() }
        if isBroken { throw OperationFailure(.fault, "broken") }
      }
      func acknowledge() async { add("acknowledge") }
      func close() async { add("close") }
    }
  }

  private func loadings(_ destinations: [Destination]) throws -> [PartLoading] {
    let folder = TemporaryFolder()
    let records = StagedRecords([#"{"id":"1"}"#], columns: [LoadColumn(path: ["id"])])
    try folder.write("staged.ndjson", records.text)
    return destinations.map { destination in
      PartLoading(
        destination, records.part(), staged: "\(folder.path)/staged.ndjson", reporting: RecordingSink(), room: { _ = folder })
    }
  }

  @Test func `a session learns that its reports are durable before it is closed`() async throws {
    let events = Locked<[String]>([])
    let parts = try loadings([Destination(name: "a", events: events), Destination(name: "b", events: events, isBroken: true)])
    let (ends, failure) = await PartLoading.run(parts) { ended in
      for number in ended { events.withLock { $0.append("drain \(number)") } }
    }
    #expect(failure == nil && ends[0].error == nil && ends[1].error != nil)
    let all = events.withLock { $0 }
    func order(_ name: String, _ number: Int) -> [String] { all.filter { $0.hasPrefix(name) || $0 == "drain \(number)" } }
    #expect(order("a", 0) == ["a finish", "drain 0", "a acknowledge", "a close", "drain 0"])
    #expect(order("b", 1) == ["b finish", "b close", "drain 1"])
  }

  @Test func `a part that ends after an interruption does not wait for what is not written any more`() async throws {
    let events = Locked<[String]>([])
    let parts = try loadings([Destination(name: "a", events: events, ignoresCancellation: true)])
    let run = Task { await PartLoading.run(parts) { _ in }.ends.count }
    while events.withLock({ $0.isEmpty }) { await Task.yield() }
    run.cancel()
    #expect(await run.value == 1)
    #expect(events.withLock { $0.last } == "a close")
  }

  @Test func `if nothing can be written any more, no session learns that it was`() async throws {
    struct Full: Error {}
    let events = Locked<[String]>([])
    let parts = try loadings([Destination(name: "a", events: events), Destination(name: "b", events: events)])
    let (ends, failure) = await PartLoading.run(parts) { ended in if !ended.isEmpty { throw Full() } }
    #expect(failure is Full && ends.count == 2)
    let all = events.withLock { $0 }
    #expect(all.contains("a close") && all.contains("b close") && !all.contains { $0.hasSuffix("acknowledge") })
  }
}
