import Control
import Core
import GHL
import Values

/// Finding a task or a note: by the ID that the journal has, otherwise by its content among those of its contact.
extension GHLChildAdapter {
  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    func failed(_ why: String, isAboutRecord: Bool) -> Result<[StoredRecord], RecordLookup.Trouble> {
      .failure(.init(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord))
    }
    guard let contact = context.contact(of: record).id else {
      return failed("GHL's ID of its contact is not known", isAboutRecord: true)
    }
    guard let opened = context.opened else { return failed("the location has not been read", isAboutRecord: false) }
    let reader = JournalReader(plan: lookup.plan, journal: opened.journal)
    let known = try await reader.accepted(record.key)
    if let id = record.remoteID ?? (known?.isPresent == true ? known?.remoteID : nil) {
      return try await byID(id, contact, record, lookup)
    }
    // Without its content, nothing says which of the contact's children it is.
    guard let sent = try? JSONReader.read(record.json), sent.objectValue?.isEmpty == false else { return .success([]) }
    return try await byContent(sent, contact, record, lookup)
  }

  private func byID(
    _ id: Name, _ contact: Name, _ record: OutgoingRecord, _ lookup: RecordLookup
  ) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    switch try await lookup.read("GET", routes.read.target(contact.text, id.text)) {
    case .failure(let trouble): return .failure(trouble)
    case .success(nil): return .success([])
    case .success(let body?):
      guard let child = body[routes.single], child["id"]?.stringValue?.isExactly(id.text) == true else {
        let why = "the response is about another \(routes.single)"
        return .failure(.init(result: .failed(.other, retryAfter: nil, why)))
      }
      // One of another contact is not where it belongs.
      if let owner = child["contactId"]?.stringValue, !owner.isExactly(contact.text) { return .success([]) }
      return .success([stored(child, of: record)])
    }
  }

  private func byContent(
    _ sent: JSONValue, _ contact: Name, _ record: OutgoingRecord, _ lookup: RecordLookup
  ) async throws -> Result<[StoredRecord], RecordLookup.Trouble> {
    let children: [JSONValue]
    // After a call that may have created it, only GHL knows.
    if record.since == nil, let kept = lists.children(of: contact, for: record.key) {
      children = kept
    } else {
      switch try await lookup.read("GET", routes.list.target(contact.text)) {
      case .failure(let trouble): return .failure(trouble)
      case .success(nil): children = []
      case .success(let body?):
        guard let list = body[routes.collection]?.arrayValue else {
          let why = "the response has no list '\(routes.collection)'"
          return .failure(.init(result: .failed(.other, retryAfter: nil, why)))
        }
        children = list
        lists.keep(list, of: contact, for: record.key)
      }
    }
    if let own = claimed(children, sent, record, lookup) {
      return .success([stored(own, of: record)])
    }
    if record.since == nil {
      lists.noteAbsent(record.key, among: children.filter { isAbout($0, sent, record, lookup) })
    }
    return .success([])
  }

  /// The child that is this record, which belongs to it from now on: one that is as it was sent, or else one that has appeared since
  /// and is about the same, because GHL may have dropped a field.
  private func claimed(
    _ children: [JSONValue], _ sent: JSONValue, _ record: OutgoingRecord, _ lookup: RecordLookup
  ) -> JSONValue? {
    func claim(_ child: JSONValue) -> Bool {
      guard let id = child["id"]?.stringValue else { return false }
      return owners.withLock { $0?.claim(Name(id), for: record.key) ?? false }
    }
    let same = children.first { child in
      guard let canonical = canonical(child, of: record) else { return false }
      return lookup.plan.comparison.differences(from: sent, in: canonical).isEmpty && claim(child)
    }
    guard same == nil, record.since != nil else { return same }
    return children.first { isNew($0, record) && isAbout($0, sent, record, lookup) && claim($0) }
  }

  /// Whether a child was not there before the call.
  private func isNew(_ child: JSONValue, _ record: OutgoingRecord) -> Bool {
    if let before = lists.before(record.key) ?? remembered(by: record) {
      return child["id"]?.stringValue.map { !before.contains(Name($0)) } ?? false
    }
    // GHL does not report when a task was added: without a lookup before the create, the title and due date must do.
    if routes.single == "task" { return true }
    guard let since = record.since, let added = child["dateAdded"]?.stringValue,
      let seconds = InstantText.seconds(of: Array(added.utf8).span)
    else { return false }
    // The clocks may differ by some minutes.
    return seconds * 1_000 >= since.millisecondsSince1970 - 300_000
  }

  /// What the process that sent the record found before the create.
  private func remembered(by record: OutgoingRecord) -> Set<Name>? {
    record.values[Self.before].map { Set($0.text.split(separator: " ").map { Name(String($0)) }) }
  }

  /// Whether a child has the title and the due date of a task, or the text of a note.
  private func isAbout(_ child: JSONValue, _ sent: JSONValue, _ record: OutgoingRecord, _ lookup: RecordLookup) -> Bool {
    guard let found = canonical(child, of: record) else { return false }
    return (routes.single == "task" ? ["title", "dueDate"] : ["body"]).allSatisfy { name in
      guard let own = sent[name], own != .null else { return false }
      return lookup.plan.comparison.differences(of: [name], from: own, in: found[name]).isEmpty
    }
  }
}
