import Control
import Core
import GHL
import Values

/// Finding a contact.
///
/// 1. The journal has an ID: the contact with this ID, or none.
/// 2. Otherwise, GHL's own search for duplicates is asked for the e-mail address and for the phone number: for both, because they may
///    lead to different contacts. Each hit is read by its ID, once.
/// 3. If a hit belongs to another record of the destination, or is not as it was sent, the location may have several contacts with the
///    address: the search shows them all.
/// 4. A record without an address is found by its contents: see `+Content`.
///
/// Of several contacts, the one that is as it was sent is taken. If there is none, the record fails: nothing says which one is meant.
extension GHLContactAdapter {
  typealias Found = Result<[StoredRecord], RecordLookup.Trouble>

  /// How many lookups are made if other records take over the contacts that they find.
  private static let lookupsAtMost = 10

  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Found {
    guard let opened = context.opened else {
      return .failure(.init(result: .failed(.other, retryAfter: nil, "the location has not been read")))
    }
    let known = try await JournalReader(plan: lookup.plan, journal: opened.journal).accepted(record.key)
    do {
      if let id = record.remoteID ?? (known?.isPresent == true ? known?.remoteID : nil) {
        let contact = try await contact(id, lookup)
        return .success(contact.map { [shown($0, to: record)] } ?? [])
      }
      for _ in 0..<Self.lookupsAtMost {
        let sought = Sought(record, form: opened.form, lookup: lookup)
        guard let found = try await unknown(record, sought) else { return .success([]) }
        // What is refused is nobody's: it refuses each record that leads to it.
        let isRefused = lookup.plan.refusesFindings && record.since == nil && !sought.isSame(found.contact)
        if isRefused { return .success([shown(found.contact, to: record, hasEmail: found.hasEmail)]) }
        // If another record has taken it over in the meantime, the next lookup leaves it out.
        guard claim(found.contact, for: record) else { continue }
        return .success([shown(found.contact, to: record, hasEmail: found.hasEmail)])
      }
      throw Self.trouble("other records have taken over each contact that was found by its e-mail address or phone number")
    } catch let trouble as RecordLookup.Trouble {
      return .failure(trouble)
    }
  }

  /// What is looked for.
  struct Sought: Sendable {
    let record: OutgoingRecord
    /// In canonical form; nil: only its addresses are known.
    let json: JSONValue?
    let form: GHLForm
    let lookup: RecordLookup
    /// What was read by its ID.
    let contacts = Locked<[Name: JSONValue?]>([:])

    init(_ record: OutgoingRecord, form: GHLForm, lookup: RecordLookup) {
      (self.record, self.form, self.lookup) = (record, form, lookup)
      let json = try? JSONReader.read(record.json)
      self.json = json?.objectValue?.isEmpty == false ? json : nil
    }

    /// Whether a contact has everything as it was sent.
    func isSame(_ contact: JSONValue) -> Bool {
      guard let json else { return false }
      let found = form.canonical(contact, sent: json, key: record.key)
      return lookup.plan.comparison.differences(from: json, in: found).isEmpty
    }

    /// Whether the open call may have created a contact. The clocks may differ by some minutes.
    func isNew(_ contact: JSONValue) -> Bool {
      guard let since = record.since else { return true }
      guard let added = contact["dateAdded"]?.stringValue, let seconds = InstantText.seconds(of: Array(added.utf8).span) else {
        return false
      }
      return seconds * 1_000 >= since.millisecondsSince1970 - 300_000
    }
  }

  /// The first contact that GHL's search for duplicates shows for an address.
  private struct Hit {
    var kind: GHLPartDocument.Identifier
    var text: String
    var id: Name?
  }

  /// The only contact that can be meant; nil: there is none.
  ///
  /// - Returns: `hasEmail`: the record's e-mail address led to it.
  private func unknown(_ record: OutgoingRecord, _ sought: Sought) async throws -> (contact: JSONValue, hasEmail: Bool)? {
    // Contacts that were there before are taken over only by what `match` names.
    let kinds = record.since == nil ? context.part.match : GHLPartDocument.Identifier.allCases
    guard !kinds.isEmpty else { return nil }
    guard GHLPartDocument.Identifier.allCases.contains(where: { Self.identifier($0, of: record) != nil }) else {
      return try await byContent(sought).map { ($0, false) }
    }
    var hits: [Hit] = []
    for kind in GHLPartDocument.Identifier.allCases where kinds.contains(kind) {
      guard let text = Self.identifier(kind, of: record) else { continue }
      hits.append(Hit(kind: kind, text: text, id: try await duplicate(text, kind, sought.lookup)))
    }
    var found: [GHLPartDocument.Identifier: [JSONValue]] = [:]
    for hit in hits {
      guard let id = hit.id, let contact = try await usable(id, hit.kind, sought) else { continue }
      if sought.isSame(contact) { return (contact, hit.kind == .email) }
      found[hit.kind] = [contact]
    }
    for hit in hits where hit.id != nil {
      // A contact that also has the phone number is among those that have the e-mail address.
      if hit.kind == .phone, let email = found[.email], email == found[.phone] { continue }
      // It is somebody else's contact: there may be others with this address.
      if found[hit.kind] == nil { findings.withLock { _ = $0.searched.insert(record.key) } }
      for id in try await search([(hit.kind.rawValue, hit.text)], sought.lookup) where id != hit.id {
        guard let contact = try await usable(id, hit.kind, sought) else { continue }
        if sought.isSame(contact) { return (contact, hit.kind == .email) }
        found[hit.kind, default: []].append(contact)
      }
    }
    try await addContact(inTheWayOf: record, hits, to: &found, sought)
    var candidates = found[.email] ?? found[.phone] ?? []
    if let byEmail = found[.email], let byPhone = found[.phone] {
      candidates = byEmail.filter { contact in byPhone.contains { Self.id(of: $0) == Self.id(of: contact) } }
      if candidates.isEmpty { throw Self.split(byEmail, byPhone) }
    }
    return try only(candidates, sought).map { ($0, found[.email] != nil) }
  }

