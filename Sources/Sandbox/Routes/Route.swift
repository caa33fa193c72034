/// The routes of `facts.md` appendix A and the other writes of the official documents, with what each one needs.
enum Route: String, CaseIterable, Sendable {
  case contact = "GET /contacts/{contactId}"
  case contactTasks = "GET /contacts/{contactId}/tasks"
  case contactTask = "GET /contacts/{contactId}/tasks/{taskId}"
  case contactNotes = "GET /contacts/{contactId}/notes"
  case contactNote = "GET /contacts/{contactId}/notes/{id}"
  case contactAppointments = "GET /contacts/{contactId}/appointments"
  case contactList = "GET /contacts/"
  case contactSearch = "POST /contacts/search"
  case duplicateSearch = "GET /contacts/search/duplicate"
  case businessContacts = "GET /contacts/business/{businessId}"
  case businesses = "GET /businesses/"
  case business = "GET /businesses/{businessId}"
  case location = "GET /locations/{locationId}"
  case customFields = "GET /locations/{locationId}/customFields"
  case tags = "GET /locations/{locationId}/tags"
  case taskSearch = "POST /locations/{locationId}/tasks/search"
  case users = "GET /users/search"
  case calendarEvents = "GET /calendars/events"
  case calendarEvent = "GET /calendars/events/appointments/{eventId}"

  case createContact = "POST /contacts/"
  case updateContact = "PUT /contacts/{contactId}"
  case deleteContact = "DELETE /contacts/{contactId}"
  case upsertContact = "POST /contacts/upsert"
  case addFollowers = "POST /contacts/{contactId}/followers"
  case removeFollowers = "DELETE /contacts/{contactId}/followers"
  case addToCampaign = "POST /contacts/{contactId}/campaigns/{campaignId}"
  case removeFromCampaign = "DELETE /contacts/{contactId}/campaigns/{campaignId}"
  case removeFromCampaigns = "DELETE /contacts/{contactId}/campaigns/removeAll"
  case removeFromCampaignsV3 = "DELETE /contacts/{contactId}/campaigns/remove-all"
  case addToWorkflow = "POST /contacts/{contactId}/workflow/{workflowId}"
  case removeFromWorkflow = "DELETE /contacts/{contactId}/workflow/{workflowId}"
  case bulkBusiness = "POST /contacts/bulk/business"
  case bulkTags = "POST /contacts/bulk/tags/update/{type}"
  case createBusiness = "POST /businesses/"
  case updateBusiness = "PUT /businesses/{businessId}"
  case deleteBusiness = "DELETE /businesses/{businessId}"

  case createTask = "POST /contacts/{contactId}/tasks"
  case updateTask = "PUT /contacts/{contactId}/tasks/{taskId}"
  case completeTask = "PUT /contacts/{contactId}/tasks/{taskId}/completed"
  case deleteTask = "DELETE /contacts/{contactId}/tasks/{taskId}"
  case createNote = "POST /contacts/{contactId}/notes"
  case updateNote = "PUT /contacts/{contactId}/notes/{id}"
  case deleteNote = "DELETE /contacts/{contactId}/notes/{id}"
  case addTags = "POST /contacts/{contactId}/tags"
  case removeTags = "DELETE /contacts/{contactId}/tags"

  var scope: String {
    switch self {
    case .createContact, .updateContact, .deleteContact, .upsertContact, .addFollowers, .removeFollowers, .addToCampaign,
      .removeFromCampaign, .removeFromCampaigns, .removeFromCampaignsV3, .addToWorkflow, .removeFromWorkflow, .bulkBusiness,
      .bulkTags:
      "contacts.write"
    case .createBusiness, .updateBusiness, .deleteBusiness: "businesses.write"
    case .createTask, .updateTask, .completeTask, .deleteTask, .createNote, .updateNote, .deleteNote, .addTags, .removeTags:
      "contacts.write"
    case .businesses, .business: "businesses.readonly"
    case .location: "locations.readonly"
    case .customFields: "locations/customFields.readonly"
    case .tags: "locations/tags.readonly"
    case .taskSearch: "locations/tasks.readonly"
    case .users: "users.readonly"
    case .calendarEvents, .calendarEvent: "calendars/events.readonly"
    default: "contacts.readonly"
    }
  }

  /// The query must name the location; without it the token "does not have access" (`facts.md` 2.3).
  var needsLocation: Bool {
    switch self {
    case .contactList, .duplicateSearch, .businessContacts, .businesses, .calendarEvents: true
    default: false
    }
  }

  /// The one generation that has the path; nil for both.
  var generation: Generation? {
    switch self {
    case .removeFromCampaigns: .dated
    case .removeFromCampaignsV3: .v3
    default: nil
    }
  }

  private var parts: [Substring] { rawValue.drop { $0 != "/" }.split(separator: "/") }
  private var method: Substring { rawValue.prefix { $0 != " " } }

  private static let table = allCases.map { ($0, String($0.method), $0.parts.map(String.init)) }

  enum Match {
    /// A route and the values of its path's variables, in order.
    case route(Route, [String])
    /// No such path, or no such method for it.
    case none
  }

  static func match(_ method: String, _ path: [String]) -> Match {
    var found: (Route, [String])?
    for (route, routeMethod, parts) in table where routeMethod == method && parts.count == path.count {
      guard zip(parts, path).allSatisfy({ $0.hasPrefix("{") || $0 == $1 }) else { continue }
      let values = zip(parts, path).filter { $0.0.hasPrefix("{") }.map(\.1)
      // A route with fewer variables is more specific: /contacts/search is not a contact.
      if let found, found.1.count <= values.count { continue }
      found = (route, values)
    }
    return found.map { .route($0.0, $0.1) } ?? .none
  }
}
