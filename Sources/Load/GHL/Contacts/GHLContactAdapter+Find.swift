import Control
import Core
import GHL
import Values

/// Finding a contact.
///
/// 1. The journal has an ID: the contact with this ID, or none.
/// 2. Otherwise, GHL's own search for duplicates is asked for the e-mail address and for the phone number: for both, because they may
///    lead to different contacts. Each hit is read by its ID.
/// 3. If a hit belongs to another record of the mapping, or is not as it was sent, the location may have several contacts with the
///    address: the search shows them all.
/// 4. A record without an address is found by its contents: see `+Content`.
///
/// Of several contacts, the one that is as it was sent is taken. If there is none, the record fails: nothing says which one is meant.
extension GHLContactAdapter {
  typealias Found = Result<[StoredRecord], RecordLookup.Trouble>

  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Found {
    guard let opened = context.opened else {
      return .failure(.init(result: .failed(.other, retryAfter: nil, "the location has not been read")))
    }
    let known = try await JournalReader(plan: lookup.plan, journal: opened.journal).accepted(record.key)
    do {
      if let id = record.remoteID ?? (known?.isPresent == true ? known?.remoteID : nil) {
        let contact = try await contact(id, lookup)
        return .success(contact.map { [taken($0, by: record)] } ?? [])
      }
      let found = try await unknown(record, Sought(record, form: opened.form, lookup: lookup))
      return .success(found.map { [taken($0.contact, by: record, hasEmail: $0.hasEmail)] } ?? [])
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

  /// The only contact that can be meant; nil: there is none.
  ///
  /// - Returns: `hasEmail`: the record's e-mail address led to it.
  private func unknown(_ record: OutgoingRecord, _ sought: Sought) async throws -> (contact: JSONValue, hasEmail: Bool)? {
    let inTheWay = findings.withLock { $0.inTheWay[record.key] }
    // Contacts that were there before are taken over only by what `match` names.
    let kinds = record.since == nil ? context.part.match : GHLPartDocument.Identifier.allCases
    guard !kinds.isEmpty else { return nil }
    let identifiers = kinds.compactMap { kind in Self.identifier(kind, of: record).map { (kind: kind, text: $0) } }
    let hasAny = GHLPartDocument.Identifier.allCases.contains { Self.identifier($0, of: record) != nil }
    guard hasAny else { return try await byContent(sought).map { ($0, false) } }
    var found: [GHLPartDocument.Identifier: [JSONValue]] = [:]
    for (kind, text) in identifiers {
      var holders = try await holders(of: text, kind, sought)
      if let inTheWay, inTheWay.field.isExactly(kind.rawValue) || inTheWay.field.isEmpty,
        !holders.contains(where: { Self.id(of: $0) == inTheWay.id }), isFree(inTheWay.id, for: record),
        let contact = try await contact(inTheWay.id, sought.lookup)
      {
        holders.append(contact)
      }
      if !holders.isEmpty { found[kind] = holders }
    }
    var candidates = found.values.first ?? []
    if let byEmail = found[.email], let byPhone = found[.phone] {
      candidates = byEmail.filter { contact in byPhone.contains { Self.id(of: $0) == Self.id(of: contact) } }
      if candidates.isEmpty { throw Self.split(byEmail, byPhone) }
    }
    return try only(candidates, sought).map { ($0, found[.email] != nil) }
  }

  /// The contacts with an address, without those of other records, and those that the open call cannot have created.
  private func holders(
    of text: String, _ kind: GHLPartDocument.Identifier, _ sought: Sought
  ) async throws -> [JSONValue] {
    let name = kind == .email ? "email" : "number"
    let target = Self.target(
      GHLRoute.findDuplicate.template, [("locationId", context.document.location), (name, text)])
    guard let body = try await sought.lookup.read("GET", target).get(), let hit = body["contact"], let id = Self.id(of: hit)
    else {
      return []
    }
    var holders: [JSONValue] = []
    if isFree(id, for: sought.record), let contact = try await contact(id, sought.lookup), mayTake(contact, sought) {
      if sought.isSame(contact) { return [contact] }
      holders.append(contact)
    }
    // It is somebody else's contact, or may be: there may be others with this address.
    if holders.isEmpty { findings.withLock { _ = $0.searched.insert(sought.record.key) } }
    let others = try await search([(kind.rawValue, text)], sought.lookup).filter { other in
      !holders.contains { Self.id(of: $0) == other } && isFree(other, for: sought.record)
    }
    for other in others {
      guard let contact = try await contact(other, sought.lookup), mayTake(contact, sought) else { continue }
      if sought.isSame(contact) { return [contact] }
      holders.append(contact)
    }
    return holders
  }

  /// Without `match`, contacts that were there before are never taken over.
  private func mayTake(_ contact: JSONValue, _ sought: Sought) -> Bool { !context.part.match.isEmpty || sought.isNew(contact) }

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

  /// The contact belongs to the record from now on.
  ///
  /// - Parameter hasEmail: GHL says that the record's e-mail address is one of its own.
  private func taken(_ contact: JSONValue, by record: OutgoingRecord, hasEmail: Bool = false) -> StoredRecord {
    let id = Self.id(of: contact)
    if let id { _ = owners.withLock { $0?.claim(id, for: record.key) } }
    let isAdditional = Self.hasAsAdditional(Self.identifier(.email, of: record), contact, isKnown: hasEmail)
    findings.withLock { findings in
      findings.seen.insert(record.key)
      if isAdditional { findings.additional.insert(record.key) } else { findings.additional.remove(record.key) }
    }
    return StoredRecord(remoteID: id, record: canonical(contact, of: record))
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
