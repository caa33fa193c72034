import Control
import Core
import GHL
import Glibc
import HTTP
import Load
import PipelineFile
import State

/// The destinations of a run, one line for each kind (nothing else in the product names an implementation), and what their parts share: the journal, connections, and how fast each of them may be used.
final class RunDestinations: Sendable {
  private struct Opened {
    var engines: [Name: HTTPEngine] = [:]
    var stores: (journal: any Journal, states: any StateStore)?
  }

  private let run: String
  private let options: RunEngine.Options
  private let observer: any RunObserver
  private let gates: LocationGates
  private let opened = Locked(Opened())

  /// - Parameter gates: shared with the source.
  init(run: String, _ options: RunEngine.Options, observer: any RunObserver, gates: LocationGates = LocationGates()) {
    self.run = run
    self.gates = gates
    self.options = options
    self.observer = observer
  }

  func destination(_ document: DestinationDocument) -> any Destination {
    if let made = options.makeDestination(document) { return made }
    switch document.kind {
    case .file(let format, let path): return FileDestination(name: document.name, path: path, format: format)
    case .sqlite(let path, let table, let mode):
      return SQLiteDestination(name: document.name, path: path, table: table, mode: mode)
    case .http(let http): return httpDestination(document, http)
    }
  }

  /// Nil for destinations of other kinds, which have no journal.
  func httpDestination(_ document: DestinationDocument) -> HTTPDestination? {
    if case .http(let http) = document.kind { httpDestination(document, http) } else { nil }
  }

  private func httpDestination(_ document: DestinationDocument, _ http: HTTPDocument) -> HTTPDestination {
    HTTPDestination(name: document.name, http, environment: options.source.environment) { [self] in
      try services(document.name, http, document.ghl)
    }
  }

  private func services(
    _ name: String, _ document: HTTPDocument, _ ghl: GHLDestinationDocument?
  ) throws -> HTTPDestination.Services {
    try opened.withLock { opened in
      let state = options.source.state
      let stores = try opened.stores ?? (try state.openJournal(), try state.openStateStore())
      opened.stores = stores
      return HTTPDestination.Services(
        engine: engine(name, document, ghl, &opened), journal: stores.journal, states: stores.states,
        owner: "run \(run) (process \(getpid()))",
        isFirstLoad: options.isFirstLoad, resendsRefused: options.source.replay != nil)
    }
  }

  private func engine(
    _ name: String, _ document: HTTPDocument, _ ghl: GHLDestinationDocument?, _ opened: inout Opened
  ) -> HTTPEngine {
    if let engine = opened.engines[Name(name)] { return engine }
    let engine = HTTPEngine(
      name: name, document, environment: options.source.environment,
      transport: AsyncHTTPTransport(
        timeout: document.timeout, connectTimeout: min(document.timeout, .seconds(10)), maxBytes: HTTPEngine.longestResponse,
        connections: document.concurrent, certificates: document.certificates),
      quota: ghl.map { gate($0) }
    ) { [observer] pause in
      observer.receive(.pausedForDestination(name: name, seconds: pause.wholeSeconds))
    } onFallback: { [observer] in
      observer.receive(.fallbackTokenUsedForDestination(name: name))
    }
    if let trouble = engine.checkFallback() { observer.receive(.fallbackTokenMissingForDestination(name: name, trouble)) }
    opened.engines[Name(name)] = engine
    return engine
  }

  /// Like `Destination.prove`, without opening the state.
  func prove(_ document: DestinationDocument, _ fields: [Name: [[String]]]) async throws {
    guard case .http(let http) = document.kind else { return }
    try await opened.withLock { engine(document.name, http, document.ghl, &$0) }.prove(fields)
  }

  /// The gate of the location that a destination writes to.
  func gate(_ ghl: GHLDestinationDocument) -> RequestGate {
    ghl.gate(in: gates) { [observer] pause in
      observer.receive(.pausedForRateLimit(seconds: pause.wholeSeconds))
    }
  }

  func close() async {
    let engines = opened.withLock { opened in
      defer { opened.engines = [:] }
      return Array(opened.engines.values)
    }
    for engine in engines { await engine.close() }
  }
}
