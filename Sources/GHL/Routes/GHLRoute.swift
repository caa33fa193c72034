package import Core

/// One route of GHL's API, as the official OpenAPI documents describe it: method, path, the scope that a token needs, and what
/// the body may have. `GHLRoute.all` is the only list of them; tests compare it with the documents.
package struct GHLRoute: Sendable, Hashable {
  package typealias Generation = GHLVersions.Generation

  private enum Segment: Sendable, Hashable {
    case literal(String)
    case parameter(String)
  }

  package let method: GHLRequest.Method
  /// `/contacts/{contactId}/tasks`, as the documents write it. Some routes end with a slash.
  package let template: String
  package let endpoint: GHLEndpoint
  /// What a token needs for it.
  package let scope: String
  /// Those whose documents have it.
  package let generations: [Generation]
  private let bodies: [Generation: GHLBodyShape]
  private let segments: [Segment]

  init(
    _ method: GHLRequest.Method, _ template: String, _ endpoint: GHLEndpoint, _ scope: String,
    only generation: Generation? = nil, _ body: ((Generation) -> GHLBodyShape)? = nil
  ) {
    self.method = method
    self.template = template
    self.endpoint = endpoint
    self.scope = scope
    generations = generation.map { [$0] } ?? Generation.allCases
    bodies = body.map { body in Dictionary(uniqueKeysWithValues: Generation.allCases.map { ($0, body($0)) }) } ?? [:]
    segments = template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  /// It changes nothing. Searches use POST, but read.
  package var isRead: Bool { method == .get || [.contactSearch, .taskSearch].contains(endpoint) }

  /// The value of the `Version` header.
  package func version(in generation: Generation) -> String { GHLVersions(generation).version(for: endpoint) }

  /// Nil for a route that takes no body.
  package func body(in generation: Generation) -> GHLBodyShape? { bodies[generation] }

  /// What GHL would refuse: one sentence for each place, without any value. Empty if it accepts the body.
  package func faults(in body: JSONValue?, _ generation: Generation) -> [String] {
    if let shape = self.body(in: generation) { return shape.faults(in: body) }
    return body == nil ? [] : ["this route takes no body"]
  }

  /// The names of the parameters in the template.
  package var parameters: [String] {
    segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
  }

  /// The segments of a path, as `GHLRequest` takes them.
  ///
  /// - Parameter values: one for each parameter of the template.
  package func path(_ values: String...) -> [String] { path(of: values) }

  /// Path and query of a request, encoded.
  ///
  /// - Parameter values: one for each parameter of the template.
  package func target(_ values: String..., query: [(name: String, value: String)] = []) -> String {
    GHLRequest(method, endpoint, path: path(of: values), query: query.map { .init($0.name, $0.value) }).target
  }

  private func path(of values: [String]) -> [String] {
    precondition(values.count == parameters.count, "\(template) has other parameters")
    var rest = values[...]
    return segments.map { segment in
      switch segment {
      case .literal(let text): text
      case .parameter: rest.removeFirst()
      }
    }
  }

  // MARK: Finding

  /// The route of a path; nil if the documents do not have it. A literal segment counts more than a parameter; trailing
  /// slashes do not matter.
  ///
  /// - Parameter generation: nil: any.
  package static func matching(_ method: GHLRequest.Method, _ path: [String], in generation: Generation? = nil) -> GHLRoute? {
    let parts = path.filter { !$0.isEmpty }
    var best: (route: GHLRoute, literals: Int)?
    for route in all where route.method == method && generation.map(route.generations.contains) ?? true {
      guard let literals = route.literals(in: parts), literals > best?.literals ?? -1 else { continue }
      best = (route, literals)
    }
    return best?.route
  }

  /// The number of literal segments that are equal; nil if the path belongs to another route.
  private func literals(in parts: [String]) -> Int? {
    let segments = segments.filter { $0 != .literal("") }
    guard segments.count == parts.count else { return nil }
    var count = 0
    for (segment, part) in zip(segments, parts) {
      guard case .literal(let text) = segment else { continue }
      guard text.isExactly(part) else { return nil }
      count += 1
    }
    return count
  }

  /// The scope of the routes of each endpoint.
  static let scopes = Dictionary(all.map { ($0.endpoint, $0.scope) }) { first, _ in first }
}

extension GHLRoute {
  // MARK: Contacts

  package static let contact = GHLRoute(.get, "/contacts/{contactId}", .contact, "contacts.readonly")
  package static let contactList = GHLRoute(.get, "/contacts/", .contactList, "contacts.readonly", only: .dated)
  package static let contactsOfBusiness = GHLRoute(
    .get, "/contacts/business/{businessId}", .contactsByBusiness, "contacts.readonly")
  package static let searchContacts = GHLRoute(.post, "/contacts/search", .contactSearch, "contacts.readonly") { _ in
    .contactSearch
  }
  package static let findDuplicate = GHLRoute(.get, "/contacts/search/duplicate", .contactDuplicate, "contacts.readonly")
  package static let createContact = write(.post, "/contacts/") { .newContact($0) }
  package static let upsertContact = write(.post, "/contacts/upsert") { .upsertedContact($0) }
  package static let updateContact = write(.put, "/contacts/{contactId}") { .changedContact($0) }
  package static let deleteContact = write(.delete, "/contacts/{contactId}")

  package static let tasks = GHLRoute(.get, "/contacts/{contactId}/tasks", .contactTasks, "contacts.readonly")
  package static let task = GHLRoute(.get, "/contacts/{contactId}/tasks/{taskId}", .contactTasks, "contacts.readonly")
  package static let createTask = write(.post, "/contacts/{contactId}/tasks") { _ in .task(isNew: true) }
  package static let updateTask = write(.put, "/contacts/{contactId}/tasks/{taskId}") { _ in .task(isNew: false) }
  package static let completeTask = write(.put, "/contacts/{contactId}/tasks/{taskId}/completed") { _ in
    GHLBodyShape([.init("completed", .boolean, required: true)])
  }
  package static let deleteTask = write(.delete, "/contacts/{contactId}/tasks/{taskId}")

  package static let notes = GHLRoute(.get, "/contacts/{contactId}/notes", .contactNotes, "contacts.readonly")
  package static let note = GHLRoute(.get, "/contacts/{contactId}/notes/{id}", .contactNotes, "contacts.readonly")
  package static let createNote = write(.post, "/contacts/{contactId}/notes") { _ in .note(isNew: true) }
  package static let updateNote = write(.put, "/contacts/{contactId}/notes/{id}") { _ in .note(isNew: false) }
  package static let deleteNote = write(.delete, "/contacts/{contactId}/notes/{id}")

  package static let appointments = GHLRoute(
    .get, "/contacts/{contactId}/appointments", .contactAppointments, "contacts.readonly")

  package static let addTags = write(.post, "/contacts/{contactId}/tags") { _ in .list(named: "tags") }
  package static let removeTags = write(.delete, "/contacts/{contactId}/tags") { _ in .list(named: "tags") }
  package static let addFollowers = write(.post, "/contacts/{contactId}/followers") { _ in .list(named: "followers") }
  package static let removeFollowers = write(.delete, "/contacts/{contactId}/followers") { _ in .list(named: "followers") }

  package static let addToCampaign = write(.post, "/contacts/{contactId}/campaigns/{campaignId}") { _ in GHLBodyShape([]) }
  package static let removeFromCampaign = write(.delete, "/contacts/{contactId}/campaigns/{campaignId}")
  package static let removeFromAllCampaigns = write(
    .delete, "/contacts/{contactId}/campaigns/removeAll", only: .dated)
  package static let removeFromAllCampaignsV3 = write(
    .delete, "/contacts/{contactId}/campaigns/remove-all", only: .v3)
  package static let addToWorkflow = write(.post, "/contacts/{contactId}/workflow/{workflowId}") { _ in .workflow }
  package static let removeFromWorkflow = write(.delete, "/contacts/{contactId}/workflow/{workflowId}") { _ in .workflow }

  /// The document names no scope for the two bulk routes; they change contacts.
  package static let bulkTags = write(.post, "/contacts/bulk/tags/update/{type}") { _ in .bulkTags }
  package static let bulkBusiness = write(.post, "/contacts/bulk/business") { _ in .bulkBusiness }

  private static func write(
    _ method: GHLRequest.Method, _ template: String, only generation: Generation? = nil,
    _ body: ((Generation) -> GHLBodyShape)? = nil
  ) -> GHLRoute {
    GHLRoute(method, template, .contactChange, "contacts.write", only: generation, body)
  }

  // MARK: Businesses

  package static let businesses = GHLRoute(.get, "/businesses/", .businesses, "businesses.readonly")
  package static let business = GHLRoute(.get, "/businesses/{businessId}", .businesses, "businesses.readonly")
  package static let createBusiness = GHLRoute(.post, "/businesses/", .businessChange, "businesses.write") { _ in
    .business(isNew: true)
  }
  package static let updateBusiness = GHLRoute(.put, "/businesses/{businessId}", .businessChange, "businesses.write") { _ in
    .business(isNew: false)
  }
  package static let deleteBusiness = GHLRoute(.delete, "/businesses/{businessId}", .businessChange, "businesses.write")

  // MARK: Locations, users, calendars

  package static let locations = GHLRoute(.get, "/locations/search", .location, "locations.readonly")
  package static let location = GHLRoute(.get, "/locations/{locationId}", .location, "locations.readonly")
  package static let customFields = GHLRoute(
    .get, "/locations/{locationId}/customFields", .customFields, "locations/customFields.readonly")
  package static let locationTags = GHLRoute(.get, "/locations/{locationId}/tags", .tags, "locations/tags.readonly")
  package static let searchTasks = GHLRoute(
    .post, "/locations/{locationId}/tasks/search", .taskSearch, "locations/tasks.readonly"
  ) { _ in .taskSearch }
  package static let users = GHLRoute(.get, "/users/search", .users, "users.readonly")
  package static let userList = GHLRoute(.get, "/users/", .users, "users.readonly", only: .dated)
  package static let user = GHLRoute(.get, "/users/{userId}", .users, "users.readonly")
  package static let calendarEvents = GHLRoute(.get, "/calendars/events", .calendarEvents, "calendars/events.readonly")
  package static let appointment = GHLRoute(
    .get, "/calendars/events/appointments/{eventId}", .calendarEvents, "calendars/events.readonly")

  /// All routes of the official documents of contacts and businesses, and those of locations, users and calendars that Waybill
  /// uses or that belong to contacts.
  package static let all: [GHLRoute] = [
    contactList, createContact, upsertContact, searchContacts, findDuplicate, contactsOfBusiness, contact, updateContact,
    deleteContact,
    tasks, createTask, task, updateTask, completeTask, deleteTask,
    notes, createNote, note, updateNote, deleteNote, appointments,
    addTags, removeTags, addFollowers, removeFollowers,
    addToCampaign, removeFromCampaign, removeFromAllCampaigns, removeFromAllCampaignsV3, addToWorkflow, removeFromWorkflow,
    bulkTags, bulkBusiness,
    businesses, createBusiness, business, updateBusiness, deleteBusiness,
    locations, location, customFields, locationTags, searchTasks, users, userList, user, calendarEvents, appointment,
  ]
}
