import Control
package import Core
import Files
import FoundationEssentials
package import Load
package import PipelineFile
import State
import Transform

/// `waybill undo`: puts back what was at the `http` destinations before a run, as far as `before: save` has kept it.
///
/// Mappings are undone in the reverse order of loading, so that children go before their parents.
package struct UndoEngine: Sendable {
  /// What became of the records of one mapping at one destination.
  package struct Part: Sendable {
    package var destination: String
    package var mapping: String
    package var counts: [UndoneRecord.Outcome: Int] = [:]
    /// The first records that are not as they were before the run.
    package var open: [UndoneRecord] = []

    package init(destination: String, mapping: String) {
      self.destination = destination
      self.mapping = mapping
    }

    package mutating func add(_ record: UndoneRecord) {
      counts[record.outcome, default: 0] += 1
      switch record.outcome {
      case .restored, .removed, .unchanged: return
      case .left, .failed, .pending: if open.count < Self.mostOpen { open.append(record) }
      }
    }

    /// How many records are listed on a terminal.
    private static let mostOpen = 20
  }

  package struct Report: Sendable {
    package var parts: [Part] = []
    /// The file with all records; nil if nothing was sent.
    package var list: String?
    /// The keys that were asked for, and of which the run has saved nothing.
    package var unknownKeys: [Name] = []
    /// Why a destination could not be used to the end, or why undo has ended early.
    package var failures: [OperationFailure] = []

    package init() {}

    package func count(_ outcome: UndoneRecord.Outcome) -> Int { parts.reduce(0) { $0 + ($1.counts[outcome] ?? 0) } }

    package var exitCode: ExitCode {
      if !failures.isEmpty { return .worst(failures.map(\.exitCode)) }
      if count(.left) > 0 { return .gateFailed }
      if count(.failed) > 0 { return .recordsFailed }
      return count(.pending) > 0 ? .tryLater : .done
    }
  }

  private let document: PipelineDocument
  private let run: RunRecord
  private let options: RunEngine.Options
  private let observer: any RunObserver
  private let keys: Set<Name>?
  private let isTrial: Bool

  /// - Parameters:
  ///   - run: the run that is undone.
  ///   - options: which mappings and destinations.
  ///   - keys: of the target records; nil: all of them.
  ///   - isTrial: nothing is sent; the report says what would be done.
  package init(
    _ document: PipelineDocument, run: RunRecord, options: SourceOptions, keys: Set<Name>? = nil, isTrial: Bool = false,
    observer: any RunObserver
  ) {
    self.document = document
    self.run = run
    self.options = RunEngine.Options(source: options)
    self.keys = keys
    self.isTrial = isTrial
    self.observer = observer
  }

  /// - Parameter diagnostics: of the pipeline's files.
  /// - Throws: `OperationFailure`, `CancellationError`. What was put back before stays.
  package func run(_ diagnostics: inout Diagnostics) async throws -> Report {
    guard run.pipeline.isExactly(document.name) else {
      throw OperationFailure(.usage, "run \(run.id) is one of the pipeline '\(run.pipeline)', not of '\(document.name)'")
    }
    let source = options.source
    let compilation = try await PipelineCompilation.compile(document, options: source, diagnostics: &diagnostics)
    let lock = try StateLock(folder: source.state.path)
    defer { withExtendedLifetime(lock) {} }
    let folder = RunFolder(path: source.state.run(run.id))
    let subjects = try subjects(in: folder, compilation)
    let shared = RunDestinations(run: "undo of \(run.id)", options, observer: observer)
    do {
      let report = try await undo(subjects, shared, folder)
      await shared.close()
      return report
    } catch {
      await shared.close()
      throw error
    }
  }

  private func undo(_ subjects: [Subject], _ shared: RunDestinations, _ folder: RunFolder) async throws -> Report {
    var report = Report()
    // Before anything is sent, so that a part that cannot be undone leaves the others as they are.
    for subject in subjects {
      try await shared.httpDestination(subject.destination)?.checkUndo(subject.part, request(of: subject))
    }
    let list = isTrial ? nil : try self.list(folder.undone)
    report.list = list == nil ? nil : folder.undone
    let runs = isTrial ? nil : try options.source.state.openRuns()
    var missing = keys ?? []
    for subject in subjects {
      guard let http = shared.httpDestination(subject.destination) else { continue }
      let title = "\(subject.destination.name) \(subject.mapping)"
      observer.stageBegan(.load, of: title, expected: nil)
      defer { observer.stageEnded(.load, of: title) }
      var part = Part(destination: subject.destination.name, mapping: subject.mapping)
      // What it resolved is open again. A replay finds out what was not undone after all.
      try runs?.reopenItems(resolvedBy: run.id, of: subject.mapping, at: Name(subject.destination.name))
      var done = 0
      var failure: OperationFailure?
      do {
        failure = try await http.undo(subject.part, request(of: subject)) { record in
          part.add(record)
          missing.remove(record.key)
          done += 1
          observer.stageAdvanced(.load, of: title, done: done)
          try list?.append(Array(record.line(options.now(), part.destination, part.mapping).utf8))
        }
      } catch let ended as OperationFailure where !report.parts.isEmpty || !part.counts.isEmpty {
        // What is done already is reported, and the other parts are not begun.
        report.parts.append(part)
        report.failures.append(ended)
        return report
      }
      if let failure, !report.failures.contains(failure) { report.failures.append(failure) }
      report.parts.append(part)
    }
    report.unknownKeys = missing.sorted()
    if let keys, missing.count == keys.count {
      let named = missing.sorted().map { "'\($0.text)'" }.joined(separator: ", ")
      throw OperationFailure(
        .inputMissing, "run \(run.id) has saved nothing of the record \(named); keys are those of the target")
    }
    return report
  }

  private func request(of subject: Subject) -> UndoRequest { UndoRequest(log: subject.log, keys: keys, isTrial: isTrial) }

  /// Each undo of the run adds to it.
  private func list(_ path: String) throws -> AppendedLines {
    FilePath.exists(path) ? try AppendedLines(continuing: path) : try AppendedLines(path: path)
  }

  // MARK: What is undone

  private struct Subject {
    var destination: DestinationDocument
    var mapping: String
    var part: LoadPart
    var log: String
  }

  /// The parts that the run has saved, in the order in which they are undone.
  private func subjects(in folder: RunFolder, _ compilation: PipelineCompilation) throws -> [Subject] {
    guard FolderListing.isFolder(folder.path) else {
      throw OperationFailure(.inputMissing, "the folder of run \(run.id) is gone, and with it what the run saved: \(folder.path)")
    }
    for name in options.source.destinations ?? [] {
      guard let destination = document.destinations.first(where: { $0.name.isExactly(name) }) else { continue }
      guard case .http = destination.kind else {
        throw OperationFailure(.usage, "'\(name)' is not an http destination, and only those can be undone")
      }
    }
    var subjects: [Subject] = []
    let now = options.now().ISO8601Format()
    for (name, path) in folder.undoLogs where options.source.destinations?.contains(exactly: name) ?? true {
      let head = try UndoRequest(log: path).subject
      guard options.source.mappings?.contains(exactly: head.mapping) ?? true else { continue }
      guard let destination = document.destinations.first(where: { $0.name.isExactly(name) }),
        case .http(let http) = destination.kind,
        http.resource(of: head.mapping) != nil
      else {
        throw OperationFailure(
          .configuration,
          "run \(run.id) has loaded '\(head.mapping)' to '\(name)', but \(document.file) has no such http destination for it: restore it, or leave it out with \(CommandOption.mapping)"
        )
      }
      guard let model = compilation.units.lazy.compactMap(\.model).first(where: { $0.name.isExactly(head.mapping) }) else {
        throw OperationFailure(
          .configuration,
          "run \(run.id) has loaded '\(head.mapping)', but \(document.file) no longer has this mapping: restore it")
      }
      let program = try Program(model, context: ProgramContext(now: now))
      var part = LoadPart(
        run: run.id, date: String(run.started.prefix(10)), pipeline: document.name, location: head.location,
        mapping: head.mapping, columns: program.loadColumns, key: program.keyColumns, count: 0)
      part.undoLog = options.source.state.undoLogs(of: RunPart(mapping: Name(head.mapping), destination: Name(name)))
      subjects.append(Subject(destination: destination, mapping: head.mapping, part: part, log: path))
    }
    guard !subjects.isEmpty else {
      throw OperationFailure(
        .usage,
        "run \(run.id) has saved nothing\(isNarrowed ? " of these" : ""): no mapping that it wrote had `before: save` in \(document.file)"
      )
    }
    return ordered(subjects, compilation.names)
  }

  private var isNarrowed: Bool { options.source.destinations != nil || options.source.mappings != nil }

  /// Last loaded, first undone.
  private func ordered(_ subjects: [Subject], _ mappings: [String]) -> [Subject] {
    document.destinations.flatMap { destination in
      let needs = Dictionary(mappings.map { (Name($0), destination.needs(of: $0).map { Name($0) }) }) { first, _ in first }
      let order = (try? LoadOrder.order(mappings.map { Name($0) }, needs: needs)) ?? mappings.map { Name($0) }
      return order.reversed().flatMap { mapping in
        subjects.filter { $0.destination.name.isExactly(destination.name) && Name($0.mapping) == mapping }
      }
    }
  }
}

extension UndoneRecord {
  /// A line of `undo.ndjson`.
  fileprivate func line(_ now: Date, _ destination: String, _ mapping: String) -> String {
    var members: [JSONValue.Member] = [
      .init("time", .string(now.ISO8601Format())), .init("destination", .string(destination)), .init("mapping", .string(mapping)),
      .init("key", .string(key.text)),
      .init("outcome", .string(outcome.rawValue)),
    ]
    if let reason { members.append(.init("reason", .string(reason.rawValue))) }
    if !detail.isEmpty { members.append(.init("message", .string(detail))) }
    if !fields.isEmpty { members.append(.init("fields", .array(fields.map { .string($0) }))) }
    return Redactor.process.redacted(JSONValue.object(members).text)
  }
}

extension StateFolder {
  /// Where what was there before a run wrote a part is kept, for each run.
  func undoLogs(of part: RunPart) -> @Sendable (_ run: String) -> String {
    { [self] run in RunFolder(path: self.run(run)).undoLog(of: part) }
  }
}
