/// A condition on a run, judged before anything is published.
package struct GateDocument: Sendable, Hashable {
  package enum Rule: Sendable, Hashable {
    /// At least this many items are read, from all mappings together.
    case read(min: Int)
    /// At least this share of what the source reports was fetched, for each mapping's entity.
    case coverage(minPercent: Double)
    /// At most this share of a mapping's items is rejected; with fewer items than `minRecords`, at most `max` items.
    case rejected(maxPercent: Double?, minRecords: Int, max: Int?)
    /// At least this many of a mapping's items are let through, and at least this share of what the last complete run let
    /// through. `min: 1` fails only if something was rejected: an empty entity is not a fault. 0 disables either one.
    case written(min: Int, minPercentOfLast: Double)
  }

  package typealias Severity = GateResult.Severity

  package var rule: Rule
  package var severity: Severity

  package init(_ rule: Rule, severity: Severity = .error) {
    self.rule = rule
    self.severity = severity
  }

  /// Its name in the pipeline file.
  package var name: String {
    switch rule {
    case .read: "read"
    case .coverage: "coverage"
    case .rejected: "rejected"
    case .written: "written"
    }
  }

  /// The defaults for a gate that the pipeline does not specify.
  package static let standardWritten = GateDocument(.written(min: 1, minPercentOfLast: 50))

  /// The gates of a pipeline without `gates`.
  package static let standard = [GateDocument(.read(min: 1)), standardWritten]
}
