package import Core

/// A condition on a run, judged before anything is published, or after the load if it is about the load.
package struct GateDocument: Sendable, Hashable {
  package enum Rule: Sendable, Hashable {
    /// At least this many items are read, from all mappings together.
    case read(min: Int)
    /// At least this share of what the source reports was fetched, for each mapping's entity.
    case coverage(minPercent: Double, minRecords: Int = 0)
    /// At most this share of a mapping's items is rejected; with fewer items than `minRecords`, at most `max` items.
    case rejected(maxPercent: Double?, minRecords: Int, max: Int?)
    /// At least this many of a mapping's items are let through, and at least this share of what the last complete run let
    /// through. `min: 1` fails only if something was rejected: an empty entity is not a fault. 0 disables either one. At most
    /// `maxPercentOfLast`; the shares are judged only if the last run let `minRecords` through.
    case written(min: Int, minPercentOfLast: Double, maxPercentOfLast: Double? = nil, minRecords: Int = 0)
    /// At most this many warnings per mapping, or problems of one code.
    case warnings(GateCeiling, code: String? = nil)
    /// At most this many of a mapping's items have a parent that was rejected, is unknown, or is not at the destination.
    case orphans(GateCeiling)
    /// At least this share of the target records has a value in the field; at most `max` have none.
    case complete(GateField, minPercent: Double?, max: Int?, minRecords: Int = 0)
    /// At most this many target records repeat the field's value in an earlier one.
    case unique(GateField, GateCeiling)
    /// The requests that the day's quota still allows once the source is read.
    case quota(min: Int)
    /// The age of the snapshot, or of the newest value of a field.
    case freshness(maxSeconds: Int, field: GateField? = nil)
    /// At most this many records were refused by a destination.
    case failed(GateCeiling)
    /// At most this many records are neither loaded nor refused.
    case pending(GateCeiling)
    /// At most this many totals differ between what was loaded and what is stored.
    case controlTotals(max: Int)
    /// At most this many records differ between what was loaded and what is stored.
    case reconciled(GateCeiling)
  }

  package typealias Severity = GateResult.Severity

  package var rule: Rule
  package var severity: Severity
  /// What the author of the pipeline says when it fails.
  package var message: String?
  /// Only these mappings; nil: all.
  package var mappings: [Name]?
  /// Mappings that have a gate of their own with the same name.
  package var exempt: [Name]

  package init(
    _ rule: Rule, severity: Severity = .error, message: String? = nil, mappings: [Name]? = nil, exempt: [Name] = []
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.mappings = mappings
    self.exempt = exempt
  }

  package func judges(_ mapping: Name) -> Bool {
    if let field, field.mapping != mapping { return false }
    return (mappings?.contains(mapping) ?? true) && !exempt.contains(mapping)
  }

  /// The field whose values it needs.
  package var field: GateField? {
    switch rule {
    case .complete(let field, _, _, _), .unique(let field, _): field
    case .freshness(_, let field): field
    default: nil
    }
  }

  /// It is about the load: a failure cannot keep anything from being published.
  package var isAfterLoad: Bool {
    switch rule {
    case .failed, .pending, .controlTotals, .reconciled: true
    default: false
    }
  }

  /// Its name in the pipeline file.
  package var name: String {
    switch rule {
    case .read: "read"
    case .coverage: "coverage"
    case .rejected: "rejected"
    case .written: "written"
    case .warnings: "warnings"
    case .orphans: "orphans"
    case .complete: "complete"
    case .unique: "unique"
    case .quota: "quota"
    case .freshness: "freshness"
    case .failed: "failed"
    case .pending: "pending"
    case .controlTotals: "control_totals"
    case .reconciled: "reconciled"
    }
  }

  /// The defaults for a gate that the pipeline does not specify.
  package static let standardWritten = GateDocument(.written(min: 1, minPercentOfLast: 50))

  /// The gates of a pipeline without `gates`.
  package static let standard = [GateDocument(.read(min: 1)), standardWritten]
}
