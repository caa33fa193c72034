import Core

/// A stored record: the client's members, byte for byte, and those that Your App adds.
struct AppRecord: Sendable {
  let id: String
  let key: Name
  /// The place of its contact among the contacts; nil: it is a contact.
  let parent: Int?
  /// From 1; each write adds 1.
  var version = 1
  /// Milliseconds since 1970.
  let insertedAt: Int
  var modifiedAt: Int
  /// The client's members as JSON text without the braces, on one line. Never empty: each schema requires the key.
  var fields: [UInt8]

  /// The members that Your App adds. A request may contain them, as a record that is sent back does; they are ignored.
  static let ownMembers = ["id", "version", "etag", "insertedAt", "modifiedAt"]

  /// With its quotes, as in the header `ETag`.
  var entityTag: String { "\"\(id)-\(version)\"" }

  /// The whole record as a JSON object. A server without entity tags does not mention them.
  func write(withTag: Bool, to out: inout JSONOutput) {
    out.object { out in
      out.text("id", id)
      out.number("version", version)
      if withTag { out.text("etag", entityTag) }
      out.text("insertedAt", Instant.iso(insertedAt))
      out.text("modifiedAt", Instant.iso(modifiedAt))
      out.bytes.append(UInt8(ascii: ","))
      out.bytes += fields
    }
  }
}
