import Control
import Core
import Extract
import Files
import FoundationEssentials
import PipelineFile
import Report
import State

/// The run of one location: performs the steps that follow from its facts, and appends the results, until it is over.
///
/// What it has in memory besides the facts can be rebuilt from them and from the run's folder: it is nil until a step needs it.
final class LocationRun {
  var scope: RunScope
  let id: String
  /// RFC 3339, UTC.
  let started: String
  /// `now` of expressions.
  let moment: String
  let folder: RunFolder
  let ledger: RunLedgerWriter
  private let factLog: FactLog
  private(set) var facts: [RunFact]
  private(set) var isLogBroken = false
  /// What users should know even if the run succeeds.
  var notes: [String] = []
  /// What the source files were probably meant to be, which explains why their records are rejected.
  var fileNotes: [String] = []
  var diagnostics = Diagnostics()
  /// RFC 3339, UTC; nil until the end.
  var finished: String?

  var compilation: PipelineCompilation?
  var snapshot: Snapshot?
  var bound: [StagedMapping]?
  /// The open items of a replay, as in the run's folder.
  var replayed: [ReplayedItem]?
  /// How many of them are resolved, once that has been recorded.
  var resolved: Int?
  /// Parts that are ready to be published.
  var sessions: [RunPart: PreparedPart] = [:]
  /// What a dry run would do, once it has been listed.
  var changes: ChangeSample?
  /// What the dry run predicted that this run applies.
  var applied: [RunPart: PlanComparison] = [:]
  /// The destinations allow what is still to be loaded.
  var isProven = false
  /// The requests of this process to GHL locations that facts count, and those that no fact counts.
  var countedRequests = Quota()
  var otherRequests = Quota()
  /// Those that take part, by name, each made once: what its parts share is in it.
  private(set) lazy var shared = RunDestinations(run: id, options, observer: observer, gates: scope.gates)
  private lazy var made: [Name: any Destination] = destinations.reduce(into: [:]) {
    $0[Name($1.name)] = shared.destination($1)
  }

  /// - Parameter known: the facts of a run that is resumed.
  init(
    _ scope: RunScope, id: String, started: String, moment: String, folder: RunFolder, ledger: RunLedgerWriter,
    facts: FactLog, known: [RunFact]
  ) {
    self.scope = scope
    self.id = id
    self.started = started
    self.moment = moment
    self.folder = folder
    self.ledger = ledger
    factLog = facts
    self.facts = known
  }

  var document: PipelineDocument { scope.document }
  var options: RunEngine.Options { scope.options }
  var observer: any RunObserver { scope.observer }
  var state: RunState { RunState(facts) }
  /// Once a dry run is applied, it is no longer a dry run.
  var isDryRun: Bool { options.isDryRun && !state.isApplied }

  func destination(named name: Name) -> any Destination {
    guard let destination = made[name] else { fatalError("'\(name)' does not take part in the run") }
    return destination
  }

  var plan: RunPlan {
    var needs: [Name: [Name]] = [:]
    for mapping in state.compiled?.mappings ?? [] {
      needs[mapping] = destinations.flatMap { $0.needs(of: mapping.text) }.map { Name($0) }
    }
    return RunPlan(
      destinations: destinations.map {
        .init($0.name, destination(named: Name($0.name)).traits.delivery, mappings: $0.mappings?.map(\.name))
      },
      needs: needs, isDryRun: isDryRun, applies: state.isApplied, publishesPartial: options.publishesPartial,
      isLenient: options.isLenient, judgesLoad: judgesLoad)
  }

  /// Only destinations that take records one by one can be without a parent that others have.
  private var judgesLoad: Bool {
    document.gates.contains { gate in
      gate.isAfterLoad
        || gate.isAboutLoad && destinations.contains { destination(named: Name($0.name)).traits.delivery == .incremental }
    }
  }

  /// Never throws: the report has the failure.
  func run() async -> RunEngine.Report {
    while let step = nextSteps(plan, facts).first {
      for fact in await result(of: step) { append(fact, of: step) }
      // Output that will not be published must not take up the space that the accounts need.
      if state.isStopped { await closeSessions() }
    }
    await closeSessions()
    await shared.close()
    settleStaging()
    return report
  }

  /// The facts that result from a step: at least one, a failure if nothing else.
  private func result(of step: RunStep) async -> [RunFact] {
    do {
      // The accounts and the end must be written even for an interrupted run.
      if step != .account, step != .end { try Task.checkCancellation() }
      return try await perform(step)
    } catch let failure as PartialStep {
      return failure.facts + [stopped(step, failure.underlying)]
    } catch {
      return [stopped(step, error)]
    }
  }

  private func stopped(_ step: RunStep, _ error: any Error) -> RunFact {
    error is CancellationError ? .interrupted(step) : .failed(step, .init(OperationFailure(error)))
  }

  private func perform(_ step: RunStep) async throws -> [RunFact] {
    switch step {
    case .extract, .transform, .predict, .load: try await proveDestinations()
    case .compile, .judge, .prepare, .publish, .account, .judgeLoad, .end: break
    }
    return switch step {
    case .compile: try await compile()
    case .extract: try await extract()
    case .transform(let group): try await transform(group)
    case .judge: try await judge()
    case .predict(let mapping): try await predict(mapping)
    case .prepare(let mapping): try await prepare(mapping)
    case .publish(let part): try await publish(part)
    case .load(let mapping): try await load(mapping)
    case .account: await account()
    case .judgeLoad: judgeLoad()
    case .end: end()
    }
  }

  private func closeSessions() async {
    for part in sessions.keys { await sessions[part]?.session.close() }
    sessions = [:]
  }

  /// A fact that cannot be made durable still counts in this process, and the run ends. The file remains a prefix of what
  /// happened: nothing is appended after the first missing fact.
  func append(_ fact: RunFact, of step: RunStep) {
    facts.append(fact)
    guard !isLogBroken else { return }
    do { try factLog.append(fact, at: options.now().ISO8601Format()) } catch {
      isLogBroken = true
      if !state.isStopped, state.verdict == nil { facts.append(.failed(step, .init(error))) }
    }
  }

  private var report: RunEngine.Report {
    let (summary, state) = (makeSummary(), state)
    let files = state.loadedFiles(in: plan)
    return RunEngine.Report(
      summary: summary, diagnostics: diagnostics, folder: folder.path, published: files.published, kept: files.kept,
      changes: changes,
      pause: state.verdict?.pause, hasSnapshot: state.isExtracted,
      canResume: state.canResume && (targetFile == nil || state.isExtracted))
  }

  func seconds(since start: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
  }
}

/// A step that ended early, with facts about what it has done.
struct PartialStep: Error {
  var facts: [RunFact]
  var underlying: any Error
}

extension RunState {
  /// The files of all parts, in the order in which they appeared.
  func loadedFiles(in plan: RunPlan) -> (published: [String], kept: [String]) {
    var files: (published: [String], kept: [String]) = ([], [])
    for mapping in compiled?.mappings ?? [] {
      for destination in plan.destinations {
        guard let part = loaded[RunPart(mapping: mapping, destination: destination.name)] else { continue }
        if part.isKept { files.kept += part.files.map(\.text) } else { files.published += part.files.map(\.text) }
      }
    }
    return files
  }
}
