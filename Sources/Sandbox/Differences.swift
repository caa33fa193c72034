/// A place where the sandbox's responses differ from the official OpenAPI documents, because the API was observed or reported
/// to do so. The tests compare every response with the documents and allow exactly these.
package struct Difference: Sendable, Hashable {
  package enum Kind: String, Sendable {
    /// The value has a type that the documents do not declare.
    case type
    /// A member that the documents require is missing, or a declared top-level member is.
    case missing
    /// A member that the documents do not declare.
    case undeclared
    /// The documents have no such route, or no shape for its response.
    case noShape
  }

  /// As in `Route`; `*` is every route.
  package var route: String
  package var kind: Kind
  /// Where: `contact.customFields[].value`; `*` stands for one name.
  package var member: String
  /// What the sandbox returns there.
  package var answered: String
  package var reason: String
  /// nil: before v3 and in v3.
  package var generation: Generation?

  package static let all: [Difference] =
    other + ["GET /contacts/{contactId}", "PUT /contacts/{contactId}", "POST /contacts/upsert"].flatMap(wholeContact)
    + writtenContact

  private static let other: [Difference] = [
    Difference(
      route: "*", kind: .undeclared, member: "traceId", answered: "string", reason: "every answer carries it (facts 1)"),

    Difference(
      route: "GET /contacts/business/{businessId}", kind: .type, member: "contacts[].customFields[].value",
      answered: "number array object", reason: "values come as they were stored (facts 5.6)"),
    Difference(
      route: "GET /contacts/business/{businessId}", kind: .type, member: "contacts[].source", answered: "null",
      reason: "any member may be without a value (facts 5.13: nullable everywhere)"),
    Difference(
      route: "GET /contacts/business/{businessId}", kind: .missing, member: "contacts[].attributions[].url", answered: "",
      reason: "live attributions come without url (facts 1.1)"),
    Difference(
      route: "GET /contacts/business/{businessId}", kind: .undeclared, member: "contacts[].attributions[].sessionSource",
      answered: "string", reason: "seen live in attributions (facts 1.1)"),

    Difference(
      route: "GET /contacts/", kind: .noShape, member: "", answered: "",
      reason: "gone from the v3 document, answered all the same (facts 1.3)", generation: .v3),
    Difference(
      route: "GET /contacts/", kind: .missing, member: "count", answered: "",
      reason: "the live answer has meta instead (facts 1.3)",
      generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .undeclared, member: "meta", answered: "object", reason: "seen live (facts 1.3)",
      generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .undeclared, member: "contacts[].*", answered: "string boolean null",
      reason: "the list carries names, phone, address and more (facts 1.3)", generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .type, member: "contacts[].source", answered: "null",
      reason: "any member may be without a value (facts 5.13: nullable everywhere)", generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .type, member: "contacts[].customFields[].value", answered: "number array object",
      reason: "values come as they were stored (facts 5.6)", generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .missing, member: "contacts[].attributions[].url", answered: "",
      reason: "live attributions come without url (facts 1.1)", generation: .dated),
    Difference(
      route: "GET /contacts/", kind: .undeclared, member: "contacts[].attributions[].sessionSource", answered: "string",
      reason: "seen live in attributions (facts 1.1)", generation: .dated),

    Difference(
      route: "POST /contacts/search", kind: .noShape, member: "", answered: "",
      reason: "no shape declared; contacts, total and a cursor in each contact (facts 1.3)"),
    Difference(
      route: "GET /contacts/search/duplicate", kind: .noShape, member: "", answered: "",
      reason: "no shape declared; clients read contact (facts 1.3)"),

    Difference(
      route: "GET /businesses/", kind: .undeclared, member: "businesses[].customFields", answered: "array",
      reason: "seen live (facts 1.8)"),
    Difference(
      route: "GET /businesses/{businessId}", kind: .undeclared, member: "business.customFields", answered: "array",
      reason: "seen live (facts 1.8)"),

    Difference(
      route: "POST /locations/{locationId}/tasks/search", kind: .type, member: "tasks[]", answered: "object",
      reason: "declared as arrays in an array; tasks as under a contact are given (facts 1.5)"),

    Difference(
      route: "GET /calendars/events", kind: .type, member: "events[].*", answered: "string",
      reason: "times declared as objects are texts with an offset (facts 1.7)"),
    Difference(
      route: "GET /calendars/events/appointments/{eventId}", kind: .type, member: "event.*", answered: "string",
      reason: "times declared as objects are texts with an offset (facts 1.7)"),
  ]

  /// A contact as `GET /contacts/{contactId}` has it.
  private static func wholeContact(_ route: String) -> [Difference] {
    [
      Difference(
        route: route, kind: .type, member: "contact.customFields[].value", answered: "number array object",
        reason: "values come as they were stored (facts 5.6)"),
      Difference(
        route: route, kind: .type, member: "contact.*", answered: "null",
        reason: "any member may be without a value (facts 5.13: nullable everywhere)"),
      Difference(
        route: route, kind: .type, member: "contact.lastActivity", answered: "number",
        reason: "milliseconds in data of the first API (facts, appendix B)"),
      Difference(
        route: route, kind: .type, member: "contact.attachments", answered: "array",
        reason: "declared as a text, shown as an array by the v3 example (facts 1.1)"),
      Difference(
        route: route, kind: .missing, member: "contact.*.url", answered: "",
        reason: "live attributions come without url (facts 1.1)"),
      Difference(
        route: route, kind: .undeclared, member: "contact.*.sessionSource", answered: "string",
        reason: "seen live in attributions (facts 1.1)"),
      Difference(
        route: route, kind: .undeclared, member: "contact.gender", answered: "string",
        reason: "seen live (facts 1.1)"),
      Difference(
        route: route, kind: .undeclared, member: "contact.additionalEmails", answered: "array",
        reason: "seen live, as objects (facts 1.1)"),
      Difference(
        route: route, kind: .undeclared, member: "contact.additionalPhones", answered: "array",
        reason: "seen live (facts 1.1)"),
      Difference(
        route: route, kind: .undeclared, member: "contact.dndSettings.RCS", answered: "object",
        reason: "seen in live webhooks (facts 1.1)", generation: .dated),
      Difference(
        route: route, kind: .undeclared, member: "contact.dndSettings.rcs", answered: "object",
        reason: "seen in live webhooks (facts 1.1)", generation: .v3),
    ]
  }

  /// What the answers about a contact that was just written have besides.
  private static let writtenContact: [Difference] =
    [
      Difference(
        route: "POST /contacts/", kind: .type, member: "contact.customFields[].value", answered: "number array object",
        reason: "values come as they were stored (facts 5.6)"),
      Difference(
        route: "POST /contacts/", kind: .type, member: "contact.attachments", answered: "array",
        reason: "declared as a text, shown as an array by the v3 example (facts 1.1)", generation: .v3),
      Difference(
        route: "PUT /contacts/{contactId}", kind: .undeclared, member: "contact.inboundDndSettings", answered: "object",
        reason: "seen live (facts 1.1)"),
      Difference(
        route: "POST /contacts/upsert", kind: .undeclared, member: "contact.inboundDndSettings", answered: "object",
        reason: "seen live (facts 1.1)"),
      Difference(
        route: "POST /contacts/bulk/tags/update/{type}", kind: .type, member: "responses[]", answered: "object",
        reason: "declared as texts, shown as objects by the example (facts 1.4)"),
      Difference(
        route: "POST /businesses/", kind: .undeclared, member: "buiseness.customFields", answered: "array",
        reason: "seen live (facts 1.8)"),
      Difference(
        route: "PUT /businesses/{businessId}", kind: .undeclared, member: "buiseness.customFields", answered: "array",
        reason: "seen live (facts 1.8)"),
    ]
    + ["gender", "additionalEmails", "additionalPhones", "inboundDndSettings"].map {
      Difference(
        route: "POST /contacts/", kind: .undeclared, member: "contact." + $0, answered: "string array object",
        reason: "seen live (facts 1.1)", generation: .v3)
    }

  /// Whether this difference allows what was found at a place.
  package func allows(route: String, generation: Generation, kind: Kind, member: String, found: String) -> Bool {
    guard self.kind == kind, self.route == "*" || self.route == route, self.generation == nil || self.generation == generation
    else {
      return false
    }
    let names = self.member.split(separator: ".", omittingEmptySubsequences: false)
    let path = member.split(separator: ".", omittingEmptySubsequences: false)
    guard names.count == path.count, zip(names, path).allSatisfy({ $0 == "*" || $0 == $1 }) else { return false }
    return answered.isEmpty || answered.split(separator: " ").contains { $0 == found }
  }
}
