import Control
import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// A project whose destination `app`, and `crm` if there is one, stand for APIs.
struct ReplayBench {
  let project: Project
  private let reactions = Locked<[@Sendable (String) -> ScriptedDestination.Reaction]>([{ _ in .take }, { _ in .take }])
  private let log = Locked<[String]>([])
  let app: ScriptedDestination
  let second: ScriptedDestination

  /// The state of each tenth record is `X`.
  static func input(_ count: Int) -> String {
    (0..<count).map { #"{"id":"c\#($0)","name":"Name \#($0)","state":"\#($0 % 10 == 0 ? "X" : "A")"}"# + "\n" }.joined()
  }

  init(
    records: Int, mapping: String, gates: String = "", more: String = "", source: String = "{person: in/contacts.ndjson}",
    mappings: String = "[contacts.yaml]", appTakes: String? = nil, format: String = "ndjson"
  ) throws {
    let pipeline = """
      pipeline: replays
      source: {\(format): \(source)}
      mappings: \(mappings)
      destinations:
        app: {csv: {path: "app/{mapping}.csv"\(appTakes.map { ", mappings: \($0)" } ?? "")}}
        files: {csv: {path: "out/{mapping}.csv"}}
      \(more)\(gates)
      """
    project = try Project(pipeline: pipeline, mapping: mapping, input: Self.input(records))
    let (reactions, log) = (reactions, log)
    app = ScriptedDestination("app") { mapping, key in
      log.withLock { $0.append("\(mapping) \(key)") }
      return reactions.withLock { $0[0] }(key)
    }
    second = ScriptedDestination("crm") { _, key in reactions.withLock { $0[1] }(key) }
  }

  func react(_ reaction: @escaping @Sendable (String) -> ScriptedDestination.Reaction) { reactions.withLock { $0[0] = reaction } }
  func reactSecond(_ reaction: @escaping @Sendable (String) -> ScriptedDestination.Reaction) {
    reactions.withLock { $0[1] = reaction }
  }

  /// What `app` was sent since it was cleared, sorted.
  func sent() -> [String] { log.withLock { $0.sorted() } }
  func clear() { log.withLock { $0 = [] } }
  func content() -> [String: String] { app.content }

  var options: RunEngine.Options {
    var options = project.options
    options.makeDestination = { [app, second] document in [app, second].first { $0.name.isExactly(document.name) } }
    return options
  }

  @discardableResult
  func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
    var options = options
    change(&options)
    return await RunEngine(try project.document(), options: options).run()
  }

  func engine(_ observer: any RunObserver = SilentObserver(), _ change: (inout RunEngine.Options) -> Void = { _ in })
    -> ReplayEngine
  {
    var options = options
    change(&options)
    let (document, _) = PipelineDocument.load(path: "\(project.folder.path)/waybill.yaml", environment: [:])
    return ReplayEngine(document!, options: options, observer: observer)
  }

  func plan(_ id: String? = nil, choice: OpenItems.Choice = .init()) async throws -> ReplayEngine.Plan {
    var diagnostics = Diagnostics()
    return try await engine().plan(id, choice, diagnostics: &diagnostics)
  }

  /// The replay at `app`.
  func replay(
    _ id: String? = nil, choice: OpenItems.Choice = .init(), observer: any RunObserver = SilentObserver(),
    _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    var diagnostics = Diagnostics()
    let engine = engine(observer, change)
    let plan = try await engine.plan(id, choice, diagnostics: &diagnostics)
    return await engine.run(try #require(plan.parts.first { $0.destination == "app" }))
  }

  /// Leaves a run as if its process had been killed while it sent.
  ///
  /// - Parameter outcomes: those of an earlier attempt; nil: there are none.
  func kill(_ run: String, leaving outcomes: String? = nil) throws {
    let folder = ".waybill/runs/\(run)"
    let facts = try #require(project.folder.read("\(folder)/facts.ndjson")).split(separator: "\n")
    let judged = try #require(facts.firstIndex { $0.contains(#""judged""#) })
    try project.folder.write("\(folder)/facts.ndjson", facts[...judged].map { $0 + "\n" }.joined())
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/\(folder)/outcomes.ndjson")
    if let outcomes { try project.folder.write("\(folder)/outcomes.ndjson", outcomes) }
  }

  func runs() throws -> any RunStore { try project.options.source.state.openRuns(isReadOnly: true) }

  func counts(_ report: RunEngine.Report) -> OutcomeCounts {
    report.summary.entities.first { $0.name == "contacts" }?.destinations.first { $0.name == "app" }?.counts ?? OutcomeCounts()
  }
}
