/// The bodies of the write routes, from the documents' DTOs.
extension StrictBody {
  /// nil: the route takes no body, and one that is sent is ignored.
  init?(_ route: Route, _ generation: Generation) {
    switch route {
    case .createContact: members = Self.newContact(generation)
    case .updateContact: members = Self.changedContact(generation)
    case .upsertContact: members = Self.newContact(generation) + [Member("createNewIfDuplicateAllowed", .flag)]
    case .addFollowers, .removeFollowers: members = [Member("followers", .texts(), isRequired: true)]
    case .addToWorkflow, .removeFromWorkflow: members = [Member("eventStartTime", .text)]
    case .bulkBusiness:
      members = [
        Self.location, Member("ids", .texts(most: 50), isRequired: true),
        Member("businessId", .text, isRequired: true, isNullable: true),
      ]
    case .bulkTags:
      members = [
        Member("contacts", .texts(), isRequired: true),
        // None are needed with `removeAllTags`.
        Member("tags", .texts(), isRequired: true, takesEmpty: true), Self.location,
        Member("removeAllTags", .flag),
      ]
    case .createBusiness: members = [Member("name", .text, isRequired: true), Self.location] + Self.business
    case .updateBusiness: members = [Member("name", .text)] + Self.business
    case .createTask: members = Self.newTask
    case .updateTask: members = Self.changedTask
    case .completeTask: members = [Member("completed", .flag, isRequired: true)]
    case .createNote: members = [Member("body", .text, isRequired: true, takesEmpty: true)] + Self.note
    case .updateNote: members = [Member("body", .text)] + Self.note
    case .addTags, .removeTags: members = [Member("tags", .texts(), isRequired: true)]
    default: return nil
    }
  }

  private static let location = Member("locationId", .text, isRequired: true)

  private static let business = BusinessBody.names.map { Member($0, .text) }

  // MARK: Contacts

  private static func newContact(_ generation: Generation) -> [Member] {
    contact(generation) + [
      location, Member("gender", .text), Member("companyName", .text, isNullable: true),
      Member("source", .text), Member("assignedTo", .text),
    ]
  }

  private static func changedContact(_ generation: Generation) -> [Member] {
    contact(generation) + [Member("source", .text, isNullable: true), Member("assignedTo", .text, isNullable: true)]
  }

  private static func contact(_ generation: Generation) -> [Member] {
    let nullable = ["firstName", "lastName", "name", "email", "phone", "address1", "city", "state", "website", "timezone"]
    return nullable.map { Member($0, .text, isNullable: true) } + [
      Member("postalCode", .text), Member("dnd", .flag), Member("dndSettings", .object(channels(generation))),
      Member(
        "inboundDndSettings",
        .object([
          Member(
            "all", .object([Member("status", .word(["active", "inactive"]), isRequired: true), Member("message", .text)]))
        ])), Member("tags", .texts()),
      // v3 has both spellings, the older one deprecated.
      Member("customFields", .customFields(generation == .v3 ? ["fieldValue", "field_value"] : ["field_value"])),
      Member("dateOfBirth", .day, isNullable: true), Member("country", .country),
    ]
  }

  private static func channels(_ generation: Generation) -> [Member] {
    let channel = Kind.object([
      Member("status", .word(["active", "inactive", "permanent"]), isRequired: true), Member("message", .text),
      Member("code", .text),
    ])
    return ChannelNames.writable.map { Member(ChannelNames.name($0, generation), channel) }
  }

  // MARK: What hangs under a contact

  private static let newTask = [
    Member("title", .text, isRequired: true, takesEmpty: true), Member("body", .text),
    Member("dueDate", .time(takesMilliseconds: true), isRequired: true), Member("completed", .flag, isRequired: true),
    Member("assignedTo", .text),
  ]

  private static let changedTask = [
    Member("title", .text), Member("body", .text), Member("dueDate", .time(takesMilliseconds: false)),
    Member("completed", .flag), Member("assignedTo", .text),
  ]

  private static let note = [
    Member("userId", .text), Member("title", .text), Member("color", .text), Member("pinned", .flag),
  ]
}

/// The channels of `dndSettings`: `WhatsApp` before v3, `whatsApp` in v3 (`facts.md` 1.9).
enum ChannelNames {
  /// RCS is read only.
  static let writable = ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"]

  /// - Parameter channel: its name before v3.
  static func name(_ channel: String, _ generation: Generation) -> String {
    guard generation == .v3 else { return channel }
    return channel == "WhatsApp" ? "whatsApp" : channel.lowercased()
  }
}
