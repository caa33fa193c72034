/// How many records the source reports, how many were read, and how they spread over the businesses.
package struct SourceCountsSection: PageSection {
  package static let title = "Source counts"
  package static let explanation =
    "What the source reports next to what was read from it. The number that GHL reports may be out of date; the expected number is more reliable."
  package static let sources = ["the snapshot's manifest.json", "summary.json: left_out", "businesses.json"]

  package struct Entity: Encodable, Sendable, Equatable {
    package var run: String
    package var entity: String
    /// The number that the source reports; nil: it reports none.
    package var reported: Int?
    package var expected: Int?
    package var read: Int
    /// Records, or lists of records, that the source refused.
    package var refused: Int?
    /// Deleted between being listed and being read.
    package var gone: Int?
    /// Lists that broke off with an unknown number of missing records.
    package var brokenLists: Int?
    /// Of the expected ones.
    package var coveragePercent: Double?
    package var file: String?
    package var bytes: Int?
    package var sha256: String?
  }

  /// Of a mapping at a destination.
  package struct Business: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    /// As the source names it; nil: records without a business.
    package var business: String?
    package var read: Int?
    /// Of them, those that the destination has after the run.
    package var arrived: Int?
    /// Of them, those that the mapping left out on purpose: filtered and merged.
    package var leftOut: Int?
    /// Read in the last comparable run; nil: there is none, or it has not recorded it.
    package var before: Int?
    /// `read` minus `before`.
    package var change: Int?
    package var changePercent: Double?
    /// Of `before`.
    package var beforeArrived: Int?
    /// The last comparable run did not have it.
    package var isNew = false
  }

  package struct LeftOut: Encodable, Sendable, Equatable {
    package var run: String
    package var reason: String
    package var count: Int
    package var text: String
  }

  package var entities: [Entity] = []
  /// The largest loss first.
  package var businesses = PageList<Business>()
  package var leftOut: [LeftOut] = []
  package var missing: [NotRecorded] = []
}
