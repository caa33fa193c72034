package import Core

/// What differs from request to request.
package enum RequestPlaceholder: Sendable, Hashable {
  /// The record's key in the target.
  case key
  /// The destination's own ID of the record.
  case remoteID
  /// The destination's ID of the record of another mapping whose key is in a field of this one: `remote_id(contacts, contactId)`.
  case parentID(mapping: Name, field: Name)
  /// A field of the target record: `field(address.city)`.
  case field(Name)
  /// The tag of the version that the destination accepted last.
  case entityTag
  /// Of a list: the number of a page, from 1, or the previous page's cursor.
  case page, cursor
  case location, mapping, run, date

  /// Placeholders without arguments.
  private static let words: [(word: String, placeholder: RequestPlaceholder)] = [
    ("key", .key), ("remote_id", .remoteID), ("etag", .entityTag), ("page", .page), ("cursor", .cursor),
    ("location", .location), ("mapping", .mapping), ("run", .run), ("date", .date),
  ]

  /// It says which record is meant, so that a request with an empty one is for another record, or for all of them.
  var identifies: Bool {
    switch self {
    case .key, .remoteID, .parentID: true
    case .field, .entityTag, .page, .cursor, .location, .mapping, .run, .date: false
    }
  }

  /// As people write them, for messages.
  package static let forms = words.map { "{\($0.word)}" } + ["{field(NAME)}", "{remote_id(MAPPING, FIELD)}"]

  /// - Parameter text: what stands between the braces. Nil: it is not a placeholder.
  init?(_ text: String) {
    if let found = Self.words.first(where: { $0.word.isExactly(text) }) {
      self = found.placeholder
      return
    }
    guard let open = text.firstIndex(of: "("), text.last == ")" else { return nil }
    let arguments = text[text.index(after: open)..<text.index(before: text.endIndex)]
      .split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingSpaces }
    guard arguments.allSatisfy({ !$0.isEmpty }) else { return nil }
    switch (text[..<open], arguments.count) {
    case ("field", 1): self = .field(Name(arguments[0]))
    case ("remote_id", 2): self = .parentID(mapping: Name(arguments[0]), field: Name(arguments[1]))
    default: return nil
    }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
