import Core

/// Why records that the source has were not extracted, because the pipeline excludes them: a line of `outside.ndjson`.
package enum LeftOut: String, Sendable, Hashable, CaseIterable {
  /// Contacts that belong to no business, under `without_business: count`.
  case noBusiness = "no-business"
  /// The contacts of businesses that `businesses` does not name; one line per business.
  case notSelected = "not-selected"

  package static let fileName = "outside.ndjson"

  /// Contacts, and what is fetched per contact.
  package static let entities: Set<String> = ["contact", "task", "note", "appointment"]

  /// `40 contacts were not extracted: no business (`without_business: include` reads them)`
  package func sentence(_ count: Int) -> String {
    switch self {
    case .noBusiness:
      "\(count) \(count == 1 ? "contact was" : "contacts were") not extracted: no business (`without_business: include` reads them)"
    case .notSelected:
      "the contacts of \(count) \(count == 1 ? "business" : "businesses") were not extracted: `businesses` does not name "
        + (count == 1 ? "it" : "them")
    }
  }

  /// - Parameters:
  ///   - record: the contact's id; nil for all contacts of a business.
  ///   - business: the contact's business, or the one that was not selected.
  func line(record: String?, business: String?) -> [UInt8] {
    var members: [JSONValue.Member] = [.init("entity", .string("contact"))]
    if let record { members.append(.init("id", .string(record))) }
    if let business, !business.isEmpty { members.append(.init("business", .string(business))) }
    members.append(.init("reason", .string(rawValue)))
    return Array(JSONValue.object(members).text.utf8)
  }
}
