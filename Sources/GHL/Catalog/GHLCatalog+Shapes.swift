import Core
import Records

/// The shapes themselves. What is personal is masked by default: e-mail, phone, names, address, birth date, ssn, ip, note and task
/// bodies, free-text custom fields.
extension GHLCatalog {
  private static func text(_ name: String, _ privacy: Privacy = .show, isNullable: Bool = true) -> FieldShape {
    FieldShape(name, .string, isNullable: isNullable, privacy: privacy)
  }

  private static func texts(_ names: [String], _ privacy: Privacy = .show) -> [FieldShape] { names.map { text($0, privacy) } }

  private static func flag(_ name: String) -> FieldShape { FieldShape(name, .boolean) }

  /// A text; in older data a number of milliseconds.
  private static func moment(_ name: String) -> FieldShape {
    FieldShape(name, .oneOf([.string, .number]), countsMilliseconds: true)
  }

  private static let id = text("id", isNullable: false)
  private static let openObject = ValueType.object(ObjectShape([], others: .any))

  static let contact = ObjectShape(
    [id]
      + texts(
        [
          "name", "firstName", "lastName", "firstNameRaw", "lastNameRaw", "contactName", "fullNameLowerCase",
          "firstNameLowerCase", "lastNameLowerCase", "email", "emailLowerCase", "phone", "address", "address1", "city", "state",
          "postalCode", "dateOfBirth", "ssn",
        ], .mask)
      + texts([
        "locationId", "timezone", "companyName", "businessName", "businessId", "type", "source", "assignedTo", "country",
        "keyword", "visitorId", "phoneLabel", "gender", "dateAdded", "dateUpdated", "website",
      ])
      + [
        flag("dnd"), FieldShape("dndSettings", .object(dndSettings)),
        FieldShape("inboundDndSettings", .object(inboundDndSettings)),
        FieldShape("tags", .list(.string)), FieldShape("followers", .list(.string)),
        moment("lastActivity"), moment("lastSessionActivityAt"), moment("lastEmailClickedDate"), moment("lastEmailOpenedDate"),
        FieldShape("attachments", .oneOf([.string, .list(.any)])),
        FieldShape("customFields", .list(.object(customFieldValue)), privacy: .mask),
        FieldShape("additionalEmails", .list(.oneOf([.string, .object(additionalEmail)])), privacy: .mask),
        FieldShape("additionalPhones", .list(.oneOf([.string, .object(additionalPhone)])), privacy: .mask),
        FieldShape("attributionSource", .object(attribution), privacy: .mask),
        FieldShape("lastAttributionSource", .object(attribution), privacy: .mask),
        FieldShape("attributions", .list(.object(attribution)), privacy: .mask),
        FieldShape("bounceEmail", .any), FieldShape("unsubscribeEmail", .any), flag("validEmail"), flag("isValidWhatsapp"),
        flag("deleted"), FieldShape("birthMonth", .number, privacy: .mask), FieldShape("birthDay", .number, privacy: .mask),
        FieldShape("offers", .list(.any)), FieldShape("products", .list(.any)), FieldShape("opportunities", .list(.any)),
        FieldShape("searchAfter", .list(.any)),
      ])

  static let dndSettings: ObjectShape = {
    let setting = ValueType.object(ObjectShape([text("status"), text("message"), text("code")]))
    let channels = ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB", "RCS"]
    return ObjectShape(channels.map { FieldShape($0, setting) }, others: setting, isCaseInsensitive: true)
  }()

  static let inboundDndSettings = ObjectShape(
    [FieldShape("all", .object(ObjectShape([text("status"), text("message")])))], isCaseInsensitive: true)

  /// The value's name depends on the API's version and, in some answers, on the data type.
  static let customFieldValue = ObjectShape(
    [id, FieldShape("value", .oneOf([.string, .number, .boolean, .list(.any), openObject]), privacy: .mask)]
      + RecordWalker.customFieldValueNames.map { FieldShape($0, .any, privacy: .mask) } + [
        text("type"), text("key"), text("name"),
      ])

  static let additionalEmail = ObjectShape([text("email", .mask)], others: .any)
  static let additionalPhone = ObjectShape([text("phone", .mask)], others: .any)

  static let attribution = ObjectShape(
    texts([
      "url", "campaign", "utmSource", "utmMedium", "utmContent", "utmCampaign", "utmTerm", "referrer", "campaignId", "fbclid",
      "gclid",
      "msclikid", "dclid", "fbc", "fbp", "fbEventId", "userAgent", "medium", "mediumId", "sessionSource",
    ]) + [text("ip", .mask), flag("isFirst"), flag("isLast")], others: .any)

  static let task = ObjectShape([
    id, text("title", .mask), text("body", .mask), text("assignedTo"), text("dueDate"), flag("completed"), text("contactId"),
    text("businessId"), text("locationId"), text("dateAdded"), text("dateUpdated"),
  ])

  static let note = ObjectShape([
    id, text("body", .mask), text("bodyText", .mask), text("userId"), text("dateAdded"), text("contactId"), text("title", .mask),
    text("color"), flag("pinned"), text("dateUpdated"),
  ])

  static let appointment = ObjectShape(
    [id] + texts(["title", "notes", "address"], .mask)
      + texts([
        "calendarId", "status", "assignedUserId", "startTime", "endTime", "locationId", "contactId", "groupId",
        "appointmentStatus", "dateAdded", "dateUpdated", "source", "rrule", "masterEventId",
      ])
      + [
        FieldShape("users", .list(.string)), FieldShape("assignedResources", .list(.any)), flag("isRecurring"),
        FieldShape("createdBy", openObject),
      ])

  static let business = ObjectShape(
    [id, text("name", isNullable: false)] + texts(["phone", "email", "address", "city", "state", "postalCode"], .mask)
      + texts(["website", "description", "country", "locationId", "createdAt", "updatedAt"])
      + [
        FieldShape("createdBy", openObject), FieldShape("updatedBy", openObject),
        FieldShape("customFields", .list(.object(customFieldValue)), privacy: .mask),
      ])

  static let user = ObjectShape(
    [id] + texts(["name", "firstName", "lastName", "email", "phone", "extension"], .mask)
      + [
        FieldShape("permissions", openObject), FieldShape("scopes", .oneOf([.string, .list(.string)])),
        FieldShape(
          "roles",
          .object(
            ObjectShape([text("type"), text("role"), FieldShape("locationIds", .list(.string)), flag("restrictSubAccount")]))),
        flag("deleted"), FieldShape("lcPhone", openObject, privacy: .mask), text("platformLanguage"), text("profilePhoto"),
      ])
}
