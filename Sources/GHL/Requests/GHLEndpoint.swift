/// The routes that Waybill uses, each with the scope that a token needs and the API version to request.
///
/// From the official OpenAPI documents (`security` and the `Version` header of each operation).
package enum GHLEndpoint: String, Sendable, Hashable, CaseIterable {
  case contact, contactsByBusiness, contactSearch, contactList
  case contactTasks, contactNotes, contactAppointments
  case businesses, location, customFields, tags, taskSearch, users
  case calendarEvents
  /// Anything else that is requested with `waybill ghl`.
  case other

  /// Nil if unknown.
  package var scope: String? {
    switch self {
    case .contact, .contactsByBusiness, .contactSearch, .contactList, .contactTasks, .contactNotes, .contactAppointments:
      "contacts.readonly"
    case .businesses: "businesses.readonly"
    case .location: "locations.readonly"
    case .customFields: "locations/customFields.readonly"
    case .tags: "locations/tags.readonly"
    case .taskSearch: "locations/tasks.readonly"
    case .users: "users.readonly"
    case .calendarEvents: "calendars/events.readonly"
    case .other: nil
    }
  }

  /// Its name in messages.
  package var title: String {
    switch self {
    case .contact: "a contact"
    case .contactsByBusiness: "the contacts of a business"
    case .contactSearch, .contactList: "the contacts of the location"
    case .contactTasks: "the tasks of a contact"
    case .contactNotes: "the notes of a contact"
    case .contactAppointments: "the appointments of a contact"
    case .businesses: "the businesses"
    case .location: "the location"
    case .customFields: "the custom fields"
    case .tags: "the tags"
    case .taskSearch: "the tasks"
    case .users: "the users"
    case .calendarEvents: "the calendar's events"
    case .other: "the request"
    }
  }

  /// The endpoint for a path that a user typed.
  package init(method: GHLRequest.Method, path: [String]) {
    let parts = path.filter { !$0.isEmpty }
    self =
      switch (method, parts.first, parts.count) {
      case (.get, "contacts", 1): .contactList
      case (.post, "contacts", 2) where parts[1] == "search": .contactSearch
      case (.get, "contacts", 3) where parts[1] == "business": .contactsByBusiness
      case (.get, "contacts", 2): .contact
      case (.get, "contacts", 3...) where parts[2] == "tasks": .contactTasks
      case (.get, "contacts", 3...) where parts[2] == "notes": .contactNotes
      case (.get, "contacts", 3) where parts[2] == "appointments": .contactAppointments
      case (.get, "businesses", _): .businesses
      case (.get, "locations", 2): .location
      case (.get, "locations", 3) where parts[2] == "customFields": .customFields
      case (.get, "locations", 3) where parts[2] == "tags": .tags
      case (.post, "locations", 4) where parts[2] == "tasks": .taskSearch
      case (.get, "users", _): .users
      case (.get, "calendars", _): .calendarEvents
      default: .other
      }
  }
}

/// The value of the `Version` header per endpoint. Five versions are served side by side; paths differ little, names
/// of members do.
package struct GHLVersions: Sendable, Hashable {
  package enum Generation: String, Sendable, Hashable, CaseIterable {
    /// The date version that each operation's document states.
    case dated
    case v3
  }

  package var generation: Generation
  /// Takes precedence over the generation's value.
  package var overrides: [GHLEndpoint: String]

  package init(_ generation: Generation = .dated, overrides: [GHLEndpoint: String] = [:]) {
    self.generation = generation
    self.overrides = overrides
  }

  package func version(for endpoint: GHLEndpoint) -> String {
    if let version = overrides[endpoint] { return version }
    return switch (generation, endpoint) {
    case (.v3, _): "v3"
    case (.dated, .calendarEvents): "2021-04-15"
    case (.dated, _): "2021-07-28"
    }
  }
}
