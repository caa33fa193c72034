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
      throw OperationFailure(.usage, "run \(run.id) belongs to pipeline '\(run.pipeline)', not to '\(document.name)'")
    }
    let source = options.source
    var compilation = try await PipelineCompilation.compile(document, options: source, diagnostics: &diagnostics)
    if source.mappings != nil {
      // Records of the others may refer to what is undone.
      var (all, unused) = (source, Diagnostics())
      all.mappings = nil
      if let whole = try? await PipelineCompilation.compile(document, options: all, diagnostics: &unused) { compilation = whole }
    }
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
    let subjects = try await checked(subjects, shared)
    let list = isTrial ? nil : SharedLines(try self.list(folder.undone))
    report.list = list == nil ? nil : folder.undone
    let runs = isTrial ? nil : try options.source.state.openRuns()
    let missing = Locked(keys ?? [])
    for subject in subjects {
      guard let http = shared.httpDestination(subject.destination), let own = subject.part else { continue }
      let title = "\(subject.destination.name) \(subject.mapping)"
      observer.stageBegan(.load, of: title, expected: nil)
      defer { observer.stageEnded(.load, of: title) }
      // What it resolved is open again. A replay finds out what was not undone after all.
      if subject.isNamed { try runs?.reopenItems(resolvedBy: run.id, of: subject.mapping, at: Name(subject.destination.name)) }
      let part = Locked(Part(destination: subject.destination.name, mapping: subject.mapping))
      let failure: OperationFailure?
      do {
        failure = try await http.undo(own, request(of: subject)) { [observer, options] record in
          let line = part.withLock { part in
            part.add(record)
            observer.stageAdvanced(.load, of: title, done: part.counts.values.reduce(0, +))
            return record.line(options.now(), part.destination, part.mapping)
          }
          missing.withLock { _ = $0.remove(record.key) }
          try await list?.append(Array(line.utf8))
        }
      } catch {
        let part = part.withLock { $0 }
        if report.parts.isEmpty, part.counts.isEmpty { throw error }
        // What is done already is reported, and the other parts are not begun.
        report.parts.append(part)
        report.failures.append(
          error is CancellationError
            ? OperationFailure(.interrupted, "undo was interrupted: run it again for the rest") : OperationFailure(error))
        return report
      }
      if let failure, !report.failures.contains(failure) { report.failures.append(failure) }
      if subject.isNamed { report.parts.append(part.withLock { $0 }) }
    }
    let unknown = missing.withLock { $0.sorted() }
    report.unknownKeys = unknown
    if let keys, unknown.count == keys.count {
      let named = unknown.map { "'\($0.text)'" }.joined(separator: ", ")
      throw OperationFailure(
        .inputMissing, "run \(run.id) saved nothing for the record \(named); use the target's keys")
    }
    return report
  }

  /// The parts, before anything is sent, so that one that cannot be undone leaves the others as they are.
  private func checked(_ subjects: [Subject], _ shared: RunDestinations) async throws -> [Subject] {
    var checked: [Subject] = []
    for subject in subjects {
      do {
        guard let http = shared.httpDestination(subject.destination), let part = subject.part else { throw Unreadable() }
        try await http.checkUndo(part, request(of: subject))
        checked.append(subject)
      } catch {
        if subject.isNamed { throw error }
        // Its records cannot be looked up, so they may be there, and their parents stay.
        try await subject.needed.add(allOf: subject.log)
      }
    }
    return checked
  }

  private struct Unreadable: Error {}

  private func request(of subject: Subject) -> UndoRequest {
    UndoRequest(
      log: subject.log, keys: keys, isTrial: isTrial, isLookup: !subject.isNamed, needed: subject.needed,
      unsaved: subject.unsaved)
  }

  /// Each undo of the run adds to it.
  private func list(_ path: String) throws -> AppendedLines {
    FilePath.exists(path) ? try AppendedLines(continuing: path) : try AppendedLines(path: path)
  }

  // MARK: What is undone

  private struct Subject {
    var destination: DestinationDocument
    var mapping: String
    /// Nil: the pipeline no longer has the mapping.
    var part: LoadPart?
    var log: String
    /// Otherwise it is left out, and its records only keep their parents.
    var isNamed: Bool
    /// Of all mappings at the destination.
    var needed: NeededParents
    /// Mappings that the run may have loaded there without saving anything.
    var unsaved: Set<Name> = []
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
    var needed: [Name: NeededParents] = [:]
    for (name, path) in folder.undoLogs where options.source.destinations?.contains(exactly: name) ?? true {
      let head = try UndoRequest(log: path).subject
      let isNamed = options.source.mappings?.contains(exactly: head.mapping) ?? true
      guard let destination = document.destinations.first(where: { $0.name.isExactly(name) }) else {
        if isNamed { throw missing(head.mapping, name) }
        continue
      }
      let own = needed[Name(name)] ?? NeededParents()
      needed[Name(name)] = own
      var subject = Subject(destination: destination, mapping: head.mapping, log: path, isNamed: isNamed, needed: own)
      do { subject.part = try part(head, destination, compilation) } catch { if isNamed { throw error } }
      subject.unsaved = try unsaved(at: destination, in: folder)
      subjects.append(subject)
    }
    guard subjects.contains(where: \.isNamed) else {
      throw OperationFailure(
        .usage,
        "run \(run.id) saved nothing\(isNarrowed ? " for these" : ""): no mapping that it wrote had `before: save` in \(document.file)"
      )
    }
    return ordered(subjects, compilation.names)
  }

  private func unsaved(at destination: DestinationDocument, in folder: RunFolder) throws -> Set<Name> {
    guard case .http(let http) = destination.kind else { return [] }
    let logs = folder.undoLogs.map(\.path)
    let counts = try options.source.state.openRuns().counts(of: run.id)
    // A run that has not ended has no counts.
    let isOver = ![.running, .interrupted].contains(run.status)
    let mappings = http.resources.map(\.mapping).filter { mapping in
      if logs.contains(folder.undoLog(of: RunPart(mapping: Name(mapping), destination: Name(destination.name)))) { return false }
      return !isOver
        || counts.contains {
          $0.mapping.isExactly(mapping) && $0.destination.isExactly(destination.name) && $0.count > 0
            && [.created, .updated, .pending].contains($0.outcome)
        }
    }
    return Set(mappings.map { Name($0) })
  }

  /// - Throws: `OperationFailure` if the pipeline no longer has what is needed to undo the part.
  private func part(
    _ head: UndoRequest.Subject, _ destination: DestinationDocument, _ compilation: PipelineCompilation
  ) throws -> LoadPart {
    guard case .http(let http) = destination.kind, http.resource(of: head.mapping) != nil else {
      throw missing(head.mapping, destination.name)
    }
    guard let model = compilation.units.lazy.compactMap(\.model).first(where: { $0.name.isExactly(head.mapping) }) else {
      throw OperationFailure(
        .configuration,
        "run \(run.id) has loaded '\(head.mapping)', but \(document.file) no longer has this mapping: restore it")
    }
    let program = try Program(model, context: ProgramContext(now: options.now().ISO8601Format()))
    var part = LoadPart(
      run: run.id, date: String(run.started.prefix(10)), pipeline: document.name, location: head.location,
      mapping: head.mapping, columns: program.loadColumns, key: program.keyColumns, count: 0)
    part.undoLog = options.source.state.undoLogs(
      of: RunPart(mapping: Name(head.mapping), destination: Name(destination.name)))
    return part
  }

  private func missing(_ mapping: String, _ destination: String) -> OperationFailure {
    OperationFailure(
      .configuration,
      "run \(run.id) has loaded '\(mapping)' into '\(destination)', but \(document.file) has no such http destination for it: restore it, or leave it out with \(CommandOption.mapping)"
    )
  }

  private var isNarrowed: Bool { options.source.destinations != nil || options.source.mappings != nil }

  /// Last loaded, first undone.
  private func ordered(_ subjects: [Subject], _ mappings: [String]) -> [Subject] {
    document.destinations.flatMap { destination in
      let needs = Dictionary(mappings.map { (Name($0), destination.needs(of: $0).map { Name($0) }) }) { first, _ in first }
      let order = (try? LoadOrder.order(mappings.map { Name($0) }, needs: needs)) ?? mappings.map { Name($0) }
      let own = subjects.filter { $0.destination.name.isExactly(destination.name) }
      let named = own.filter(\.isNamed).map(\.mapping)
      // Only those matter whose records may refer to what is undone.
      let others = own.filter { subject in
        !subject.isNamed
          && (subject.part == nil || destination.needs(of: subject.mapping).contains { named.contains(exactly: $0) })
      }
      return order.reversed().flatMap { mapping in (own.filter(\.isNamed) + others).filter { Name($0.mapping) == mapping } }
        + others.filter { subject in !order.contains(Name(subject.mapping)) }
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
