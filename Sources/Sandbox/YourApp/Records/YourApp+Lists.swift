import Core

/// Lists of all records, or of the records with a key.
extension YourApp {
  func list(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow(AppPage.parameters + resource.filters)
    let page = try page(call)
    return try state.withLock { (state) throws(AppProblem) in
      let collection = state.store[resource]
      if resource.isChild, let contact = call.query[AppResource.parentKey] {
        let parents = state.store[.contacts].places(ofKey: Name(contact))
        var places = parents.flatMap { collection.places(ofParent: $0) }.sorted()
        if let key = call.query[resource.key] { places.removeAll { collection.places[$0]?.key != Name(key) } }
        return answer(collection, places, page, call)
      }
      if let key = call.query[resource.key] { return answer(collection, collection.places(ofKey: Name(key)), page, call) }
      guard collection.count < collection.places.count else { return answer(collection, 0..<collection.count, page, call) }
      return answer(collection, collection.places.indices.filter { collection.places[$0] != nil }, page, call)
    }
  }

  func listChildren(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow(AppPage.parameters + [resource.key])
    let page = try page(call)
    return try state.withLock { (state) throws(AppProblem) in
      let collection = state.store[resource]
      var places = collection.places(ofParent: try state.store.place(.contacts, id: call.id))
      if let key = call.query[resource.key] { places.removeAll { collection.places[$0]?.key != Name(key) } }
      return answer(collection, places, page, call)
    }
  }

  private func page(_ call: AppCall) throws(AppProblem) -> AppPage {
    guard !plan.switches.contains(.withoutLists) else { throw AppProblem(.notFound, "This server has no lists.") }
    return try AppPage(call, seed: seed)
  }

  /// The page, with every way to get the next one: its number, a cursor in the body and in a header, and `Link` (RFC 8288).
  private func answer<Places: RandomAccessCollection>(
    _ collection: AppCollection, _ places: Places, _ page: AppPage, _ call: AppCall
  ) -> SandboxAnswer where Places.Element == Int, Places.Index == Int {
    let selected = page.select(places)
    let pages = max((places.count + page.limit - 1) / page.limit, 1)
    let hasNext = selected.last.map { $0 != places.last } ?? false
    let cursor = hasNext ? selected.last.map(page.cursor) : nil
    var answer = SandboxAnswer { out in
      out.array("items") { out in
        for place in selected { collection.places[place]?.write(withTag: hasTags, to: &out) }
      }
      out.number("total", places.count)
      if let number = page.number {
        out.number("page", number)
        out.number("pages", pages)
      }
      out.text("nextCursor", optional: cursor, orNull: true)
    }
    if let cursor { answer.headers.append(("X-Next-Cursor", cursor)) }
    if let link = links(page, pages: pages, cursor: cursor, call) { answer.headers.append(("Link", link)) }
    return answer
  }

  /// The header `Link`; nil: there is nothing to link to.
  private func links(_ page: AppPage, pages: Int, cursor: String?, _ call: AppCall) -> String? {
    var links: [String] = []
    func add(_ relation: String, _ name: String, _ value: String) {
      let path = call.request.target.prefix { $0 != "?" }
      let kept = call.request.target.dropFirst(path.count + 1).split(separator: "&").filter { item in
        !["page", "cursor"].contains { item == $0 || item.hasPrefix($0 + "=") }
      }
      let query = (kept + ["\(name)=\(value)"]).joined(separator: "&")
      let origin = call.request.header("host").map { "http://" + $0 } ?? ""
      links.append("<\(origin)\(path)?\(query)>; rel=\"\(relation)\"")
    }
    if let number = page.number {
      if number < pages { add("next", "page", String(number + 1)) }
      if number > 1 { add("prev", "page", String(min(number - 1, pages))) }
      add("first", "page", "1")
      add("last", "page", String(pages))
    } else if let cursor {
      add("next", "cursor", cursor)
    }
    return links.isEmpty ? nil : links.joined(separator: ", ")
  }
}
