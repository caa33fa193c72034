import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// An `http` destination before a `FakeAPI`, with a journal in memory that survives its sessions.
struct HTTPBench: Sendable {
  let api: FakeAPI
  let stores: MemoryStores
  let timekeeper = LeapingTimekeeper()
  /// What `before: save` keeps.
  let logs = TemporaryFolder()
  var document: HTTPDocument
  /// Shared with others, if the API has a quota.
  var quota: RequestGate?

  /// - Parameter change: of the requests for people.
  init(_ api: FakeAPI, hasIdempotencyKeys: Bool = true, _ change: (inout ResourceDocument) throws -> Void = { _ in }) throws {
    self.api = api
    stores = MemoryStores()
    var rules = ResponseRules()
    rules.preset = .problem
    document = HTTPDocument(address: try ServerAddress(FakeAPI.address), responses: rules)
    document.concurrent = 4
    if hasIdempotencyKeys { document.idempotency = IdempotencyDocument(header: "Idempotency-Key") }
    var people = ResourceDocument(mapping: "people", place: Self.place)
    people.create = try Self.request("POST /people")
    people.update = try Self.request("PUT /people/{remote_id}")
    people.find = FindDocument(try Self.request("GET /people?id={key}"), items: ResponsePath("items"))
    people.remoteID = .body(try #require(ResponsePath("remoteId")))
    people.conflict.remoteID = ResponsePath("existingId")
    try change(&people)
    document.resources = [people]
  }

  /// Another API with the same journal.
  init(_ other: HTTPBench, stores: MemoryStores) {
    (api, document) = (other.api, other.document)
    self.stores = stores
  }

  static let place = SourcePlace(file: "waybill.yaml", line: 1, column: 1)

  static func request(_ text: String, _ headers: [String: String] = [:]) throws -> RequestDocument {
    RequestDocument(
      try RequestTemplate(text), headers: try headers.sorted { $0.key < $1.key }.map { try HeaderTemplate($0.key, $0.value) },
      place: place)
  }

  static func batch(size: Int, isAtomic: Bool = false, updates: Bool = false) throws -> BatchDocument {
    var results = BatchResults()
    results.list = ResponsePath("results")
    results.key = ResponsePath("key")
    results.status = ResponsePath("status")
    results.remoteID = ResponsePath("id")
    results.record = ResponsePath("record")
    results.body = ResponsePath("error")
    return BatchDocument(
      try request("POST /people/batch"), size: size, items: "items", isAtomic: isAtomic, updates: updates, results: results)
  }

  /// - Parameter process: dies at some point; nil: it does not.
  func destination(isFirstLoad: Bool = false, resendsRefused: Bool = false, by process: DyingProcess? = nil) -> HTTPDestination {
    var circuit = CircuitBreaker.Options()
    circuit.pause = .seconds(1)
    let engine = HTTPEngine(
      name: "app", document, environment: [:],
      transport: process.map { DyingTransport(api, $0) } ?? api as any HTTPTransport,
      quota: quota, timekeeper: timekeeper, circuit: circuit)
    let journal = process.map { DyingJournal(journal: stores.journal, process: $0) } ?? stores.journal as any Journal
    return HTTPDestination(name: "app", document, environment: [:]) { [stores] in
      .init(
        engine: engine, journal: journal, states: stores.states, owner: "test", isFirstLoad: isFirstLoad,
        resendsRefused: resendsRefused)
    }
  }

  /// What became of each record, and whether the destination was stopped.
  struct Result {
    var sink: RecordingSink
    var failure: OperationFailure?
    var warnings: [String] = []
    var verified: VerifyCounts?
    var words: [String] { sink.words }
    var codes: [String] { sink.problems.values.joined().map(\.code.slug) }
  }

  @discardableResult
  func load(
    _ records: StagedRecords, isFirstLoad: Bool = false, size: Int? = nil, run: String = "run1", isNarrowed: Bool = false,
    isReported: Bool = true, resendsRefused: Bool = false, applying plan: (any AppliedPlan)? = nil,
    by process: DyingProcess? = nil, _ change: (inout LoadPart) -> Void = { _ in }
  ) async throws -> Result {
    let sink = RecordingSink()
    var part = records.part(run: run)
    part.isNarrowed = isNarrowed
    part.undoLog = undoLog
    part.applied = plan
    change(&part)
    var session = try await destination(isFirstLoad: isFirstLoad, resendsRefused: resendsRefused, by: process).begin(
      part, reporting: sink)
    do {
      try await records.submit(to: &session, in: TemporaryFolder(), size: size)
      try await session.finish()
      if isReported { await session.acknowledge() }
    } catch {
      await session.close()
      throw error
    }
    let result = Result(sink: sink, failure: session.failure, warnings: session.warnings, verified: session.verified)
    await session.close()
    return result
  }

  var undoLog: @Sendable (String) -> String {
    { [logs] in "\(logs.path)/\($0)/people.undo.ndjson" }
  }

  /// The same with `before: save`, and everything that `undo` needs.
  func saving() throws -> HTTPBench {
    var bench = self
    bench.document.resources[0].before = BeforeDocument()
    bench.document.resources[0].delete = try Self.request("DELETE /people/{remote_id}")
    bench.document.resources[0].entityTag = .headerOrBody("etag", try #require(ResponsePath("etag")))
    return bench
  }

  /// What became of each record, by key.
  ///
  /// - Parameters:
  ///   - records: with the columns of the run.
  ///   - found: takes what became of the records, also if undo throws.
  @discardableResult
  func undo(
    _ run: String = "run1", of records: StagedRecords = people(0..<1), keys: Set<Name>? = nil, isTrial: Bool = false,
    by process: DyingProcess? = nil, found: Locked<[Name: UndoneRecord]> = Locked([:])
  ) async throws -> (records: [Name: UndoneRecord], failure: OperationFailure?) {
    var part = records.part(run: run)
    part.undoLog = undoLog
    let request = UndoRequest(log: undoLog(run), keys: keys, isTrial: isTrial)
    let failure = try await destination(by: process).undo(part, request) { record in
      found.withLock { $0[record.key] = record }
    }
    return (found.withLock { $0 }, failure)
  }

  /// Records `k0`, `k1`, … with names.
  ///
  /// - Parameter hasAge: otherwise the age has no value, and is left out.
  static func people(_ numbers: some Sequence<Int>, name: String = "Ann", hasAge: Bool = true) -> StagedRecords {
    StagedRecords(
      numbers.map { #"{"id":"k\#($0)","name":"\#(name) \#($0)"\#(hasAge ? #","age":\#($0)"# : "")}"# },
      columns: [
        LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string),
        LoadColumn(path: ["age"], omitsNull: true),
      ])
  }
}

extension Locked<Int> {
  /// 1, 2, 3, …
  func next() -> Int {
    withLock { number in
      number += 1
      return number
    }
  }
}

extension HTTPBench {
  var inBatches: HTTPBench {
    get throws {
      var bench = self
      bench.document.resources[0].batch = try Self.batch(size: 3)
      return bench
    }
  }

  /// One response to a write in four is lost.
  var losing: HTTPBench {
    api.setScript { $0.isWrite && $0.number % 4 == 0 ? .lostAfter : nil }
    return self
  }
}

/// The destination of a bench, whose state is the bench's: each load is that of a new process.
struct BenchedDestination: Destination {
  let bench: HTTPBench
  let name = "app"
  let traits = DestinationTraits(delivery: .incremental)

  init(_ bench: HTTPBench) { self.bench = bench }

  func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    try Task.checkCancellation()
    var bench = bench
    // Whatever the mapping is called, it has the same requests.
    bench.document.resources[0].mapping = part.mapping
    return try await bench.destination().begin(part, reporting: sink)
  }

  func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    var bench = bench
    bench.document.resources[0].mapping = part.mapping
    return try await bench.destination().forecast(part, request, to: sink)
  }

  func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    var bench = bench
    bench.document.resources[0].mapping = part.mapping
    return try await bench.destination().beginComparing(part, options)
  }

  func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)? {
    var bench = bench
    bench.document.resources[0].mapping = part.mapping
    return try bench.destination().beginTotals(part, options)
  }
}
