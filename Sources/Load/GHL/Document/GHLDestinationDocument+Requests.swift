import Core
import GHL

/// The `http` destination that a `ghl` destination is loaded as.
extension GHLDestinationDocument {
  package var httpDocument: HTTPDocument {
    var rules = ResponseRules()
    rules.dialect = GHLResponses()
    var document = HTTPDocument(address: address, responses: rules)
    document.authorization = .bearer(token)
    document.fallback = fallback
    document.tenant = location
    document.headers = [Self.constant("Version", GHLRoute.createContact.version(in: generation))]
    document.longestCall = longestCall
    document.proof = GHLScopeProof(document: self)
    let owners = Dictionary(uniqueKeysWithValues: GHLPartDocument.Target.allCases.map { ($0, GHLOwners.Table()) })
    document.resources = parts.map { resource($0, owners[$0.target] ?? GHLOwners.Table()) }
    return document
  }

  private func resource(_ part: GHLPartDocument, _ owners: GHLOwners.Table) -> ResourceDocument {
    var resource = ResourceDocument(mapping: part.mapping, place: part.place)
    func request(_ route: GHLRoute) -> RequestDocument { Self.request(route, part) }
    let isDeletion = part.deletion != nil
    switch part.target {
    case .contacts:
      if !isDeletion { resource.create = request(part.write == .upsert ? .upsertContact : .createContact) }
      if !isDeletion { resource.update = request(.updateContact) }
      resource.delete = allowsDelete ? request(.deleteContact) : nil
      resource.find = FindDocument(request(.contact), items: nil)
      resource.conflict.remoteID = ResponsePath("meta.contactId")
      if let existing = part.existing { (resource.conflict.then, resource.conflict.isStated) = (existing, true) }
    case .tasks:
      if !isDeletion { (resource.create, resource.update) = (request(.createTask), request(.updateTask)) }
      resource.delete = allowsDelete ? request(.deleteTask) : nil
      resource.find = FindDocument(request(.task), items: nil)
    case .notes:
      if !isDeletion { (resource.create, resource.update) = (request(.createNote), request(.updateNote)) }
      resource.delete = allowsDelete ? request(.deleteNote) : nil
      resource.find = FindDocument(request(.note), items: nil)
    case .tags:
      let route = part.action == .add ? GHLRoute.addTags : .removeTags
      (resource.create, resource.update) = (request(route), request(route))
      resource.find = FindDocument(request(.contact), items: nil)
      resource.batch = Self.batch(request(.bulkTags))
    case .business:
      (resource.create, resource.update) = (request(.bulkBusiness), request(.bulkBusiness))
      resource.find = FindDocument(request(.contact), items: nil)
      resource.batch = Self.batch(request(.bulkBusiness))
    }
    // Where a response has the record; the adapter gives other responses the same form.
    let names: [GHLPartDocument.Target: Name] = [.contacts: "contact", .tasks: "task", .notes: "note"]
    if let name = names[part.target] {
      resource.record = ResponsePath([.member(name)])
      resource.remoteID = .body(ResponsePath([.member(name), .member("id")]))
    }
    (resource.updateStyle, resource.statesUpdateStyle) = (.merge, true)
    resource.adapter = GHLAdapters(document: self, part: part, owners: owners)
    (resource.readsBack, resource.readBack) = (part.readBack != nil, part.readBack)
    (resource.verify, resource.before) = (part.verify, part.before)
    // Any activity changes these: a tag, a task, an e-mail.
    if part.target == .contacts { resource.volatile = ["dateUpdated", "lastActivity"] }
    resource.normalizes = Self.normalizers(of: part) + part.normalizes
    resource.deletion = part.deletion.map { deletion in
      // The reader refuses a third decimal place.
      DeletionDocument(of: deletion.mapping, share: Int((deletion.maxPercent * 100).rounded()))
    }
    return resource
  }

  // MARK: Requests

  /// The route's path, with the contact's ID and then the record's own in place of its parameters.
  static func request(_ route: GHLRoute, _ part: GHLPartDocument) -> RequestDocument {
    var ids: [RequestPlaceholder] = [.remoteID]
    if let contact = part.contact {
      ids.insert(.parentID(mapping: contact.mapping, field: contact.field), at: 0)
    }
    var parts: [RequestText.Part] = []
    var plain = ""
    for segment in route.template.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      plain += "/"
      switch segment {
      case "{type}": plain += part.action.rawValue
      case _ where segment.hasPrefix("{"):
        parts += [.text(Name(plain)), .placeholder(ids.removeFirst())]
        plain = ""
      default: plain += segment
      }
    }
    if !plain.isEmpty { parts.append(.text(Name(plain))) }
    return RequestDocument(
      RequestTemplate(method: route.method.rawValue, target: RequestText(parts)), place: part.place)
  }

  /// The adapter makes the body, and brings the response into this form.
  private static func batch(_ request: RequestDocument) -> BatchDocument {
    var results = BatchResults()
    results.list = ResponsePath("results")
    (results.key, results.status, results.body) = (ResponsePath("key"), ResponsePath("status"), ResponsePath("body"))
    results.record = ResponsePath("record")
    return BatchDocument(request, size: GHLBodyShape.linksAtMost, items: "records", updates: true, results: results)
  }

  private static func constant(_ name: String, _ value: String) -> HeaderTemplate {
    do { return try HeaderTemplate(name, value) } catch { preconditionFailure("\(name): \(error)") }
  }

  // MARK: What GHL does to values

  /// The changes that GHL makes to what it stores.
  private static func normalizers(of part: GHLPartDocument) -> [NormalizedField] {
    let changes: [(String, Set<FieldNormalizer>)] =
      switch part.target {
      case .contacts:
        [
          ("email", [.trim, .lower]), ("phone", [.digits]), ("country", [.lower]), ("name", [.spaces, .lower]),
          ("firstName", [.trim]), ("lastName", [.trim]), ("tags", [.unordered, .trim, .lower]), ("customFields", [.unordered]),
        ]
          + [
            "address1", "city", "state", "postalCode", "website", "timezone", "source", "companyName", "assignedTo", "gender",
            "dateOfBirth", "dndSettings", "inboundDndSettings",
          ].map { ($0, []) }
      case .tasks: ["title", "body", "dueDate", "assignedTo"].map { ($0, []) }
      case .notes: ["title", "body", "userId", "color"].map { ($0, []) }
      case .tags: [("tags", [.unordered, .trim, .lower])]
      case .business: [(GHLFields.business, [])]
      }
    // A field without a value is missing in a response.
    return changes.map { NormalizedField([Name($0.0)], $0.1.union([.empty]), place: part.place) }
  }
}
