import Core
import Report
import State

extension LedgerCommand {
  /// Prints what happened to a record in each run that knows it, oldest first. Each run's outcomes are read in full: about a second
  /// for a million records. What the state has is printed even if the run's folder is gone.
  ///
  /// - Throws: `OperationFailure` 66 if no run has the record.
  func printHistory(of key: String, in runs: any RunStore, _ context: CommandContext) throws -> Core.ExitCode {
    let all = try runs.runs()
    try LedgerCode.check(code, of: all.map(\.id), in: runs)
    var printer = RecordHistoryPrinter(format: output.json ? nil : format, console: context.console)
    let journal = try context.openJournal()
    var story = RecordStory(of: key, in: StateFolder(path: context.state), runs, mapping: mapping)
    try story.readOpenCalls(journal)
    // Runs that have neither outcomes nor a line about the record, but may have read it.
    var unknown = 0
    for run in all.reversed() {
      try Task.checkCancellation()
      let outcomes = try outcomes(of: key, in: run.id, context)
      let lines = try runs.ledger(query(of: run.id))
      // Conditions on lines leave out what is not a line.
      let events = hasLineConditions ? [] : try story.events(of: run, outcomes, lines)
      if outcomes?.isEmpty == false || !lines.isEmpty || !events.isEmpty {
        try printer.print(run, outcomes, lines, events)
      } else if try outcomes == nil && mayHaveRead(run, runs) {
        unknown += 1
      }
    }
    if !hasLineConditions { try story.readJournal(journal) }
    // Nothing has been printed yet.
    if printer.count == 0, unknown == 0, !hasConditions, story.known.isEmpty {
      throw OperationFailure(.inputMissing, "no run has a record with the key '\(key)'; keys are compared byte by byte")
    }
    try printer.finish(story.known)
    if unknown > 0 {
      let runs = unknown == 1 ? "1 run has" : "\(Wording.count(unknown)) runs have"
      context.console.note("\(runs) no outcomes file: the record may have been in \(unknown == 1 ? "it" : "them").")
    } else if printer.count == 0, story.known.isEmpty {
      context.console.note("No run has matching outcomes or lines for this record.")
    }
    return .done
  }

  /// Whether a run without a file of outcomes may have read records: it has accounted for some, or did not end properly. Others
  /// failed before they read any.
  private func mayHaveRead(_ run: RunRecord, _ runs: any RunStore) throws -> Bool {
    if run.status == .running || run.status == .interrupted { return true }
    return try !runs.counts(of: run.id).isEmpty
  }

  /// Whether there are conditions, which may be the only reason why a record is missing.
  private var hasConditions: Bool { mapping != nil || hasLineConditions }

  /// Whether only some ledger lines are to be printed.
  private var hasLineConditions: Bool { stage != nil || severity != nil || code != nil || field != nil || open }
}
