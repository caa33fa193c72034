/// Whether the runs may be signed off, in words, with the reasons.
package struct PageVerdict: Encodable, Sendable, Equatable {
  package enum Standing: String, Encodable, Sendable {
    case ready
    /// It may be signed by someone who accepts the open conditions.
    case conditional
    case notReady = "not-ready"
  }

  /// Something that keeps the page from being signed, or has to be accepted by who signs.
  package struct Reason: Encodable, Sendable, Equatable {
    /// Nil: all of the page.
    package var run: String?
    /// Stable, such as `gate-failed`.
    package var kind: String
    /// A sentence.
    package var text: String
    /// The place: the mapping, the field, the business, as far as there is one.
    package var mapping: String?
    package var field: String?
    package var business: String?
    /// The member of the JSON with the details, such as `gates`.
    package var section: String
  }

  /// Something unusual that a data owner must look at, with its place.
  package struct Finding: Encodable, Sendable, Equatable {
    package enum Weight: String, Encodable, Sendable {
      /// The page cannot be signed until someone explains or fixes it: it is also among the reasons.
      case serious
      /// It is among the conditions.
      case notable
    }
    package var weight: Weight
    package var run: String
    /// `shifted-column`, `completeness-fell`, `default-hides-nulls`, `business-fell`, `codes-rose`.
    package var kind: String
    package var mapping: String?
    package var field: String?
    package var business: String?
    /// A sentence that names the place and the numbers.
    package var text: String
    /// What to check or do.
    package var advice: String
    package var section: String
  }

  /// Values that the user chose not to mask.
  package struct Unmasked: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var fields: [String]
    package var text: String
  }

  package var standing = Standing.notReady
  /// `Ready to sign`, `Ready to sign with 2 open conditions`, `Not ready: 3 reasons`.
  package var heading = ""
  /// The whole verdict in a few sentences: what was read, what became of it, what keeps it from being signed.
  package var summary = ""
  /// Who may sign, in a sentence.
  package var whoMaySign = ""
  package var reasons: [Reason] = []
  package var conditions: [Reason] = []
  package var findings: [Finding] = []
  /// Goes to the top of the page.
  package var unmasked: [Unmasked] = []
}