  private func duplicate(_ text: String, _ kind: GHLPartDocument.Identifier, _ lookup: RecordLookup) async throws -> Name? {
    let query = [(name: "locationId", value: context.document.location), (kind == .email ? "email" : "number", text)]
    let body = try await lookup.read("GET", GHLRoute.findDuplicate.target(query: query)).get()
    return body?["contact"].flatMap(Self.id(of:))
  }

  /// The contact that a create conflicted with has the address, although no lookup shows that.
  private func addContact(
    inTheWayOf record: OutgoingRecord, _ hits: [Hit], to found: inout [GHLPartDocument.Identifier: [JSONValue]], _ sought: Sought
  ) async throws {
    guard let inTheWay = findings.withLock({ $0.inTheWay[record.key] }) else { return }
    for hit in hits where inTheWay.field.isEmpty || inTheWay.field.isExactly(hit.kind.rawValue) {
      guard found[hit.kind]?.contains(where: { Self.id(of: $0) == inTheWay.id }) != true,
        let contact = try await usable(inTheWay.id, hit.kind, sought)
      else { continue }
      found[hit.kind, default: []].append(contact)
    }
  }

  /// A contact that an address leads to, unless another record has it, or the open call cannot have created it and `match` does not
  /// name the address.
  private func usable(_ id: Name, _ kind: GHLPartDocument.Identifier, _ sought: Sought) async throws -> JSONValue? {
    guard isFree(id, for: sought.record), let contact = try await read(id, sought) else { return nil }
    return context.part.match.contains(kind) || sought.isNew(contact) ? contact : nil
  }

  private func read(_ id: Name, _ sought: Sought) async throws -> JSONValue? {
    if let known = sought.contacts.withLock({ $0[id] }) { return known }
    let contact = try await contact(id, sought.lookup)
    sought.contacts.withLock { _ = $0.updateValue(contact, forKey: id) }
    return contact
  }

  private func only(_ candidates: [JSONValue], _ sought: Sought) throws -> JSONValue? {
    if candidates.count > 1 {
      if let same = candidates.first(where: sought.isSame) { return same }
      let new = sought.record.since == nil ? [] : candidates.filter(sought.isNew)
      if new.count == 1 { return new.first }
      let why = "\(candidates.count) contacts have its e-mail address or phone: \(Self.ids(candidates))"
      throw RecordLookup.Trouble(result: .undecided(PartLoad.Reason(.identitySplit, why)), isAboutRecord: true)
    }
    return candidates.first
  }

  private static func split(_ byEmail: [JSONValue], _ byPhone: [JSONValue]) -> RecordLookup.Trouble {
    let why = "its e-mail address is that of the contact \(ids(byEmail)), and its phone that of \(ids(byPhone))"
    return RecordLookup.Trouble(result: .undecided(PartLoad.Reason(.identitySplit, why)), isAboutRecord: true)
  }

  private static func ids(_ contacts: [JSONValue]) -> String {
    contacts.prefix(3).compactMap { id(of: $0).map { shown($0.text) } }.joined(separator: ", ")
      + (contacts.count > 3 ? ", …" : "")
  }

  // MARK: Taking a contact

  /// The contact belongs to the record from now on. False: it belongs to another one.
  private func claim(_ contact: JSONValue, for record: OutgoingRecord) -> Bool {
    Self.id(of: contact).flatMap { id in owners.withLock { $0?.claim(id, for: record.key) } } ?? true
  }

  /// - Parameter hasEmail: GHL says that the record's e-mail address is one of its own.
  private func shown(_ contact: JSONValue, to record: OutgoingRecord, hasEmail: Bool = false) -> StoredRecord {
    let isAdditional = Self.hasAsAdditional(Self.identifier(.email, of: record), contact, isKnown: hasEmail)
    findings.withLock { findings in
      findings.seen.insert(record.key)
      if isAdditional { findings.additional.insert(record.key) } else { findings.additional.remove(record.key) }
    }
    return StoredRecord(remoteID: Self.id(of: contact), record: canonical(contact, of: record))
  }

  func isFree(_ id: Name, for record: OutgoingRecord) -> Bool {
    owners.withLock { !($0?.isOwned(id, besides: record.key) ?? false) }
  }

  /// Whether an e-mail address is an additional one of a contact. GHL shows them as texts or as objects.
  ///
  /// - Parameter isKnown: it is one of its addresses.
  private static func hasAsAdditional(_ email: String?, _ contact: JSONValue, isKnown: Bool) -> Bool {
    guard let email, let primary = contact["email"]?.stringValue, !primary.isEmpty else { return false }
    let own = normalized(.email, email)
    if normalized(.email, primary) == own { return false }
    return isKnown
      || (contact["additionalEmails"]?.arrayValue ?? []).contains { entry in
        (entry.stringValue ?? entry["email"]?.stringValue).map { normalized(.email, $0) == own } ?? false
      }
  }
}
