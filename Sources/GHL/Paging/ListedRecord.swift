import Control
import Core
package import Records
import Values

/// A record of a page, with everything that paging needs to know about it. Its members are looked up in one pass over its
/// bytes.
package struct ListedRecord: Sendable {
  /// Copied out of the page once.
  package let record: RawRecord
  /// If it does not belong in the list.
  package let stray: StrayRecord?
  let slice: JSONSlice
  private let hasID: Bool
  private let business: JSONSlice?
  private let searchAfter: JSONSlice?

  package init(_ slice: JSONSlice, _ scope: RecordScope) {
    let found = slice.members(named: ["id", "_id", "locationId", "businessId", "contactId", "roles", "searchAfter"])
    self.slice = slice
    hasID = found[0]?.stringValue != nil
    record = RawRecord(slice, id: found[0]?.stringValue ?? found[1]?.stringValue)
    business = found[3]
    searchAfter = found[6]
    let owner = scope.stray(location: found[2], business: found[3], contact: found[4], roles: found[5])
    stray = owner.map { StrayRecord(id: AnswerIdentity.text(found[0] ?? found[1]), owner: $0) }
  }

  /// As the page walk sees it.
  ///
  /// - Parameter wanted: in a search for the contacts of a business, that business.
  func walked(wanted: String? = nil) -> PageWalk.Record {
    let mark = record.mark
    return PageWalk.Record(mark, hasID: hasID, membership(mark, wanted))
  }

  private func membership(_ mark: IdentityMark, _ wanted: String?) -> PageWalk.Record.Membership {
    if let stray {
      return .stray(stray.id.map { IdentityMark(of: $0) } ?? IdentityMark(of: slice.raw), hasID: stray.id != nil)
    }
    guard let wanted else { return .own }
    guard let business = business?.stringValue else { return .unnamed }
    return business.isExactly(wanted) ? .own : .elsewhere
  }

  /// Where a search continues after this record: a value and an ID, which go into the next request unchanged. Nil if it has
  /// none, or one that is too long.
  var cursor: JSONValue? {
    guard let raw = searchAfter?.raw, raw.count <= 4_096, let value = try? JSONReader.read(Array(raw)),
      value.arrayValue?.isEmpty == false
    else { return nil }
    return value
  }

  /// The name by which a list of contacts is sorted: first and last name, in lower case.
  var sortName: String? { Self.sortName(of: slice) }

  static func sortName(of contact: JSONSlice) -> String? {
    let found = contact.members(named: ["fullNameLowerCase", "contactName", "name", "firstName", "lastName"]).map {
      $0?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let name = found.prefix(3).compactMap(\.self).first { return name.lowercased() }
    let parts = found.suffix(2).compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " ").lowercased()
  }
}
