/// The quality of phones, emails, countries and dates.
package struct QualitySection: PageSection {
  package static let title = "Phones, emails, countries and dates"
  package static let explanation =
    "Values that are not valid for their field, and dates that are unusually early or in the future."
  package static let sources = ["the run's ledger", "profiles/MAPPING.json"]

  package enum Kind: String, Encodable, Sendable, CaseIterable { case phone, email, country, date }

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var kind: Kind
    package var mapping: String
    package var field: String?
    package var code: String
    package var severity: String
    package var count: Int
    /// Records of the mapping.
    package var of: Int?
    package var examples: [String]
  }

  /// A date field of the source or the target.
  package struct Dates: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var side: PageSide
    package var field: String
    package var values: Int
    package var earliest: String?
    package var latest: String?
    /// After the day of the run; nil: not recorded.
    package var future: Int?
    /// Before 1900; nil: not recorded.
    package var ancient: Int?
    /// How the texts state their zone: `Z`, `offset`, `no zone`, `date only`. Empty: not recorded.
    package var zones: [PageCount]
    /// Lines of the ledger: local times that do not exist, or exist twice, where clocks change. Nil: of the source.
    package var gaps: Int?
    package var overlaps: Int?
  }

  package var rows: [Row] = []
  package var dates = PageList<Dates>()
  package var missing: [NotRecorded] = []
}

package enum PageSide: String, Encodable, Sendable { case source, target }
