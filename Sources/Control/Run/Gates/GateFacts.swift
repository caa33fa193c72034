package import Core

extension GateJudge {
  /// What is known about one mapping's items.
  package struct Facts: Sendable, Hashable {
    package var mapping: String
    package var read: Int
    /// The number of items let through, that is, what would be published.
    package var written: Int
    package var rejected: Int
    /// The entity's records in the snapshot, and those that the source reports; nil: this was not recorded.
    package var fetched: Int?
    package var expected: Int?
    /// Lists that broke off with an unknown number of missing records.
    package var unknown: Int
    /// What the last complete run let through; nil: there was none.
    package var last: GateResult.Last?
    /// False: whether there was one was not recorded.
    package var isLastKnown = true
    package var warnings = 0
    /// Problems by their names in ledger lines.
    package var codes: [String: Int] = [:]
    /// By the name of the field; a field that is not in it was not counted.
    package var fields: [Name: GateFieldCount] = [:]
    /// Seconds since the newest value of a field; a field that is not in it has none.
    package var ages: [Name: Int] = [:]
    /// Those that take the mapping, in the order of the pipeline file.
    package var loads: [Load] = []

    package init(
      mapping: String, read: Int, written: Int = 0, rejected: Int, fetched: Int?, expected: Int?, unknown: Int = 0,
      last: GateResult.Last? = nil
    ) {
      self.mapping = mapping
      self.read = read
      self.written = written
      self.rejected = rejected
      self.fetched = fetched
      self.expected = expected
      self.unknown = unknown
      self.last = last
    }
  }

  /// What became of a mapping's records at one destination.
  package struct Load: Sendable, Hashable {
    package var destination: String
    package var delivery: DestinationTraits.Delivery
    package var counts: OutcomeCounts
    /// Why there is nothing to judge, for people; nil: the records were loaded.
    package var obstacle: String?
    /// What the last comparison with the destination found; nil: there was none.
    package var comparison: Comparison?

    package static let notLoaded = "nothing was loaded"
    package static let dryRun = "nothing was loaded: a dry run"

    package init(
      _ destination: String, _ delivery: DestinationTraits.Delivery, counts: OutcomeCounts = OutcomeCounts(),
      obstacle: String? = nil, comparison: Comparison? = nil
    ) {
      self.destination = destination
      self.delivery = delivery
      self.counts = counts
      self.obstacle = obstacle
      self.comparison = comparison
    }
  }

  package struct Comparison: Sendable, Hashable {
    package var loaded: Int
    /// Records that are missing, extra, different or repeated.
    package var differences: Int
    /// Totals that are not equal.
    package var totals: Int
    /// Every record could be compared.
    package var isComplete: Bool

    package init(loaded: Int, differences: Int, totals: Int, isComplete: Bool = true) {
      self.loaded = loaded
      self.differences = differences
      self.totals = totals
      self.isComplete = isComplete
    }
  }

  /// What is known about the run as a whole.
  package struct RunFacts: Sendable, Hashable {
    /// The requests that the day's quota still allows; nil: the source did not report it.
    package var quotaRemaining: Int?
    /// False: no request was made, or this was not recorded.
    package var isQuotaKnown: Bool
    /// Seconds since the snapshot was begun; nil: this was not recorded.
    package var snapshotAge: Int?

    package init(quotaRemaining: Int? = nil, isQuotaKnown: Bool = false, snapshotAge: Int? = nil) {
      self.quotaRemaining = quotaRemaining
      self.isQuotaKnown = isQuotaKnown
      self.snapshotAge = snapshotAge
    }
  }
}
