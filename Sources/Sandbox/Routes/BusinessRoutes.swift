/// Businesses, and the contacts of one.
extension LocationState {
  func businesses(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let size = try pageSize(try call.number("limit", default: 100, from: 1))
    let skip = call.faults.start(try call.number("skip", default: 0, from: 0), pageSize: size)
    let data = data
    return SandboxAnswer {
      $0.array("businesses") { out in
        for number in data.businessNumbers.dropFirst(skip).prefix(size) { write(data.business(at: number), data, to: &out) }
      }
    }
  }

  func business(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    guard let number = data.businessIndex(call.values[0]) else {
      let status = options.faults.switches.contains(.notFound) ? 404 : 400
      throw Refusal(status, "Business with id \(call.values[0]) not found")
    }
    return SandboxAnswer { out in
      out.name("business")
      write(data.business(at: number), data, to: &out)
    }
  }

  func write(_ business: SyntheticBusiness, _ data: SyntheticData, to out: inout JSONOutput) {
    out.object {
      $0.text("id", business.id)
      $0.text("name", business.name)
      $0.text("phone", optional: business.phone)
      $0.text("email", optional: business.email)
      $0.text("website", optional: business.website)
      $0.text("address", optional: business.address)
      $0.text("city", optional: business.city)
      $0.text("description", optional: business.description)
      $0.text("state", optional: business.state)
      $0.text("postalCode", optional: business.postalCode)
      $0.text("country", optional: business.country)
      $0.text("locationId", business.locationID)
      for member in ["createdBy", "updatedBy"] {
        $0.object(member) {
          $0.text("id", data.userID(at: 0))
          $0.text("source", "INTEGRATION")
        }
      }
      $0.text("createdAt", Instant.iso(business.createdAt))
      $0.text("updatedAt", Instant.iso(business.updatedAt))
      $0.array("customFields") { _ in }
    }
  }

  /// `GET /contacts/business/{businessId}`: slim contacts in the order of their names, by `limit` and `skip`, or in v3 by the
  /// cursor `startAfter` (name and id). A business that is not known has no contacts.
  func businessContacts(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let size = try pageSize(try call.number("limit", default: 25, from: 1))
    let skip = try call.number("skip", default: 0, from: 0)
    let data = data
    let members = data.businessIndex(call.values[0]).map(data.contacts(ofBusiness:)) ?? .range(0..<0)
    let query = call.query["query"].flatMap { $0.isEmpty ? nil : $0.lowercased() }
    // Places among the members.
    let matching: [Int]? = query.map { query in members.indices.filter { data.matches(members[$0], query) } }
    let count = matching?.count ?? members.count

    var offset = skip
    var isEmpty = false
    if call.generation == .v3, let cursor = Self.nameCursor(call.query.all("startAfter")) {
      let next = data.place(after: cursor, in: members)
      offset = matching.map { $0.firstIndex { $0 >= next } ?? $0.count } ?? next
    } else {
      isEmpty = try isBehindWall(skip, size)
    }
    if offset > 0 {
      offset = max(offset + call.faults.shift, 0)
      if call.faults.has(.repeatedPage) { offset = max(offset - size, 0) }
    }
    let range = isEmpty || offset >= count ? 0..<0 : offset..<min(offset + size, count)
    let withNames = options.faults.switches.contains(.namesInList)
    return SandboxAnswer {
      $0.array("contacts") { out in
        for place in Self.places(range, call.faults) {
          ContactWriter.slim(data.contact(at: members[matching?[place] ?? place]), names: withNames, to: &out)
        }
      }
      $0.number("count", call.faults.told(count))
    }
  }

  /// The places of a page; with the fault, its last one twice.
  static func places(_ range: Range<Int>, _ faults: RequestFaults) -> [Int] {
    faults.has(.duplicateIDs) ? Array(range) + range.suffix(1) : Array(range)
  }

  // MARK: The cursor of names

  /// The cursor as repeated keys (`startAfter=john&startAfter=id1`), or as one text with a comma (`startAfter=john,id1`; the
  /// last comma, since a name may hold some). `facts.md` 1.2: both are met.
  static func nameCursor(_ values: [String]) -> (name: String, id: String)? {
    if values.count > 1 { return (values[0], values[1]) }
    guard let value = values.first, !value.isEmpty else { return nil }
    guard let comma = value.lastIndex(of: ",") else { return (value, "") }
    return (String(value[..<comma]), String(value[value.index(after: comma)...]))
  }
}

extension SyntheticData {
  /// Whether name, e-mail or phone holds the text, given in lower case.
  func matches(_ index: Int, _ query: String) -> Bool {
    sortName(at: index).contains(query) || email(at: index)?.lowercased().contains(query) == true
      || phone(at: index)?.contains(query) == true
  }

  /// The place of the first member after a cursor. A name that does not belong to the identifier counts alone: an empty one
  /// starts again at the first page.
  fileprivate func place(after cursor: (name: String, id: String), in members: MemberList) -> Int {
    let name = cursor.name.lowercased()
    if let index = contactIndex(cursor.id), let place = members.place(of: index) {
      let shown = contact(at: index).name?.lowercased()
      if name == sortName(at: index) || name == shown ?? "" { return place + 1 }
    }
    return name.isEmpty ? 0 : place(of: name, in: members)
  }
}
