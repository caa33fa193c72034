import Control
import Core
import GHL

/// The business of contacts of another mapping, by its ID or name; null unlinks a contact.
///
/// GHL has one route for it, which takes fifty contacts and one business. The canonical record has the ID of the business that the
/// contact is linked to.
final class GHLLinkAdapter: ResourceAdapter {
  let context: GHLPartContext

  init(_ context: GHLPartContext) { self.context = context }

  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {
    try await context.open(plan, engine, journal)
  }

  /// Without the contact, there is nothing to change.
  var createsAbsent: Bool { false }

  func hasParent(
    _ record: OutgoingRecord, after response: ReadResponse?, _ lookup: RecordLookup
  ) async throws -> Result<Bool, RecordLookup.Trouble> { try await context.hasContact(record, after: response, lookup) }

  // MARK: Records

  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord {
    let own = context.outgoing(record)
    guard own.fault == nil, let json = try? JSONReader.read(own.json) else { return own }
    // Without a value, it is not known whether the contact is to be unlinked.
    switch json[GHLFields.business] {
    case .string(let id)? where !id.isEmpty: return own
    case .null?: return own
    case nil: return own.with(json: own.json, fault: Self.missing("it has no '\(GHLFields.business)': null unlinks the contact"))
    default:
      return own.with(json: own.json, fault: Self.missing("'\(GHLFields.business)' is neither an ID, nor a name, nor null"))
    }
  }

  /// If two records link one contact to different businesses, the later one counts.
  func identities(of record: OutgoingRecord) -> [Name] { context.contact(of: record).key.map { [Name("contact:\($0)")] } ?? [] }

  private static func missing(_ why: String) -> PartLoad.Reason { PartLoad.Reason(.requestImpossible, why) }

  private func canonical(_ contact: JSONValue, of record: OutgoingRecord) -> JSONValue? {
    context.form?.canonical(
      contact, sent: try? JSONReader.read(record.json), key: record.key, contact: context.contact(of: record).key)
  }

  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    try await context.findContact(of: record, lookup).map { contact in
      contact.flatMap { canonical($0, of: record) }.map { [StoredRecord(record: $0)] } ?? []
    }
  }

  /// A response lists the contacts, and not what they are linked to.
  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord? { nil }

  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]? {
    guard let body, let form = context.form, keys.count == values.count else { return nil }
    return zip(keys, values).map { key, values in
      form.canonical(body, key: key, contact: context.parent.flatMap { values[$0.field] })
    }
  }

  func warning(about record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? {
    context.leftBehind("its business: add a record with null for that contact", by: record, known: known)
  }

  // MARK: Requests

  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    let bytes = json.isEmpty ? records.first?.json ?? [] : json
    var seen: Set<Name> = []
    let contacts = records.compactMap { context.contact(of: $0).id }.filter { seen.insert($0).inserted }
    return context.call(.bulkBusiness, of: try? JSONReader.read(bytes), contacts: contacts, isRepeatable: true)
  }

  // MARK: Bulk

  /// By their business: a call has one for all its contacts.
  func groups(_ records: [OutgoingRecord]) -> [[Int]] {
    GHLBulk.groups(records) { record in
      Name((try? JSONReader.read(record.json))?[GHLFields.business]?.text ?? "")
    }
  }

  /// A contact that the response does not list is looked up.
  func results(_ response: ReadResponse, of records: [OutgoingRecord]) -> JSONValue? {
    guard let ids = response.body?["ids"]?.arrayValue?.compactMap(\.stringValue) else { return nil }
    let linked = Set(ids.map { Name($0) })
    return GHLBulk.results(
      records.compactMap { record in
        context.contact(of: record).id.map(linked.contains) == true ? (record.key, .accepted(nil)) : nil
      })
  }

  func canResend(_ record: OutgoingRecord, _ paths: [[String]]) -> Bool { true }
}
