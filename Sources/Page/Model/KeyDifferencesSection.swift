/// Keys that are missing, extra or different at the destinations.
package struct KeyDifferencesSection: PageSection {
  package static let title = "Missing, extra and different records"
  package static let explanation =
    "The records of the run next to those in the destination, compared key by key and field by field by `waybill reconcile`."
  package static let sources = ["reconcile.json", "differences.ndjson"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    package var missing: Int
    /// Nil: extra records are not judged there.
    package var extra: Int?
    package var different: Int
    package var duplicate: Int
    package var withoutKey: Int
    package var notRead: Int
    package var uncertain: Int
    package var isEqual: Bool
  }

  package struct Example: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    /// `missing`, `extra`, `different`, ...
    package var what: String
    package var key: String?
    package var field: String?
    /// Masked as `pii` says.
    package var loaded: String?
    package var stored: String?
  }

  package var rows: [Row] = []
  package var examples = PageList<Example>()
  package var missing: [NotRecorded] = []
}
