package import Core

/// How a run or a snapshot was narrowed on request. It contains only part of what the source has, so it is never treated as
/// complete.
package struct Narrowing: Sendable, Hashable {
  /// At most this many contacts, or records of each file.
  package var limit: Int?
  /// Only these businesses, by id or name.
  package var businesses: [String]?
  /// The id of the narrowed snapshot that a run read.
  package var snapshot: String?
  /// The id of the run whose open records are replayed.
  package var replay: String?

  /// Nil if nothing is narrowed.
  package init?(limit: Int? = nil, businesses: [String]? = nil, snapshot: String? = nil, replay: String? = nil) {
    guard limit != nil || businesses != nil || snapshot != nil || replay != nil else { return nil }
    self.limit = limit
    self.businesses = businesses
    self.snapshot = snapshot
    self.replay = replay
  }

  /// Members that do not narrow are left out.
  package var json: JSONValue {
    var members: [JSONValue.Member] = []
    if let limit { members.append(.init("limit", .number(limit))) }
    if let businesses { members.append(.init("businesses", .array(businesses.map { .string($0) }))) }
    if let snapshot { members.append(.init("snapshot", .string(snapshot))) }
    if let replay { members.append(.init("replay", .string(replay))) }
    return .object(members)
  }

  /// Nil for a value that does not describe a narrowing.
  package init?(_ json: JSONValue) {
    self.init(
      limit: json["limit"]?.intValue, businesses: json["businesses"]?.arrayValue?.compactMap(\.stringValue),
      snapshot: json["snapshot"]?.stringValue, replay: json["replay"]?.stringValue)
  }

  /// `at most 50 records, only the business 'Acme', from the narrowed snapshot 2026…`
  package var text: String {
    var parts: [String] = []
    if let limit { parts.append("at most \(limit) \(limit == 1 ? "record" : "records")") }
    if let businesses {
      let names = businesses.map { "'\($0)'" }.joined(separator: ", ")
      parts.append("only the \(businesses.count == 1 ? "business" : "businesses") \(names)")
    }
    if let snapshot { parts.append("from the narrowed snapshot \(snapshot)") }
    if let replay { parts.append("only the open records of run \(replay)") }
    return parts.joined(separator: ", ")
  }
}
