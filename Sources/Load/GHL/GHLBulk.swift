import Control
import Core
import GHL

/// What the bulk routes for tags and businesses have in common.
enum GHLBulk {
  enum Result: Sendable {
    /// - Parameter record: the canonical record, as far as the response shows it.
    case accepted(JSONValue?)
    /// The contact does not exist any more.
    case gone(String)
    case refused(String)
  }

  /// The indices of the records with the same value, in the order of their first records.
  static func groups(_ records: [OutgoingRecord], by value: (OutgoingRecord) -> Name) -> [[Int]] {
    var order: [Name] = []
    var groups: [Name: [Int]] = [:]
    for (index, record) in records.enumerated() {
      let own = value(record)
      if groups[own] == nil { order.append(own) }
      groups[own, default: []].append(index)
    }
    return order.compactMap { groups[$0] }
  }

  /// `{"results":[{"key":"7","status":204,"record":{…}},{"key":"8","status":404,"body":{"message":"contact is deleted"}}]}`: as
  /// `GHLDestinationDocument` describes responses to batches.
  ///
  /// 204 says neither that a record is new nor that it is not: what was sent decides.
  static func results(_ results: [(key: Name, result: Result)]) -> JSONValue {
    .object([.init("results", .array(results.map { .object([.init("key", .string($0.key.text))] + members(of: $0.result)) }))])
  }

  private static func members(of result: Result) -> [JSONValue.Member] {
    func refusal(_ status: Int, _ message: String) -> [JSONValue.Member] {
      [.init("status", .number(status)), .init("body", .object([.init("message", .string(message))]))]
    }
    switch result {
    case .accepted(let record): return [.init("status", .number(204))] + (record.map { [.init("record", $0)] } ?? [])
    case .gone(let message): return refusal(404, message)
    case .refused(let message): return refusal(400, message)
    }
  }
}

extension GHLPartContext {
  /// Whether GHL still has the contact that a record belongs to.
  ///
  /// - Parameter response: the refusal of a write. Of those that are not about the contact's absence, nothing is read.
  /// - Throws: what the journal throws.
  func hasContact(
    _ record: OutgoingRecord, after response: ReadResponse?, _ lookup: RecordLookup
  ) async throws -> Result<Bool, RecordLookup.Trouble> {
    if let response, ![400, 404].contains(response.status) { return .success(true) }
    return try await findContact(of: record, lookup).map { $0 != nil }
  }

  /// The contact that a record belongs to, as GHL shows it; nil: GHL does not have it any more.
  ///
  /// - Throws: what the journal throws.
  func findContact(
    of record: OutgoingRecord, _ lookup: RecordLookup
  ) async throws -> Result<JSONValue?, RecordLookup.Trouble> {
    func failed(_ why: String, isAboutRecord: Bool = false) -> Result<JSONValue?, RecordLookup.Trouble> {
      .failure(.init(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord))
    }
    guard let id = contact(of: record).id else { return failed("GHL's ID of its contact is not known", isAboutRecord: true) }
    guard opened != nil else { return failed("the location has not been read") }
    switch try await lookup.read("GET", GHLRoute.contact.target(id.text)) {
    case .failure(let trouble): return .failure(trouble)
    case .success(nil): return .success(nil)
    case .success(let body?):
      guard let contact = body["contact"], contact["id"]?.stringValue?.isExactly(id.text) == true else {
        return failed("the response is about another contact")
      }
      if let other = contact["locationId"]?.stringValue, !other.isExactly(document.location) {
        return failed("the contact belongs to another location")
      }
      return .success(contact)
    }
  }
}
