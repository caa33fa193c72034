import Core

/// The body of `POST /contacts/search` (`facts.md` 1.3), checked.
struct ContactSearch {
  enum SortField: String, CaseIterable {
    case email, dnd, source, firstNameLowerCase, lastNameLowerCase, dateAdded, dateUpdated
  }

  struct Sort {
    var field: SortField
    var descending: Bool
  }

  enum Start {
    /// From 1.
    case page(Int)
    case after([JSONValue])
  }

  var locationID: String
  var pageLimit: Int
  var start: Start
  var sorts: [Sort]
  var filter: SearchFilter
  var query: String?
  /// The same for every page of one walk.
  var key: String

  static let mostRecords = 500
  static let mostText = 75

  init(_ body: JSONValue) throws(Refusal) {
    var wrong: [String] = []
    if body["locationId"]?.stringValue == nil { wrong += ["locationId should not be empty", "locationId must be a string"] }
    let limit = body["pageLimit"]?.intValue ?? 0
    if limit < 1 { wrong += ["pageLimit should not be empty", "pageLimit must be a positive number"] }
    if body["page"] != nil, body["searchAfter"] != nil { wrong.append("only one of page, searchAfter can be given") }
    if let page = body["page"], (page.intValue ?? 0) < 1 { wrong.append("page must be a positive number") }
    if let after = body["searchAfter"], after.arrayValue == nil { wrong.append("searchAfter must be an array") }
    if let query = body["query"]?.stringValue, query.count > Self.mostText {
      wrong.append("query must be shorter than 75 characters")
    }
    guard wrong.isEmpty else { throw .unprocessable(wrong) }
    locationID = body["locationId"]?.stringValue ?? ""
    pageLimit = limit
    if let after = body["searchAfter"]?.arrayValue, !after.isEmpty {
      start = .after(after)
    } else {
      start = .page(min(body["page"]?.intValue ?? 1, Call.most))
    }
    sorts = []
    for sort in body["sort"]?.arrayValue ?? [] {
      let name = sort["field"]?.stringValue ?? ""
      guard let field = SortField(rawValue: name) else { throw .badRequest("Invalid sort field \(name)") }
      let direction = sort["direction"]?.stringValue ?? "desc"
      guard ["asc", "desc"].contains(direction) else { throw .badRequest("Invalid sort direction \(direction)") }
      sorts.append(Sort(field: field, descending: direction == "desc"))
    }
    if sorts.isEmpty { sorts = [Sort(field: .dateAdded, descending: true)] }
    filter = try SearchFilter(group: "AND", body["filters"]?.arrayValue ?? [])
    query = body["query"]?.stringValue.flatMap { $0.isEmpty ? nil : $0.lowercased() }
    key = [body["sort"], body["filters"], body["query"]].map { $0?.text ?? "" }.joined(separator: "\n")
  }

  /// All contacts, by `dateAdded` alone: no list is needed.
  var plainOrder: SearchOrder? {
    guard filter.isEmpty, query == nil, let sort = sorts.first, sorts.count == 1, sort.field == .dateAdded else { return nil }
    return .arrival(descending: sort.descending)
  }

  /// What a contact is sorted by; its cursor has the same values.
  static func value(_ contact: SyntheticContact, _ field: SortField) -> SearchCursorPart {
    func text(_ value: String?) -> SearchCursorPart { value.map(SearchCursorPart.text) ?? .null }
    return switch field {
    case .email: text(contact.email?.lowercased())
    case .dnd: .number(contact.doNotDisturb ? 1 : 0)
    case .source: text(contact.source)
    case .firstNameLowerCase: text(contact.firstName?.lowercased())
    case .lastNameLowerCase: text(contact.lastName?.lowercased())
    case .dateAdded: .number(contact.dateAdded)
    case .dateUpdated: .number(contact.dateUpdated)
    }
  }

