/// What the destinations have: as reported by the load, and as read back from them.
package struct TargetCountsSection: PageSection {
  package static let title = "Target counts"
  package static let explanation =
    "What the load reports next to what a destination has, as read back by `waybill reconcile`."
  package static let sources = ["summary.json: entities", "reconcile.json: parts"]

  package struct Row: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var destination: String
    /// Records that the destination has accepted: written, created, updated and unchanged.
    package var accepted: Int
    /// Records that should be there, over all runs that loaded them; nil: not reconciled.
    package var loaded: Int?
    /// Records found there.
    package var stored: Int?
    /// `stored` minus `loaded`.
    package var difference: Int?
    /// How it was read back.
    package var readBy: String?
    /// RFC 3339, UTC.
    package var reconciled: String?
    /// Unchanged records that the load itself has read back.
    package var verified: Verified?
  }

  package struct Verified: Encodable, Sendable, Equatable {
    package var records: Int
    package var drifted: Int
    package var missing: Int
    package var resent: Int
    package var notRead: Int
  }

  package var rows: [Row] = []
  package var missing: [NotRecorded] = []
}
