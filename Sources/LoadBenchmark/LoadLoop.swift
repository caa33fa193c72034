import Core
import Files
import HTTP
import Load
import State

/// A whole load: staged records, journal, requests, outcomes.
struct LoadLoop {
  private let destination: HTTPDestination
  private let engine: HTTPEngine
  private let part: LoadPart
  private let staged: String

  /// - Parameters:
  ///   - url: where records are posted; with batches, `/batch` is added.
  ///   - folder: of the state, which should be new: records that it knows are not sent.
  ///   - batch: records in a request.
  init(url: String, folder: String, records: Int, concurrency: Int, batch: Int) throws {
    let create = RequestDocument(try RequestTemplate("POST /contacts"), place: Self.place)
    var contacts = ResourceDocument(mapping: "contacts", place: Self.place)
    contacts.create = create
    contacts.remoteID = ResponsePath("id").map { .body($0) }
    if batch > 1 {
      contacts.batch = BatchDocument(
        RequestDocument(try RequestTemplate("POST /contacts/batch"), place: Self.place), size: batch, items: "items")
    }
    var document = HTTPDocument(address: try ServerAddress(url), responses: ResponseRules())
    document.concurrent = concurrency
    document.idempotency = IdempotencyDocument(header: "Idempotency-Key")
    document.resources = [contacts]
    let transport = AsyncHTTPTransport(
      timeout: .seconds(30), connectTimeout: .seconds(10), maxBytes: HTTPEngine.longestResponse, connections: concurrency)
    engine = HTTPEngine(name: "app", document, environment: [:], transport: transport)
    let state = StateFolder(path: folder)
    let services = HTTPDestination.Services(
      engine: engine, journal: try state.openJournal(), states: try state.openStateStore(), owner: "benchmark", isFirstLoad: true)
    destination = HTTPDestination(name: "app", document, environment: [:]) { services }
    part = LoadPart(
      run: "run", date: "2026-01-01", pipeline: "benchmark", location: "files", mapping: "contacts",
      columns: SampleRecord.columns,
      key: [0], count: records)
    staged = "\(folder)/staged.ndjson"
    let file = try OutputFile(path: staged, mode: 0o600)
    var lines: [UInt8] = []
    for number in 0..<records {
      lines += #"{"key":"c\#(number)","line":\#(number + 1),"record":"#.utf8
      lines += SampleRecord.json(number) + #","digest":"0"}"#.utf8 + "\n".utf8
      if lines.count > 1 << 20 {
        try file.write(lines)
        lines = []
      }
    }
    try file.write(lines)
    try file.commit()
  }

  private static let place = SourcePlace(file: "benchmark", line: 1, column: 1)

  func run() async throws {
    let sink = CountingSink()
    var session = try await destination.begin(part, reporting: sink)
    let reader = try StagedReader(staged, mapping: part.mapping, columns: part.columns, count: part.count)
    while let batch = try reader.next() { try await session.submit(batch) }
    try await session.finish()
    await session.close()
    await engine.close()
    let counts = sink.counts
    guard counts[.created] == part.count else {
      throw OperationFailure(.fault, "not every record was created: \(counts.total) outcomes, \(counts[.created]) created")
    }
  }
}

private final class CountingSink: OutcomeSink {
  private let content = Locked(OutcomeCounts())

  var counts: OutcomeCounts { content.withLock { $0 } }

  func report(_ ordinal: UInt64, _ outcome: LoadOutcome) { content.withLock { $0[outcome.outcome] += 1 } }
  func warn(_ warning: LoadWarning) {}
  func explain(_ ordinal: UInt64, _ problem: LoadProblem) {}
}
