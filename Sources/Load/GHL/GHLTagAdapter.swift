import Control
import Core
import GHL

/// Tags of contacts of another mapping: those of a record are added, or removed, and others stay.
///
/// Its canonical record has those of its tags that the contact has or, of a mapping that removes tags, no longer has. So whatever
/// others do with other tags is none of its concern, and `waybill undo` takes back only what the run has added or removed.
final class GHLTagAdapter: ResourceAdapter {
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

  private static let tags = "tags"

  // MARK: Records

  /// A text counts as a list of one tag. The tags are kept in the record's values, because undo and lookups need them.
  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord {
    var record = record
    if var json = try? JSONReader.read(record.json) {
      switch json[Self.tags] {
      case .string(let tag)?: json.set(tag.isEmpty ? .array([]) : .array([.string(tag)]), at: [Self.tags])
      case .array?: break
      default: json.set(.array([]), at: [Self.tags])
      }
      record = context.outgoing(record.with(json: json.bytes))
    }
    return record.with(values: [Name(Self.tags): Name(tags(in: try? JSONReader.read(record.json)).text)])
  }

  private func tags(in record: JSONValue?) -> JSONValue { record?[Self.tags] ?? .array([]) }

  /// Those that the mapping writes.
  private func tags(of values: [Name: Name]) -> JSONValue? {
    values[Name(Self.tags)].flatMap { try? JSONReader.read($0.text) }
  }

  /// The record with all of its tags, also where only its values are known.
  private func wanted(_ record: OutgoingRecord) -> JSONValue {
    var wanted = (try? JSONReader.read(record.json)) ?? .object([])
    wanted.set(tags(of: record.values) ?? tags(in: wanted), at: [Self.tags])
    return wanted
  }

  func isVoid(_ record: OutgoingRecord) -> Bool { wanted(record)[Self.tags]?.arrayValue?.isEmpty ?? true }

  private func canonical(_ contact: JSONValue, of record: OutgoingRecord) -> JSONValue? {
    context.form?.canonical(contact, sent: wanted(record), key: record.key, contact: context.contact(of: record).key)
  }

  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    try await context.findContact(of: record, lookup).map { contact in
      contact.flatMap { canonical($0, of: record) }.map { [StoredRecord(record: $0)] } ?? []
    }
  }

  /// The response to a removal does not say which tags are left.
  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord? {
    guard context.part.action == .add, let tags = response.body?[Self.tags], tags.arrayValue != nil else { return nil }
    return canonical(.object([.init(Self.tags, tags)]), of: record).map { StoredRecord(record: $0) }
  }

  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]? {
    guard let form = context.form, keys.count == values.count else { return nil }
    let isOpposite = self.isOpposite(target)
    return zip(keys, values).map { key, values in
      let named = body?[Self.tags] ?? .array([])
      var tags = named
      // What a call takes back is what is left of the record's tags.
      if isOpposite { tags = .array((self.tags(of: values)?.arrayValue ?? []).filter { named.arrayValue?.contains($0) != true }) }
      let record = JSONValue.object([.init(Self.tags, tags)])
      let contact = context.parent.flatMap { values[$0.field] }
      // Its own tags are all there, or all gone: the form would ask which of them a contact has.
      return form.withKeys(record, key: key, contact: contact)
    }
  }

  /// The journal knows neither the other contact's ID nor which tags it was given.
  func warning(about record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? {
    guard isAdding else { return nil }
    return context.leftBehind("the tags: remove them with a mapping that has `do: remove`", by: record, known: known)
  }

  // MARK: Requests

  private var isAdding: Bool { context.part.action == .add }

  /// Whether a call does the opposite of what the mapping does: a call of `waybill undo`.
  private func isOpposite(_ target: String) -> Bool {
    let removes = target.hasPrefix("DELETE ") || target.contains("/update/remove")
    return removes == isAdding
  }

  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    guard let first = records.first else { return .failure(.init(.requestImpossible, "there is no record")) }
    let all = tags(of: first.values) ?? tags(in: try? JSONReader.read(first.json))
    if case .batch = step, records.count > 1 {
      // Two records may be about the same contact.
      var seen: Set<Name> = []
      let contacts = records.compactMap { context.contact(of: $0).id }.filter { seen.insert($0).inserted }
      return context.call(.bulkTags, of: .object([.init(Self.tags, all)]), contacts: contacts, isRepeatable: true)
    }
    let wanted = json.isEmpty ? all : tags(in: try? JSONReader.read(json))
    let (own, left) = (all.arrayValue ?? [], wanted.arrayValue ?? [])
    // Undo puts back a record with fewer of its tags: the rest is taken back.
    let back = own.filter { !left.contains($0) }
    let route: GHLRoute = back.isEmpty == isAdding ? .addTags : .removeTags
    let record = JSONValue.object([.init(Self.tags, back.isEmpty ? wanted : .array(back))])
    return context.call(route, of: record, isRepeatable: true)
  }

  // MARK: Bulk

  /// By their tags: a call has one list for all its contacts.
  func groups(_ records: [OutgoingRecord]) -> [[Int]] {
    GHLBulk.groups(records) { Name((tags(of: $0.values)?.arrayValue ?? []).map(\.text).sorted().joined(separator: ",")) }
  }

  func results(_ response: ReadResponse, of records: [OutgoingRecord]) -> JSONValue? {
    guard let items = response.body?["responses"]?.arrayValue else {
      // The route for one contact.
      guard let record = records.first, records.count == 1, response.body != nil else { return nil }
      return GHLBulk.results([(record.key, .accepted(stored(in: response, of: record, known: nil)?.record))])
    }
    let byContact = Dictionary(
      items.compactMap { item in item["contactId"]?.stringValue.map { (Name($0), item) } },
      uniquingKeysWith: { first, _ in first })
    return GHLBulk.results(
      records.compactMap { record in
        guard let id = context.contact(of: record).id, let item = byContact[id], let result = result(item, of: record) else {
          return nil
        }
        return (record.key, result)
      })
  }

  /// Nil: it says nothing that would still hold the next time, so the contact is looked up, and sent again.
  private func result(_ item: JSONValue, of record: OutgoingRecord) -> GHLBulk.Result? {
    if item["type"]?.stringValue == "success" { return .accepted(tagsAfter(item).flatMap { canonical($0, of: record) }) }
    let message = item["message"]?.stringValue ?? ""
    let text = message.lowercased()
    if text.contains("deleted") { return .gone(message) }
    return text.contains("does not belong") || text.contains("not a valid") ? .refused(message) : nil
  }

  /// What a result says that the contact has now; nil: it does not.
  private func tagsAfter(_ item: JSONValue) -> JSONValue? {
    guard let old = item["oldTags"]?.arrayValue, let added = item["tagsAdded"]?.arrayValue,
      let removed = item["tagsRemoved"]?.arrayValue
    else { return nil }
    return .object([.init(Self.tags, .array((old + added).filter { !removed.contains($0) }))])
  }

  func canResend(_ record: OutgoingRecord, _ paths: [[String]]) -> Bool { true }
}
