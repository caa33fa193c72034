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

  /// The order of the search; contacts with the same values are in the order of their numbers.
  func precedes(_ one: ArraySlice<SearchCursorPart>, _ index: Int, _ two: [SearchCursorPart], _ other: Int) -> Bool {
    for (sort, (one, two)) in zip(sorts, zip(one, two)) {
      if let answer = SearchCursorPart.precedes(one, two, descending: sort.descending) { return answer }
    }
    return index < other
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

extension LocationState {
  func contactSearch(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let search = try ContactSearch(try call.object())
    let data = searchedData
    guard search.locationID == data.locationID else { throw .otherLocation }
    let size = try pageSize(search.pageLimit, most: ContactSearch.mostRecords, name: "pageLimit")
    let order = search.plainOrder ?? orders.order(search.key + "\n\(data.edits.version)") { data.sorted(search) }
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
      guard let index = cursor.last?.stringValue.flatMap(data.everyContactIndex), cursor.count == search.sorts.count + 1,
        let place = place(after: cursor, of: index, search, order, data)
      else { throw .badRequest("searchAfter does not fit the sort") }
      offset = place
    }
    if offset > 0 {
      offset = max(offset + call.faults.shift, 0)
      if call.faults.has(.repeatedPage) { offset = max(offset - size, 0) }
    }
    let range = isEmpty || offset >= count ? 0..<0 : offset..<min(offset + size, count)
    let repeated: [SearchCursorPart]? = call.faults.has(.repeatedCursor) ? sentCursor.map(Self.parts) : nil
    return SandboxAnswer {
      $0.array("contacts") { out in
        for place in Self.places(range, call.faults) {
          let contact = data.contact(at: order.index(at: place, in: data))
          ContactWriter.found(
            contact, businessName: data.business(ofContact: contact.index).map { data.business(at: $0).name },
            cursor: repeated ?? search.cursor(of: contact),
            saysBusiness: !options.faults.switches.contains(.searchWithoutBusiness), to: &out)
        }
      }
      $0.number("total", call.faults.told(count))
    }
  }

  /// The place behind a cursor. A contact that was written after it had been read does not fit its cursor any more, or is
  /// gone: then the values of the cursor count.
  private func place(
    after cursor: [JSONValue], of index: Int, _ search: ContactSearch, _ order: SearchOrder, _ data: SyntheticData
  ) -> Int? {
    if data.isThere(index), zip(search.cursor(of: data.contact(at: index)), cursor).allSatisfy({ $0.equals($1) }) {
      return order.place(after: index, in: data)
    }
    guard !data.isThere(index) || data.edits.contacts[index] != nil else { return nil }
    let values = Self.parts(cursor)
    var low = 0
    var high = order.count(in: data)
    while low < high {
      let middle = (low + high) / 2
      let contact = data.contact(at: order.index(at: middle, in: data))
      let precedes = search.precedes(
        values.dropLast(), index, search.sorts.map { ContactSearch.value(contact, $0.field) }, contact.index)
      if precedes { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func parts(_ cursor: [JSONValue]) -> [SearchCursorPart] {
    cursor.map { value in value.intValue.map(SearchCursorPart.number) ?? value.stringValue.map(SearchCursorPart.text) ?? .null }
  }

}

extension SyntheticData {
  fileprivate func sorted(_ search: ContactSearch) -> SearchOrder {
    var rows: [(index: Int, values: [SearchCursorPart])] = []
    func visit(_ index: Int) {
      if let query = search.query, !matches(index, query) { return }
      let contact = contact(at: index)
      guard search.filter.accepts(contact, self) else { return }
      rows.append((index, search.sorts.map { ContactSearch.value(contact, $0.field) }))
    }
    if let holders = search.filter.holders(in: self) { holders.forEach(visit) } else { contactNumbers.forEach(visit) }
    rows.sort { search.precedes($0.values[...], $0.index, $1.values, $1.index) }
    return .list(rows.map { UInt32($0.index) })
  }
}
