/// The bodies of the routes, member by member in the order of the documents. The generations differ in two spellings: the keys
/// of `dndSettings`, and the value of a custom field.
extension GHLBodyShape {
  // MARK: Contacts

  static func newContact(_ generation: GHLVersions.Generation) -> GHLBodyShape {
    GHLBodyShape(
      [
        nullable("firstName"), nullable("lastName"), nullable("name"), nullable("email"),
        Member("locationId", .string, required: true), Member("gender", .string),
      ] + details(generation) + [
        Member("source", .string), nullable("dateOfBirth"), Member("country", .string), nullable("companyName"),
        Member("assignedTo", .string),
      ])
  }

  static func upsertedContact(_ generation: GHLVersions.Generation) -> GHLBodyShape {
    GHLBodyShape(newContact(generation).members + [Member("createNewIfDuplicateAllowed", .boolean)])
  }

  /// No location, gender, company or business: GHL sets these only when a contact is created, or elsewhere.
  static func changedContact(_ generation: GHLVersions.Generation) -> GHLBodyShape {
    GHLBodyShape(
      [nullable("firstName"), nullable("lastName"), nullable("name"), nullable("email")] + details(generation) + [
        nullable("source"), nullable("dateOfBirth"), Member("country", .string), nullable("assignedTo"),
      ])
  }

  private static func nullable(_ name: String) -> Member { Member(name, .string, nullable: true) }

  /// What creating and changing a contact have in common.
  private static func details(_ generation: GHLVersions.Generation) -> [Member] {
    [
      nullable("phone"), nullable("address1"), nullable("city"), nullable("state"), Member("postalCode", .string),
      nullable("website"), nullable("timezone"), Member("dnd", .boolean), Member("dndSettings", .object(dndSettings(generation))),
      Member("inboundDndSettings", .object(inboundDndSettings)), Member("tags", .list(.string)),
      Member("customFields", .list(.object(customField(generation)))),
    ]
  }

  private static func dndSettings(_ generation: GHLVersions.Generation) -> GHLBodyShape {
    let channel = GHLBodyShape([
      Member("status", .word(["active", "inactive", "permanent"]), required: true), Member("message", .string),
      Member("code", .string),
    ])
    let names =
      switch generation {
      case .dated: ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"]
      case .v3: ["call", "email", "sms", "whatsApp", "gmb", "fb"]
      }
    return GHLBodyShape(names.map { Member($0, .object(channel)) })
  }

  private static let inboundDndSettings = GHLBodyShape([
    Member(
      "all",
      .object(
        GHLBodyShape([Member("status", .word(["active", "inactive"]), required: true), Member("message", .string)])))
  ])

  /// The documents require `id`, and say "Pass either `id` or `key`".
  private static func customField(_ generation: GHLVersions.Generation) -> GHLBodyShape {
    let identity = [Member("id", .string), Member("key", .string)]
    let old = Member("field_value", .customFieldValue)
    return switch generation {
    case .dated: GHLBodyShape(identity + [old], oneOf: ["id", "key"])
    case .v3: GHLBodyShape(identity + [Member("fieldValue", .customFieldValue), old], oneOf: ["id", "key"])
    }
  }

  // MARK: What belongs to a contact

  static func task(isNew: Bool) -> GHLBodyShape {
    GHLBodyShape([
      Member("title", .string, required: isNew), Member("body", .string), Member("dueDate", .string, required: isNew),
      Member("completed", .boolean, required: isNew), Member("assignedTo", .string),
    ])
  }

  static func note(isNew: Bool) -> GHLBodyShape {
    GHLBodyShape([
      Member("userId", .string), Member("body", .string, required: isNew), Member("title", .string), Member("color", .string),
      Member("pinned", .boolean),
    ])
  }

  static func list(named name: String) -> GHLBodyShape { GHLBodyShape([Member(name, .list(.string), required: true)]) }

  static let workflow = GHLBodyShape([Member("eventStartTime", .string)])

  // MARK: Many contacts

  static let bulkTags = GHLBodyShape([
    Member("contacts", .list(.string), required: true), Member("tags", .list(.string), required: true),
    Member("locationId", .string, required: true), Member("removeAllTags", .boolean),
  ])

  /// The most contacts that one call can link to a business.
  package static let linksAtMost = 50

  static let bulkBusiness = GHLBodyShape([
    Member("locationId", .string, required: true), Member("ids", .list(.string, atMost: linksAtMost), required: true),
    Member("businessId", .string, required: true, nullable: true),
  ])

  // MARK: Businesses

  static func business(isNew: Bool) -> GHLBodyShape {
    let texts = ["phone", "email", "website", "address", "city", "postalCode", "state", "country", "description"]
    return GHLBodyShape(
      [Member("name", .string, required: isNew)] + (isNew ? [Member("locationId", .string, required: true)] : [])
        + texts.map { Member($0, .string) })
  }

  // MARK: Searches

  /// The document declares an object without members; these are the ones that have been observed.
  static let contactSearch = GHLBodyShape([
    Member("locationId", .string, required: true), Member("pageLimit", .integer, required: true), Member("page", .integer),
    Member("searchAfter", .list(.any)), Member("filters", .list(.any)), Member("sort", .list(.any)), Member("query", .string),
  ])

  static let taskSearch = GHLBodyShape([
    Member("contactId", .list(.string)), Member("completed", .boolean), Member("assignedTo", .list(.string)),
    Member("query", .string), Member("limit", .integer), Member("skip", .integer), Member("businessId", .string),
  ])
}
