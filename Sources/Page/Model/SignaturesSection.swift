/// Who signs, for what, with which open conditions, and until when the signature holds.
package struct SignaturesSection: PageSection {
  package static let title = "Signatures"
  package static let explanation = "Each role signs its own statement and the open conditions that it accepts."
  package static let sources: [String] = []

  package struct Role: Encodable, Sendable, Equatable {
    package var role: String
    /// What the signature says.
    package var statement: String
    /// Whether this role may sign now.
    package var maySign: Bool
    /// Conditions of the verdict that this role has to accept.
    package var conditions: [String]
    /// To fill in by hand.
    package var fillIn = ["Name", "Date", "Signature"]
  }

  package var roles: [Role] = []
  /// When signatures on this page end, as a sentence.
  package var expiry = ""
  /// RFC 3339, UTC: the date after which it holds no more; nil: the run has not ended.
  package var expires: String?
  package var missing: [NotRecorded] = []

  package init() {}
}
