package import Core
import HTTP

/// What `waybill undo` needs to know about one part.
package struct UndoRequest: Sendable {
  /// The path of the part's log.
  package var log: String
  /// The keys of the records; nil: all.
  package var keys: Set<Name>?
  /// Nothing is sent.
  package var isTrial: Bool
  /// No record is undone: those that are still there are only looked up for their parents.
  package var isLookup: Bool
  /// The parents that stay, for all parts at the destination; children go first.
  package var needed: NeededParents
  /// Mappings that the run may have loaded without saving anything: nothing is known about their records.
  package var unsaved: Set<Name>

  package init(
    log: String, keys: Set<Name>? = nil, isTrial: Bool = false, isLookup: Bool = false, needed: NeededParents = NeededParents(),
    unsaved: Set<Name> = []
  ) {
    self.log = log
    self.keys = keys
    self.isTrial = isTrial
    self.isLookup = isLookup
    self.needed = needed
    self.unsaved = unsaved
  }

  /// Whose records a log has.
  package struct Subject: Sendable, Hashable {
    package var pipeline, destination, mapping, location: String
  }

  /// - Throws: `OperationFailure` with the code `damaged`; if the log cannot be read.
  package var subject: Subject {
    get throws {
      let head = try UndoLog.head(of: log)
      return Subject(pipeline: head.pipeline, destination: head.destination, mapping: head.mapping, location: head.location)
    }
  }
}

extension HTTPDestination {
  /// Checks whether a part can be undone; nothing is sent.
  ///
  /// - Throws: `OperationFailure`.
  package func checkUndo(_ part: LoadPart, _ request: UndoRequest) async throws { _ = try await opened(part, request) }

  private func opened(_ part: LoadPart, _ request: UndoRequest) async throws -> (plan: PartPlan, log: UndoLog) {
    let plan = try PartPlan(part, destination: name, document.saving(part.mapping))
    guard plan.resource.find != nil else {
      throw OperationFailure(
        .configuration, "'\(name)' has no `find` for '\(part.mapping)', and undo must know what is there now: add one")
    }
    let log = try await BlockingWork.perform { try UndoLog(path: request.log) }
    let address = plan.document.identity
    guard log.head.address.isExactly(address) else {
      throw OperationFailure(
        .configuration,
        "run \(part.run) wrote to '\(name) \(part.mapping)' at \(log.head.address), but \(plan.document.identityKeys) now \(address)"
      )
    }
    return (plan, log)
  }

  /// Puts back what was there before a run wrote a part's records. Records that somebody has changed since are left.
  ///
  /// - Parameters:
  ///   - part: as the run loaded it, with the run's ID and its location.
  ///   - report: what became of each record; called by several tasks at a time.
  /// - Returns: why the destination could not be used to the end; nil if it could.
  /// - Throws: `OperationFailure`; `CancellationError`; what `report` throws. Every record for which something was sent has been
  ///   reported.
  package func undo(
    _ part: LoadPart, _ request: UndoRequest, _ report: @escaping @Sendable (UndoneRecord) async throws -> Void
  ) async throws -> OperationFailure? {
    let (plan, log) = try await opened(part, request)
    let services = try services()
    let lease = try await LeaseHolder(
      plan.lease, owner: services.owner, target: "'\(name) \(part.mapping)'",
      states: services.states)
    do {
      let opening = try PartOpening(plan, part, services, sink: SilentSink())
      try await opening.checkAddress()
      try await opening.openAdapter()
      let writer = JournalWriter(services.journal, under: lease, calls: plan.document.concurrent)
      let blocked = try await opening.blocked(resolving: !request.isTrial && !request.isLookup, writer, lease)
      // Calls that were open may have added to it.
      let current = blocked.wereOpen ? try await BlockingWork.perform { try UndoLog(path: request.log) } : log
      let load = PartLoad(
        plan, services.engine, journal: services.journal, writer: writer, sink: SilentSink(), bodies: opening.bodies,
        resolvesOnly: true)
      try await PartUndo(load, current, blocked: blocked.keys, request).run(report)
      await lease.release()
      return services.engine.gate.stopped
    } catch {
      await lease.release()
      throw error
    }
  }
}

extension Intent {
  /// Whether it is a call of `waybill undo` that removes its record.
  package var removesRecord: Bool { CallContext(request.context)?.undo?.isDelete ?? false }
}

extension HTTPDocument {
  /// The same with `before: save` for a mapping, which may have been removed since the run: lookups must show whole records.
  fileprivate func saving(_ mapping: String) -> HTTPDocument {
    var document = self
    for index in document.resources.indices where document.resources[index].mapping.isExactly(mapping) {
      document.resources[index].before = document.resources[index].before ?? BeforeDocument()
    }
    return document
  }
}

extension PartOpening {
  /// The keys whose calls have no result, each with the reason.
  ///
  /// - Parameter resolves: false: nothing is sent for them.
  /// - Returns: `wereOpen`: there were calls without a result.
  fileprivate func blocked(
    resolving resolves: Bool, _ writer: JournalWriter, _ lease: LeaseHolder
  ) async throws -> (keys: [Name: String], wereOpen: Bool) {
    let (journal, scope) = (services.journal, plan.scope)
    let open = try await BlockingWork.perform { try journal.openIntents(scope) }
    guard !open.isEmpty else { return ([:], false) }
    if resolves {
      // The next load reports the fields that these calls did not apply.
      _ = try await LoadReports(plan, lease, services.states).begin()
      return (try await resolveOpenIntents(writer).blocked, true)
    }
    var keys: [Name: String] = [:]
    for intent in open {
      for record in intent.request.records where intent.open.contains(record.ordinal) {
        if let key = record.key { keys[key] = "a call for it has no result yet" }
      }
    }
    return (keys, true)
  }
}
