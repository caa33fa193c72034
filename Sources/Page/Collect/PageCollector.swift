package import Core
import Report
package import State

/// Makes the page of one or several runs from the state alone: the runs' folders and the database. It makes no network calls.
///
///     let page = try PageCollector(state: folder, runs: runs).page(of: [record])
package struct PageCollector {
  private let state: StateFolder
  private let runs: any RunStore
  /// Runs of the state that are read for comparisons and trends.
  private static let mostRuns = 500

  package init(state: StateFolder, runs: any RunStore) {
    self.state = state
    self.runs = runs
  }

  /// The sealed page, with its verdict.
  ///
  /// - Parameter records: in the order of the rows; at least one.
  /// - Throws: `OperationFailure` if the state cannot be read. What a run has not recorded is missing from the page, which says so.
  package func page(of records: [RunRecord]) throws -> ReportPage {
    let history = try history(of: records)
    var pipelines: [String] = []
    for record in records where !pipelines.contains(exactly: record.pipeline) { pipelines.append(record.pipeline) }
    var page = ReportPage(title: "\(ReportPage.name): \(PageText.list(pipelines))", runs: records.map(\.id))
    let materials = try records.map { try RunMaterial($0, in: state, runs, history) }
    for run in materials { try page.add(run) }
    page.close()
    page.reproduction.version = WaybillVersion.current
    page.reproduction.command = PageText.command(["waybill", "report"] + records.map(\.id))
    let findings = materials.flatMap { PageFindings($0, page).all }
    page.verdict = PageVerdict.judge(page, findings: findings, unmasked: materials.flatMap(\.unmasked))
    page.signatures = SignaturesSection(page)
    return page.sealed
  }

  /// The runs of the page, and the whole ones of the same pipelines and locations: no other run is compared with them.
  private func history(of records: [RunRecord]) throws -> RunHistory {
    func isComparable(_ run: RunRecord) -> Bool {
      records.contains { record in
        record.id.isExactly(run.id)
          || run.isWhole == true && run.pipeline.isExactly(record.pipeline)
            && run.location.map { Name($0) } == record.location.map { Name($0) }
      }
    }
    return RunHistory(try runs.runs(limit: Self.mostRuns).filter(isComparable))
  }
}

extension ReportPage {
  fileprivate mutating func add(_ run: RunMaterial) throws {
    scope.add(run)
    gates.add(run)
    identity.add(run)
    sourceCounts.add(run)
    targetCounts.add(run)
    controlTotals.add(run)
    keyDifferences.add(run)
    try exceptions.add(run)
    try rejectReach.add(run)
    completeness.add(run)
    valueChanges.add(run)
    crosstabs.add(run)
    try duplicates.add(run)
    try quality.add(run)
    relations.add(run)
    unmapped.add(run)
    lastRun.add(run)
    sample.add(run)
    resources.add(run)
    reproduction.add(run)
    trends.add(run)
    calendar.add(run)
  }

  /// Sums and limits that need the rows of all runs.
  fileprivate mutating func close() {
    identity.addTotals()
    sourceCounts.sortBusinesses()
    controlTotals.close()
    completeness.close()
    valueChanges.close()
    crosstabs.close()
    quality.close()
    unmapped.close()
    trends.close()
    calendar.close()
  }
}
