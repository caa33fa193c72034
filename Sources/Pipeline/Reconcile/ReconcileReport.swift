import Control
package import Core
import PipelineFile
import Report
import State

/// What `waybill reconcile` has found.
package struct ReconcileReport: Sendable {
  /// A mapping at a destination that was compared.
  package struct Part: Sendable {
    package var destination: String
    package var mapping: String
    /// Nil: all parts are of the same one.
    package var location: String?
    /// The runs that loaded what was compared, oldest first.
    package var runs: [String]
    /// The names of the columns.
    package var fields: [String]
    /// The columns whose values are not shown as they are.
    package var hidden: Set<Int>
    package var counts: StoredCounts
    package var found: PartFindings
    /// When it was compared. RFC 3339, UTC.
    package var time: String
    /// What was compared is what the run that is reported on has loaded, and nothing else.
    package var isOfOneRun: Bool
    /// Whether the kept records are still those that the run's control totals count; nil: that is not known.
    package var matchesTotals: Bool?
    /// Why the destination may have been sent more than the runs say; nil: there is no such reason.
    package var interruption: String?

    init(_ part: LoadedPart, _ counts: StoredCounts, _ found: PartFindings, of run: String, time: String) {
      self.found = found
      self.time = time
      isOfOneRun = part.loads.count == 1 && part.loads[0].run.isExactly(run)
      destination = part.destination.name
      mapping = part.form.mapping
      location = part.shownLocation
      runs = part.loads.map(\.run)
      fields = part.form.loadColumns.map(\.name)
      hidden = Set(part.form.columns.indices.filter { part.form.columns[$0].privacy != .show })
      self.counts = counts
      interruption = part.interruption
    }

    /// All fields of all records were compared, and nothing may have been sent beside them.
    package var isComplete: Bool { counts.isComplete && interruption == nil }

    /// What was compared is what the control totals of the run count, so that both have the same hash total.
    package var isComparableWithTotals: Bool { isOfOneRun && counts.isComplete && !counts.loadedDigest.isEmpty }

    /// Of a field that `pii` hides, the total of one record is its value.
    package func sum(_ sum: StoredCounts.Sum, of column: Int) -> StoredCounts.Sum? { hidden.contains(column) ? nil : sum }
  }

  /// One that could not be compared.
  package struct Failure: Sendable {
    package var destination: String
    package var mapping: String
    package var location: String?
    package var failure: OperationFailure

    init(_ part: LoadedPart, _ failure: OperationFailure) {
      destination = part.destination.name
      mapping = part.form.mapping
      location = part.shownLocation
      self.failure = failure
    }

    /// - Parameter isOfSeveral: whether locations are told apart.
    init(_ unknown: LoadedRuns.Unknown, isOfSeveral: Bool) {
      destination = unknown.part.destination.text
      mapping = unknown.part.mapping.text
      location = isOfSeveral ? unknown.location : nil
      failure = unknown.failure
    }
  }

  package var run: String
  package var pipeline: String
  /// RFC 3339, UTC.
  package var time: String
  /// Only one record was compared, so the result is not that of the run.
  package var isOfOneRecord = false
  /// Only some of the run's parts were selected.
  package var isNarrowed = false
  /// Other runs whose records were taken into account, oldest first.
  package var overlaid: [String]
  package var parts: [Part] = []
  package var failures: [Failure] = []
  /// Destination and mapping of parts that no run has loaded as a whole.
  package var missing: [(destination: String, mapping: String)]
  /// The first lines of the file.
  package var differences: [JSONValue] = []
  /// Of the differences, without the remarks.
  package var count = 0
  /// The lines that are no differences: records without a key.
  package var remarks = 0
  /// The file with all differences; nil: there are none.
  package var file: String?

  init(run: String, pipeline: String, time: String, parts: [LoadedPart], missing: [RunPart]) {
    self.run = run
    self.pipeline = pipeline
    self.time = time
    let runs = Set(parts.flatMap(\.loads).map { Name($0.run) }).map(\.text)
    overlaid = runs.filter { !$0.isExactly(run) }.sorted { $0.precedesExactly($1) }
    self.missing = missing.map { ($0.destination.text, $0.mapping.text) }
  }

  /// Says of each part whether its hash total is that of the run.
  mutating func compare(with totals: ControlTotalsDocument?) {
    for index in parts.indices where parts[index].isComparableWithTotals {
      let part = parts[index]
      let figures = totals?.totals(of: part.mapping, at: part.destination)
      // Of several records with one key, only the last one is compared.
      guard let figures, let digest = figures.digest, figures.distinctKeys == figures.records else { continue }
      parts[index].matchesTotals = digest.isExactly(part.counts.loadedDigest)
    }
  }

  package var isEqual: Bool { failures.isEmpty && parts.allSatisfy(\.counts.isEqual) }

  /// Whether all fields of all records were compared, and nothing may have been sent beside them.
  package var isComplete: Bool {
    parts.allSatisfy(\.isComplete) && missing.isEmpty
  }

  package var exitCode: ExitCode {
    let isDifferent = !parts.allSatisfy(\.counts.isEqual)
    return ExitCode.worst(failures.map(\.failure.exitCode) + (isDifferent ? [.gateFailed] : []))
  }
}
