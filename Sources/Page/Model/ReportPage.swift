/// The integrity report of one or several runs: everything that the page shows, without its looks. The sections are in the order in
/// which the page has them.
///
/// Rows say which run they are about, so several runs, shards or locations are rows of one page. A number that a run has not recorded is
/// nil, never zero, and `missing` of the section says why.
package struct ReportPage: Encodable, Sendable, Equatable {
  /// The format of its JSON. Members are only ever added.
  package static let currentFormat = 1

  package var format = ReportPage.currentFormat
  /// The pipelines' names.
  package var title: String
  /// The runs, in the order of their rows.
  package var runs: [String]

  package var verdict = PageVerdict()
  package var scope = ScopeSection()
  package var gates = GatesSection()
  package var identity = IdentitySection()
  package var sourceCounts = SourceCountsSection()
  package var targetCounts = TargetCountsSection()
  package var controlTotals = ControlTotalsSection()
  package var keyDifferences = KeyDifferencesSection()
  package var exceptions = ExceptionsSection()
  package var rejectReach = RejectReachSection()
  package var completeness = CompletenessSection()
  package var valueChanges = ValueChangesSection()
  package var crosstabs = CrosstabsSection()
  package var duplicates = DuplicatesSection()
  package var quality = QualitySection()
  package var relations = RelationsSection()
  package var unmapped = UnmappedSection()
  package var lastRun = LastRunSection()
  package var sample = SampleSection()
  package var resources = ResourcesSection()
  package var reproduction = ReproductionSection()
  package var signatures = SignaturesSection()
  package var trends = TrendsSection()
  package var calendar = CalendarSection()

  /// SHA-256 of the canonical JSON of everything above, hexadecimal. Empty until it is sealed (`ReportPage.sealed`).
  package var digest = ""

  package init(title: String, runs: [String]) {
    self.title = title
    self.runs = runs
  }
}
