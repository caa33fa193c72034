import Control
import Core
import Extract
import Files
import FoundationEssentials
import Records
import Report
import Transform

/// The end of a run, successful or not: outcomes, accounts, exit code, summary.
extension RunExecution {
  func end(_ state: (any RunStore)?, _ ledger: RunLedgerWriter?) {
    attempt { try ledger?.finish() }
    writeOutcomes()
    settle()
    for message in summary.messages { (observer as? RunLog)?.write("error", message) }
    (observer as? RunLog)?.write("info", "\(summary.status.rawValue), exit code \(summary.exitCode.rawValue)")
    summary.finished = options.now().ISO8601Format()
    // The state first: there must be no file that says `done` while the state lacks the run.
    if let state, folder != nil { attempt { try state.end(record, counts: counts) } }
    settle()
    let known = failures.count
    let text = summary.json.prettyText
    if let folder { attempt { try Self.write(text, to: "\(folder)/summary.json", mode: 0o600) } }
    if let path = options.summaryPath, mayWriteSummary {
      attempt {
        if !summaryIsClear { try SummaryPlace.checkReplaced(path) }
        try Self.write(text, to: path, mode: 0o666)
      }
    }
    guard failures.count > known else { return }
    // A failure at the very end is in the report, the exit code and the state, though not in the file.
    settle()
    if let state, folder != nil { attempt { try state.end(record, counts: counts) } }
  }

  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch { failures.append(OperationFailure(error)) }
  }

  private static func write(_ text: String, to path: String, mode: UInt32) throws {
    let file = try OutputFile(path: path, mode: mode)
    try file.write(text)
    try file.commit()
  }

  // MARK: Accounts

  private func writeOutcomes() {
    guard let folder else { return }
    summary.entities = staged.map { mapping in
      RunSummary.Entity(
        name: mapping.name, read: mapping.counts.read, warnings: mapping.counts.warnings + mapping.otherWarnings,
        codes: mapping.codes, unchecked: mapping.program.model.unchecked, lost: mapping.counts.unaccounted)
    }
    let reason = pendingReason
    var fates: [OutcomeWriter.Fate] = []
    var owners: [Int] = []
    for (index, mapping) in staged.enumerated() {
      for destination in destinations where destination.takes(mapping.name) {
        let hasAppeared = appeared.contains([Name(destination.name), Name(mapping.name)])
        owners.append(index)
        fates.append(
          .init(destination: destination.name, mapping: mapping, outcome: hasAppeared ? .written : .pending, reason: reason))
      }
    }
    // A mapping that was never started has no items.
    let begun = fates.indices.filter { fates[$0].mapping.counts.read > 0 }
    var written: [OutcomeCounts] = []
    do {
      written = try OutcomeWriter(folder: folder).write(begun.map { fates[$0] })
    } catch {
      // This is a consequence of an earlier failure, such as a full disk.
      if !failures.contains(where: { $0.exitCode == .cannotWrite }) { failures.append(OperationFailure(error)) }
    }
    for (index, fate) in fates.enumerated() {
      let position = begun.firstIndex(of: index)
      let counts = position.flatMap { $0 < written.count ? written[$0] : nil } ?? Self.counts(of: fate)
      summary.entities[owners[index]].destinations.append(.init(name: fate.destination, counts: counts))
    }
  }

  /// The transform's counts, if the outcomes could not be written or read back.
  private static func counts(of fate: OutcomeWriter.Fate) -> OutcomeCounts {
    let counted = fate.mapping.counts
    var counts = OutcomeCounts()
    counts[.rejected] = counted.rejected
    counts[.filtered] = counted.filtered
    counts[.merged] = counted.merged
    counts[fate.outcome] += counted.read - counted.rejected - counted.filtered - counted.merged
    return counts
  }

  private var pendingReason: String {
    if failures.isEmpty {
      if options.isDryRun { return "not published: a dry run" }
      if let narrowing = summary.narrowing { return "not published: the run was narrowed (\(narrowing.text))" }
    }
    return "not published: \(failures.first?.description ?? "the run ended before that")"
  }

  private var counts: [OutcomeCount] {
    summary.entities.flatMap { entity in
      entity.destinations.flatMap { destination in
        // A written count of zero is needed for later comparisons; zero counts of other outcomes are not.
        let isPublished = appeared.contains([Name(destination.name), Name(entity.name)])
        return Outcome.allCases.filter { destination.counts[$0] > 0 || $0 == .written && isPublished }.map {
          OutcomeCount(mapping: entity.name, destination: destination.name, outcome: $0, count: destination.counts[$0])
        }
      }
    }
  }

  private var record: RunRecord {
    RunRecord(
      id: summary.run, pipeline: document.name, status: summary.status, exitCode: summary.exitCode.rawValue,
      started: summary.started, finished: summary.finished, snapshot: summary.snapshot,
      location: staged.isEmpty ? nil : location, narrowed: summary.narrowing?.json.text, isWhole: isWhole,
      summary: summary.json.text)
  }

  // MARK: Exit code

  /// Decides exit code and status from what happened.
  private func settle() {
    var codes = failures.map(\.exitCode)
    summary.messages = failures.map(\.description)
    if summary.unaccounted != 0 {
      codes.append(.fault)
      summary.messages.append(
        "unaccounted: \(summary.unaccounted) items have no outcome, or more than one; please report this run")
    }
    let unexplained = unexplainedRejects
    if !unexplained.isEmpty, failures.isEmpty {
      if !options.isLenient { codes.append(.recordsFailed) }
      summary.messages += unexplained
    }
    summary.exitCode = ExitCode.worst(codes)
    pause = summary.exitCode == .tryLater ? failures.first { $0.exitCode == .tryLater } : nil
    summary.retryAfterSeconds = pause?.retryAfterSeconds
    summary.status =
      switch summary.exitCode {
      case .done: unexplained.isEmpty ? .done : .partial
      case .recordsFailed: .partial
      case .gateFailed: .gateFailed
      case .tryLater: .interrupted
      default: .failed
      }
    if case .ghl = document.source, options.source.snapshot == nil {
      summary.locations = [
        .init(
          id: location, status: summary.status, exitCode: summary.exitCode,
          read: summary.entities.map(\.read).reduce(0, +), requests: summary.requests.made)
      ]
    }
  }

  /// Records that were rejected or could not be fetched, and that no declared gate allows.
  private var unexplainedRejects: [String] {
    var messages: [String] = []
    for mapping in staged where mapping.counts.rejected > 0 {
      let isAllowed = summary.gates.contains { $0.gate == "rejected" && $0.mapping.isExactly(mapping.name) && $0.isSettled }
      if !isAllowed {
        messages.append("\(mapping.counts.rejected) of \(mapping.counts.read) records of '\(mapping.name)' were rejected")
      }
    }
    let coverage = summary.gates.filter { $0.gate == "coverage" }
    if refused > 0, coverage.isEmpty || coverage.contains(where: { !$0.isSettled }) {
      messages.append("\(refused) records, or lists of records, could not be fetched")
    } else if refusedUnjudged > 0 {
      messages.append("\(refusedUnjudged) records, or lists of records, that no gate covers could not be fetched")
    }
    return messages
  }
}
