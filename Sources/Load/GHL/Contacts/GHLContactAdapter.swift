import Control
import Core
import GHL

/// Contacts: found by the journal's ID or by what identifies them, and created, upserted, changed or deleted.
///
/// GHL's contacts have no key of ours. An e-mail address or a phone number identifies a contact unless the location allows duplicates;
/// one of several contacts with an address is told from the others by which of them already belong to other records of the destination
/// (`owners`). Records with an address in common are never in flight together, because who is first decides.
final class GHLContactAdapter: ResourceAdapter {
  let context: GHLPartContext
  /// Which of GHL's IDs belong to which of our keys. Nil: the part is not open.
  let owners = Locked<GHLOwners?>(nil)
  let findings = Locked(Findings())

  /// What lookups and responses have shown in this process, as far as later calls need it.
  struct Findings: Sendable {
    /// Records that a lookup has shown, and that have not been written since.
    var seen: Set<Name> = []
    /// Records whose e-mail address is an additional one of their contact: to send it would remove the contact's own.
    var additional: Set<Name> = []
    /// Records that only the search can find, which may be late.
    var searched: Set<Name> = []
    /// The contact that was in the way of a create, and the field that both have.
    var inTheWay: [Name: (id: Name, field: String)] = [:]
  }

  init(_ context: GHLPartContext) { self.context = context }

  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {
    let read = try await context.owners(plan, journal)
    owners.withLock { $0 = read }
    try await context.open(plan, engine, journal)
  }

  // MARK: Records

  private static let names: [Name] = ["firstName", "lastName", "name", "companyName"]

  var lookupFields: [Name] { ["email", "phone"] + Self.names }

  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord { context.outgoing(record) }

  /// A value that GHL recognizes contacts by; nil if there is none.
  static func identifier(_ kind: GHLPartDocument.Identifier, of record: OutgoingRecord) -> String? {
    let text = trimmed(record.values[Name(kind.rawValue)]?.text ?? "")
    // GHL stores numbers without separators, and finds them only in that form. Its search may be case-sensitive.
    let found = kind == .email || text.hasPrefix("+") ? normalized(kind, text).text : text
    return found.isEmpty || found == "+" ? nil : found
  }

  static func trimmed(_ text: String) -> String {
    guard case .string(let trimmed) = Set([FieldNormalizer.trim]).normalized(text) else { return text }
    return trimmed
  }

  /// In the form in which GHL compares them: an e-mail address in lower case, the digits of a phone number after its `+`.
  static func normalized(_ kind: GHLPartDocument.Identifier, _ text: String) -> Name {
    let normalizers: Set<FieldNormalizer> = kind == .email ? [.trim, .lower] : [.digits]
    guard case .string(let normalized) = normalizers.normalized(text) else { return Name(text) }
    return Name(normalized)
  }

  /// Contacts without an address are compared by their contents, of which one may be a part of another: they go one at a time.
  func identities(of record: OutgoingRecord) -> [Name] {
    let own = identitiesHeld(by: record)
    return own.isEmpty ? ["contact:"] : own
  }

  func identitiesHeld(by record: OutgoingRecord) -> [Name] {
    GHLPartDocument.Identifier.allCases.compactMap { kind in
      guard let text = Self.identifier(kind, of: record) else { return nil }
      let normalized = Self.normalized(kind, text).text
      // With or without the country code, or the zero before the area code, it is the same number.
      return Name("\(kind.rawValue):\(kind == .phone ? String(normalized.suffix(Self.comparedDigits)) : normalized)")
    }
  }

  private static let comparedDigits = 7

  func title(of identity: Name) -> String {
    identity.text.hasPrefix("phone:")
      ? "a phone number that ends in the same \(Self.comparedDigits) digits" : "the same e-mail address"
  }

  var keepsOwners: Bool { true }

  /// The owners of another pipeline's contacts, or of another destination's, are not known.
  func effect(of other: JournalScope, on own: JournalScope) -> String? {
    let isKnown = other.pipeline.isExactly(own.pipeline) && other.destination.isExactly(own.destination)
    if isKnown || context.part.match.isEmpty { return nil }
    let names = context.part.match.map { $0 == .email ? "e-mail address" : "phone number" }.joined(separator: " or ")
    return "each overwrites what the other has sent for contacts with the same \(names)"
  }

  // MARK: What GHL has

  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord? {
    guard let body = response.body, let contact = body["contact"], contact.objectValue != nil else { return nil }
    let id = contact["id"]?.stringValue.map { Name($0) }
    // A response about another contact says nothing about this one.
    if let id, let own = known?.remoteID, known?.isPresent == true, id != own { return nil }
    findings.withLock { findings in
      findings.seen.remove(record.key)
      findings.inTheWay[record.key] = nil
    }
    let isOwn = id.flatMap { id in owners.withLock { $0?.claim(id, for: record.key) } } ?? true
    var stored = StoredRecord(remoteID: id, record: canonical(contact, of: record))
    stored.wasThere = body["new"]?.boolValue == false
    stored.isOfAnother = !isOwn && known?.isPresent != true
    return stored
  }

  func canonical(_ contact: JSONValue, of record: OutgoingRecord) -> JSONValue? {
    context.form?.canonical(contact, sent: try? JSONReader.read(record.json), key: record.key)
  }

  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]? {
    guard let body, let key = keys.first, keys.count == 1, let form = context.form else { return nil }
    return [form.canonical(body, key: key)]
  }

  // MARK: Conflicts

  func conflict(_ response: ReadResponse, _ record: OutgoingRecord, isUpdate: Bool) -> PartLoad.Reason? {
    guard response.kind == .conflict, let id = response.body?["meta"]?["contactId"]?.stringValue, !id.isEmpty else { return nil }
    let field = response.body?["meta"]?["matchingField"]?.stringValue ?? ""
    let (shownID, shown) = (
      Self.shown(id), field.isEmpty ? "e-mail address or phone" : VisibleText.escaped(String(field.prefix(50)))
    )
    func reason(_ code: ProblemCode, _ detail: String) -> PartLoad.Reason {
      PartLoad.Reason(code, detail, column: context.columns.firstIndex { $0.isExactly([field]) }, status: response.status)
    }
    if isUpdate {
      return reason(.conflictNotOurs, "the contact \(shownID) has its \(shown), and the location does not allow duplicates")
    }
    if owners.withLock({ $0?.isOwned(Name(id), besides: record.key) ?? false }) {
      return reason(.alreadyExists, "the contact \(shownID) of another of our records has its \(shown)")
    }
    let isMatched = GHLPartDocument.Identifier(rawValue: field).map(context.part.match.contains) ?? !context.part.match.isEmpty
    guard isMatched else {
      return reason(.alreadyExists, "the contact \(shownID) has its \(shown), by which `match` takes over no contact")
    }
    findings.withLock { $0.inTheWay[record.key] = (Name(id), field) }
    return nil
  }

  /// An ID for messages.
  static func shown(_ id: String) -> String { VisibleText.escaped(String(id.prefix(100))) }
}
