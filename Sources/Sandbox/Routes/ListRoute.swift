/// `GET /contacts/`, deprecated but answered: newest first, with the `meta` that was seen live instead of `count`.
extension LocationState {
  func contactList(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let size = try pageSize(try call.number("limit", default: 20, from: 1))
    let data = data
    let query = call.query["query"].flatMap { $0.isEmpty ? nil : $0.lowercased() }
    let list =
      query.map { query in
        SearchOrder.list(
          (0..<data.liveCount).reversed().map(data.contact(arrivedAs:)).filter { data.matches($0, query) }.map(UInt32.init))
      } ?? .arrival(descending: true)
    let count = list.count(in: data)

    // Both parts of the cursor are needed; with one alone the first page comes again (`facts.md` 1.3).
    var offset = 0
    if call.query["startAfter"] != nil, let id = call.query["startAfterId"], !id.isEmpty {
      guard let index = data.everyContactIndex(id), let place = list.place(after: index, in: data) else {
        throw .badRequest("startAfterId is not valid")
      }
      offset = place
      if call.faults.has(.repeatedPage) { offset = max(offset - size, 0) }
      offset = max(offset + call.faults.shift, 0)
    }
    let range = offset >= count ? 0..<0 : offset..<min(offset + size, count)
    var last = range.last.map { data.contact(at: list.index(at: $0, in: data)) }
    if call.faults.has(.repeatedCursor), let sent = call.query["startAfterId"].flatMap(data.contactIndex) {
      last = data.contact(at: sent)
    }
    let hasNext = range.upperBound < count && !range.isEmpty
    return SandboxAnswer {
      $0.array("contacts") { out in
        for place in Self.places(range, call.faults) {
          ContactWriter.listed(data.contact(at: list.index(at: place, in: data)), to: &out)
        }
      }
      $0.object("meta") { out in
        let page = offset / size + 1
        out.number("total", call.faults.told(count))
        if hasNext, let last {
          // The host is the one of the documents' example: a client that follows it goes nowhere.
          out.text(
            "nextPageUrl",
            "http://localhost:5058/contacts/?locationId=\(data.locationID)&limit=\(size)"
              + "&startAfter=\(last.dateAdded)&startAfterId=\(last.id)"
          )
        } else {
          out.token("nextPageUrl", "null")
        }
        if let last {
          out.text("startAfterId", last.id)
          out.number("startAfter", last.dateAdded)
        }
        out.number("currentPage", page)
        if hasNext { out.number("nextPage", page + 1) } else { out.token("nextPage", "null") }
        if page > 1 { out.number("prevPage", page - 1) } else { out.token("prevPage", "null") }
      }
    }
  }
}
