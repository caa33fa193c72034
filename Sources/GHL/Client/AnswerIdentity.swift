import HTTP
import Records

/// What is wrong with a readable response.
package struct AnswerFault: Sendable, Hashable {
  package var kind: GHLFailure.Kind
  package var detail: String

  package init(_ kind: GHLFailure.Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}

/// Compares an answer for one record with the request: a proxy or a cache may return someone else's.
enum AnswerIdentity {
  /// Nil if the answer matches the request, or if the route is not for a single record.
  static func fault(of root: JSONSlice, _ request: GHLRequest, _ location: String) -> AnswerFault? {
    guard request.method == .get else { return nil }
    let path = request.path.filter { !$0.isEmpty }
    switch (request.endpoint, path.count) {
    case (.contact, 2): return fault(root["contact"], "contact", id: path[1], location)
    case (.location, 2): return fault(root["location"], "location", id: path[1], location)
    case (.businesses, 2): return fault(root["business"], "business", id: path[1], location)
    case (.contactNotes, 4): return fault(root["note"], "note", id: path[3], location, contact: path[1])
    case (.contactTasks, 4): return fault(root["task"], "task", id: path[3], location, contact: path[1])
    case (.calendarEvents, 4) where path[2] == "appointments":
      return fault(root["event"] ?? root["appointment"], "appointment", id: path[3], location)
    default: return nil
    }
  }

  private static func fault(
    _ record: JSONSlice?, _ noun: String, id: String, _ location: String, contact: String? = nil
  ) -> AnswerFault? {
    guard let record, record.kind == .object else { return nil }
    if let given = text(record["id"] ?? record["_id"]), !isSame(given, id) {
      return AnswerFault(.wrongRecord, "\(noun) \(shown(given)) instead of \(shown(id))")
    }
    return RecordScope(location: location, contact: contact).stray(record).map {
      AnswerFault(.wrongRecord, "\(noun) \(shown(id)) \($0)")
    }
  }

  /// A value that names a record: a text that is not empty, or a number.
  static func text(_ value: JSONSlice?) -> String? {
    switch value?.kind {
    case .string: value?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    case .number, .boolean, .object, .array: value.map { String(decoding: $0.raw.prefix(256), as: UTF8.self) }
    case .null, nil: nil
    }
  }

  /// Ids are bytes.
  static func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

  static func shown(_ id: String) -> String { ShownText.identifier(id) ?? "?" }
}

/// What every record of a response must belong to, as far as the record names it.
package struct RecordScope: Sendable, Hashable {
  package var location: String
  package var business: String?
  package var contact: String?

  package init(location: String, business: String? = nil, contact: String? = nil) {
    self.location = location
    self.business = business
    self.contact = contact
  }

  /// What the record belongs to instead: "of location x"; nil if nothing contradicts the scope.
  func stray(_ record: JSONSlice) -> String? {
    let found = record.members(named: ["locationId", "businessId", "contactId", "roles"])
    return stray(location: found[0], business: found[1], contact: found[2], roles: found[3])
  }

  /// The same, of a record whose members were looked up.
  func stray(
    location ofLocation: JSONSlice?, business ofBusiness: JSONSlice?, contact ofContact: JSONSlice?, roles: JSONSlice?
  ) -> String? {
    for (value, noun, wanted) in [
      (ofLocation, "location", location), (ofBusiness, "business", business), (ofContact, "contact", contact),
    ] {
      guard let wanted, let given = AnswerIdentity.text(value) else { continue }
      if !AnswerIdentity.isSame(given, wanted) { return "of \(noun) \(AnswerIdentity.shown(given))" }
    }
    // A user belongs to locations through its roles.
    let locations = roles?["locationIds"]?.elements.compactMap { AnswerIdentity.text($0) } ?? []
    guard let first = locations.first, !locations.contains(where: { AnswerIdentity.isSame($0, location) }) else { return nil }
    return "of location \(AnswerIdentity.shown(first))"
  }
}

/// A record in a list where it does not belong.
package struct StrayRecord: Sendable, Hashable {
  /// Nil if it has none.
  package var id: String?
  /// What it belongs to: "of business x".
  package var owner: String

  /// Its id for messages.
  package var shownId: String? { ShownText.identifier(id) }
}
