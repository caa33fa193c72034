import Control
import Core
import GHL

/// Contacts without an e-mail address and phone number, and reading contacts.
extension GHLContactAdapter {
  /// A contact without an address that belongs to no record, and that has everything as it was sent; after a call that may have created
  /// it, one with the same names that has been added since, because GHL may have dropped a field.
  func byContent(_ sought: Sought) async throws -> JSONValue? {
    let record = sought.record
    findings.withLock { _ = $0.searched.insert(record.key) }
    let filters = Self.filters(record, of: Self.trimmed)
    guard !filters.isEmpty else {
      if record.since == nil { return nil }
      let why = "it has no e-mail address, phone, or name by which it could be found"
      throw RecordLookup.Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: true)
    }
    var new: JSONValue?
    var ids = try await search(filters, sought.lookup)
    // GHL may have kept the blanks around a name, and its search compares whole values.
    let exact = Self.filters(record) { $0 }
    if !exact.elementsEqual(filters, by: ==) { ids += try await search(exact, sought.lookup).filter { !ids.contains($0) } }
    for id in ids where isFree(id, for: record) {
      guard let contact = try await contact(id, sought.lookup), !Self.hasAddress(contact) else { continue }
      guard !context.part.match.isEmpty || sought.isNew(contact) else { continue }
      if sought.isSame(contact) { return contact }
      if new == nil, record.since != nil, sought.isNew(contact) { new = contact }
    }
    return new
  }

  /// The search compares names in lower case.
  private static func filters(
    _ record: OutgoingRecord, of form: (String) -> String
  ) -> [(field: String, value: String)] {
    let fields = [("firstName", "firstNameLowerCase"), ("lastName", "lastNameLowerCase"), ("companyName", "companyName")]
    let found = fields.compactMap { field, filter -> (field: String, value: String)? in
      let text = form(record.values[Name(field)]?.text ?? "")
      // Longer texts are refused.
      guard !text.isEmpty, text.count < 75 else { return nil }
      return (filter, field == "companyName" ? text : text.lowercased())
    }
    // A company alone has many contacts.
    let names = found.filter { $0.field != "companyName" }
    if !names.isEmpty { return names }
    let name = form(record.values["name"]?.text ?? "").lowercased()
    return name.isEmpty || name.count >= 75 ? found : [("contactName", name)]
  }

  private static func hasAddress(_ contact: JSONValue) -> Bool {
    ["email", "phone"].contains { name in contact[name]?.stringValue.map { !$0.isEmpty } ?? false }
  }

  // MARK: Reading

  static func id(of contact: JSONValue) -> Name? {
    contact["id"]?.stringValue.flatMap { $0.isEmpty ? nil : Name($0) }
  }

  /// A whole contact; nil: it does not exist, or not any more.
  func contact(_ id: Name, _ lookup: RecordLookup) async throws -> JSONValue? {
    guard let body = try await lookup.read("GET", GHLRoute.contact.target(id.text)).get() else { return nil }
    guard let contact = body["contact"], Self.id(of: contact) == id,
      contact["locationId"]?.stringValue.map({ $0.isExactly(context.document.location) }) ?? true
    else { throw Self.trouble("the response is about another contact, or about one of another location") }
    return contact
  }

  private static let pageSize = 100
  /// A page that is not the last one may lack a few contacts, but not most of them.
  private static let lastPageAtMost = pageSize / 2
  private static let pagesAtMost = 1_000

  /// The IDs of all contacts that a search shows.
  ///
  /// - Parameter filters: fields, each with the value that it must have.
  func search(_ filters: [(field: String, value: String)], _ lookup: RecordLookup) async throws -> [Name] {
    guard filters.allSatisfy({ $0.value.count < 75 }) else {
      throw Self.trouble("GHL's search takes no value this long", about: true)
    }
    var members: [JSONValue.Member] = [
      .init("locationId", .string(context.document.location)), .init("pageLimit", .number(Self.pageSize)),
      .init(
        "filters",
        .array(
          filters.map { filter in
            .object([
              .init("field", .string(filter.field)), .init("operator", .string("eq")), .init("value", .string(filter.value)),
            ])
          })),
      .init("sort", .array([.object([.init("field", .string("dateAdded")), .init("direction", .string("asc"))])])),
    ]
    let first = members.count
    var ids: [Name] = []
    var seen: Set<Name> = []
    for _ in 0..<Self.pagesAtMost {
      let body = try await lookup.read("POST", GHLRoute.searchContacts.target(), body: JSONValue.object(members).bytes).get()
      guard let page = body?["contacts"]?.arrayValue else {
        throw Self.trouble("the response to a search has no list 'contacts'")
      }
      guard let last = page.last else { return ids }
      let new = page.compactMap(Self.id(of:)).filter { seen.insert($0).inserted }
      guard !new.isEmpty, let cursor = last["searchAfter"] else { throw Self.trouble("the pages of a search do not advance") }
      ids += new
      if page.count < Self.lastPageAtMost { return ids }
      members = Array(members.prefix(first)) + [.init("searchAfter", cursor)]
    }
    throw Self.trouble("a search has more than \(Self.pagesAtMost) pages", about: true)
  }

  static func trouble(_ why: String, about isAboutRecord: Bool = false) -> RecordLookup.Trouble {
    RecordLookup.Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord)
  }
}
