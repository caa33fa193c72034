import Core
import Values

/// The profile of an input, and of what a mapping made of it: what `profiles/MAPPING.json` of a run has, and
/// `waybill profile --json` prints.
package struct ProfileDocument: Sendable, Hashable {
  package static let currentVersion = 1
  /// Fields per side; more are counted, not profiled.
  package static let mostFields = 2_000

  /// How samples are chosen, for people.
  package static let sampling =
    "The most frequent values of a field with more than 512 different values, and the shapes of more than 2,048 texts, are counted "
    + "in a sample of the records, chosen by their positions alone; the profile says how large it is. All other counts are exact, "
    + "except the number of distinct values above 512."

  package struct Side: Sendable, Hashable {
    package var records: Int
    /// An estimate of how many fields there are beyond the limit.
    package var moreFields: Int
    /// In the order in which records have them, those in a list or object after it.
    package var fields: [FieldSummary]

    package init(records: Int, moreFields: Int = 0, fields: [FieldSummary]) {
      self.records = records
      self.moreFields = moreFields
      self.fields = fields
    }

    package func field(named name: String) -> FieldSummary? { fields.first { $0.name.isExactly(name) } }
  }

  /// Days since 1970-01-01 of a `yyyy-MM-dd`; 0 if it is not one.
  package static func days(of date: String) -> Int {
    let parts = date.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return 0 }
    return CivilDate(year: parts[0], month: parts[1], day: parts[2]).daysSinceEpoch
  }

  package var version = ProfileDocument.currentVersion
  /// Nil if no mapping was involved.
  package var mapping: String?
  /// What was read.
  package var input: String
  /// Of the source.
  package var records: Int
  /// Records that could not be read.
  package var notProfiled: Int
  /// `yyyy-MM-dd`, in UTC: later dates are in the future.
  package var today: String
  /// The user chose to show what the mapping or the name of a field hides.
  package var isUnmasked = false
  package var source: Side?
  package var target: Side?

  package init(
    mapping: String? = nil, input: String, records: Int, notProfiled: Int, today: String, isUnmasked: Bool = false,
    source: Side? = nil, target: Side? = nil
  ) {
    self.mapping = mapping
    self.input = input
    self.records = records
    self.notProfiled = notProfiled
    self.today = today
    self.isUnmasked = isUnmasked
    self.source = source
    self.target = target
  }
}
