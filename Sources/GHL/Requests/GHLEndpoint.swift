/// A group of routes that failures, paging and versions treat alike.
package enum GHLEndpoint: String, Sendable, Hashable, CaseIterable {
  case contact, contactsByBusiness, contactSearch, contactDuplicate, contactList
  case contactTasks, contactNotes, contactAppointments
  /// Whatever changes a contact, or what belongs to it.
  case contactChange
  case businesses, businessChange
  case location, customFields, tags, taskSearch, users
  case calendarEvents
  /// Any other path of calendars, which have a version of their own.
  case otherCalendars
  /// Anything else that is requested with `waybill ghl`.
  case other

  /// What a token needs for it; nil if unknown.
  package var scope: String? { GHLRoute.scopes[self] }

  /// Its name in messages.
  package var title: String {
    switch self {
    case .contact: "a contact"
    case .contactsByBusiness: "the contacts of a business"
    case .contactSearch, .contactDuplicate, .contactList: "the contacts of the location"
    case .contactTasks: "the tasks of a contact"
    case .contactNotes: "the notes of a contact"
    case .contactAppointments: "the appointments of a contact"
    case .contactChange: "changes to contacts"
    case .businesses: "the businesses"
    case .businessChange: "changes to businesses"
    case .location: "the location"
    case .customFields: "the custom fields"
    case .tags: "the tags"
    case .taskSearch: "the tasks"
    case .users: "the users"
    case .calendarEvents: "the calendar's events"
    case .otherCalendars: "the calendars"
    case .other: "the request"
    }
  }

  /// The endpoint for a path that a user typed.
  package init(method: GHLRequest.Method, path: [String]) {
    self =
      GHLRoute.matching(method, path)?.endpoint
      ?? (path.first { !$0.isEmpty } == "calendars" ? .otherCalendars : .other)
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
    case (.dated, .calendarEvents), (.dated, .otherCalendars): "2021-04-15"
    case (.dated, _): "2021-07-28"
    }
  }
}