  func cursor(of contact: SyntheticContact) -> [SearchCursorPart] {
    sorts.map { Self.value(contact, $0.field) } + [.text(contact.id)]
  }
}

extension SearchCursorPart {
  /// Missing values come last in either direction.
  static func precedes(_ one: SearchCursorPart, _ two: SearchCursorPart, descending: Bool) -> Bool? {
    switch (one, two) {
    case (.null, .null): nil
    case (.null, _): false
    case (_, .null): true
    case (.number(let one), .number(let two)): one == two ? nil : (one < two) != descending
    case (.text(let one), .text(let two)): one == two ? nil : NameTable.precedes(one, two) != descending
    case (.number, .text): true
    case (.text, .number): false
    }
  }

  func equals(_ value: JSONValue) -> Bool {
    switch self {
    case .number(let number): value.intValue == number
    case .text(let text): value.stringValue == text
    case .null: value == .null
    }
  }
}

extension Sandbox {
  func contactSearch(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let search = try ContactSearch(try call.object())
    guard search.locationID == data.locationID else { throw .otherLocation }
    let size = try pageSize(search.pageLimit, most: ContactSearch.mostRecords, name: "pageLimit")
    let order = search.plainOrder ?? orders.order(search.key) { sorted(search) }
    let count = order.count(in: data)

    var offset = 0
    var isEmpty = false
    var sentCursor: [JSONValue]?
    switch search.start {
    case .page(let page):
      offset = (page - 1) * size
      isEmpty = try isBehindWall(offset, size)
    case .after(let cursor):
      sentCursor = cursor
      guard let index = cursor.last?.stringValue.flatMap(data.contactIndex), let place = order.place(of: index, in: data),
        cursor.count == search.sorts.count + 1,
        zip(search.cursor(of: data.contact(at: index)), cursor).allSatisfy({ $0.equals($1) })
      else { throw .badRequest("searchAfter does not fit the sort") }
      offset = place + 1
    }
    if offset > 0 {
      offset = max(offset + call.faults.shift, 0)
      if call.faults.has(.repeatedPage) { offset = max(offset - size, 0) }
    }
    let range = isEmpty || offset >= count ? 0..<0 : offset..<min(offset + size, count)
    let businesses = (0..<data.businessCount).map { data.business(at: $0).name }
    let repeated: [SearchCursorPart]? = call.faults.has(.repeatedCursor) ? sentCursor.map(Self.parts) : nil
    return SandboxAnswer {
      $0.array("contacts") { out in
        for place in Self.places(range, call.faults) {
          let contact = data.contact(at: order.index(at: place, in: data))
          ContactWriter.found(
            contact, businessName: data.business(ofContact: contact.index).map { businesses[$0] },
            cursor: repeated ?? search.cursor(of: contact),
            saysBusiness: !options.faults.switches.contains(.searchWithoutBusiness), to: &out)
        }
      }
      $0.number("total", call.faults.told(count))
    }
  }

  private static func parts(_ cursor: [JSONValue]) -> [SearchCursorPart] {
    cursor.map { value in value.intValue.map(SearchCursorPart.number) ?? value.stringValue.map(SearchCursorPart.text) ?? .null }
  }

  private func sorted(_ search: ContactSearch) -> SearchOrder {
    var rows: [(index: UInt32, values: [SearchCursorPart])] = []
    for index in 0..<data.contactCount {
      if let query = search.query, !matches(index, query) { continue }
      let contact = data.contact(at: index)
      guard search.filter.accepts(contact, data) else { continue }
      rows.append((UInt32(index), search.sorts.map { ContactSearch.value(contact, $0.field) }))
    }
    rows.sort { one, two in
      for (place, sort) in search.sorts.enumerated() {
        if let answer = SearchCursorPart.precedes(one.values[place], two.values[place], descending: sort.descending) {
          return answer
        }
      }
      return one.index < two.index
    }
    return .list(rows.map(\.index))
  }
}
