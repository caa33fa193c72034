import Control
import Core
import Extract
import Files
import FoundationEssentials
import PipelineFile
import Report
import State

/// The beginning of a run, up to its first fact: the checks of its options, the lock, the state, its folder.
struct RunOpening {
  private let document: PipelineDocument
  private var options: RunEngine.Options
  private var observer: any RunObserver
  private var summary: RunSummary
  private var permission = SummaryPermission()
  private var lock: StateLock?
  private var runs: (any RunStore)?
  private var folder: RunFolder?

  init(_ document: PipelineDocument, _ options: RunEngine.Options, _ observer: any RunObserver) {
    self.document = document
    self.options = options
    self.observer = observer
    let started = options.now()
    summary = RunSummary(
      run: options.resume ?? options.apply ?? RunIdentifier.make(at: started), pipeline: document.name,
      started: started.ISO8601Format())
    note(options)
  }

  private mutating func note(_ options: RunEngine.Options) {
    summary.narrowing = options.source.narrowing(of: document)
    summary.acceptedGates = options.acceptedGates
  }

  /// - Throws: `OperationFailure`; `refused` then reports the run.
  mutating func open() throws -> LocationRun {
    try checkSummary()
    try NamedSecrets(document: document, options: options.source).checkBeforeRun()
    try options.source.check(against: document)
    try options.source.checkBudget(of: document)
    try checkAcceptedGates()
    let state = options.source.state
    lock = try StateLock(folder: state.path)
    let runs = try state.openRuns()
    let resumed =
      try options.resume.map { try ResumedRun.find($0, of: document, in: state, runs) }
      ?? options.apply.map { try AppliedRun.find($0, of: document, in: state, runs) }
    self.runs = runs
    for id in try runs.markAbandonedRuns(finished: options.now().ISO8601Format()) where id != resumed?.mark.run {
      observer.receive(.runAbandoned(id: id))
    }
    let notes = FutureTimes.warnings(in: state, runs, now: options.now())
    StateCleanup(state: state, observer: observer).removeDead(keepingSnapshot: options.source.snapshot)
    let run = try resumed.map { try resume($0, runs) } ?? begin(runs)
    run.notes += notes
    return run
  }

  private mutating func begin(_ runs: any RunStore) throws -> LocationRun {
    let state = options.source.state
    let folder = RunFolder(path: try state.makeRun(summary.run))
    self.folder = folder
    let moment = options.moment ?? summary.started
    try folder.begin(run: summary.run, pipeline: document.name, started: summary.started, RunRequest(options, moment: moment))
    let log = RunLog(path: folder.log, now: options.now, next: observer)
    observer = log
    let scope = RunScope(
      document: document, options: options, runs: runs, digestKey: try state.digestKey(), observer: log, summary: permission)
    try runs.begin(
      RunRecord(
        id: summary.run, pipeline: document.name, started: summary.started, location: knownLocation,
        replayOf: options.source.replay?.run))
    let ledger = try RunLedgerWriter(run: summary.run, path: folder.ledger, state: runs)
    return LocationRun(
      scope, id: summary.run, started: summary.started, moment: moment, folder: folder, ledger: ledger,
      facts: try FactLog(path: folder.facts), known: [])
  }

  /// The location that will be read; nil for a snapshot that is yet to be opened.
  private var knownLocation: String? {
    switch document.source {
    case .ghl(let source): options.source.location ?? source.location
    case .files: SnapshotImport.location
    case .snapshot: options.source.shard
    }
  }

  private mutating func resume(_ resumed: ResumedRun, _ runs: any RunStore) throws -> LocationRun {
    let mark = resumed.mark
    mark.request.apply(to: &options, document)
    note(options)
    (summary.run, summary.started) = (mark.run, mark.started)
    let (facts, known) = try FactLog.reopen(path: resumed.folder.facts)
    if mark.request.load != nil, !RunState(known).isExtracted {
      throw OperationFailure(
        .usage, "run \(mark.run) is a load that stopped before it had read all of its input: run `waybill load` again")
    }
    let position = RunState(known).ledgerEnd
    let ledger = try RunLedgerWriter(run: mark.run, path: resumed.folder.ledger, state: runs, continuingAt: position)
    if options.apply != nil { try StagingArchive(folder: resumed.folder).expand() }
    // From here on, the run's own record is changed.
    folder = resumed.folder
    // Facts that the folder's own version does not know may follow.
    if mark.version < RunFolder.version {
      try resumed.folder.begin(run: mark.run, pipeline: mark.pipeline, started: mark.started, mark.request)
    }
    _ = try runs.reopen(mark.run)
    // They say how the first attempt ended.
    FileRemoval.file(resumed.folder.summary)
    FileRemoval.file(resumed.folder.outcomes)
    let log = RunLog(path: resumed.folder.log, now: options.now, next: observer)
    observer = log
    let scope = RunScope(
      document: document, options: options, runs: runs, digestKey: try options.source.state.digestKey(), observer: log,
      summary: permission)
    let run = LocationRun(
      scope, id: mark.run, started: mark.started, moment: mark.request.moment, folder: resumed.folder, ledger: ledger,
      facts: facts, known: known)
    log.receive(.runResumed(id: mark.run))
    // One that has been applied in part goes on with that.
    run.append(options.apply == nil || RunState(known).isApplied ? .resumed : .applied, of: .compile)
    return run
  }

  /// Releases the state.
  mutating func close() { lock = nil }

  /// The report of a run that ended before its first fact.
  mutating func refused(_ failure: OperationFailure) -> RunEngine.Report {
    defer { lock = nil }
    let facts = [RunFact.failed(.compile, .init(failure))]
    summary.finished = options.now().ISO8601Format()
    summary.set(verdict(RunPlan(isLenient: options.isLenient), facts))
    if options.resume == nil && options.apply == nil || folder != nil { summary.setLocation(of: document, options.source) }
    let recording = RunRecording(document: document, options: options, runs: runs, folder: folder, permission: permission)
    let failures = recording.record(summary, counts: [], location: nil, isWhole: false)
    if !failures.isEmpty {
      summary.set(verdict(RunPlan(isLenient: options.isLenient), facts + failures.map { .failed(.end, .init($0)) }))
      recording.correct(summary, counts: [], location: nil, isWhole: false)
    }
    let pause = verdict(RunPlan(), facts).pause
    return RunEngine.Report(summary: summary, folder: folder?.path, pause: pause)
  }

  private mutating func checkSummary() throws {
    guard let path = options.summaryPath else { return }
    do { try OutputGuard.check(path, against: document, options.source.load, state: options.source.state.path) } catch {
      permission.isForbidden = true
      throw error
    }
  }

  /// Accepting a gate that does not exist would otherwise have no effect, silently.
  private func checkAcceptedGates() throws {
    var names: [String] = []
    for gate in document.gates where !names.contains(exactly: gate.name) { names.append(gate.name) }
    for name in options.acceptedGates where !names.contains(name) {
      let hint = NearestName.hint(name, in: names) ?? "its gates are: \(names.joined(separator: ", "))"
      throw OperationFailure(.usage, "\(CommandOption.acceptGate) \(name): the pipeline has no such gate; \(hint)")
    }
  }
}
