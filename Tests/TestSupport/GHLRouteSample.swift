package import Core

/// A request to one of GHL's routes, with a body that has everything that the route accepts, and what shows that it was
/// carried out.
///
/// The same bodies are sent to the sandbox and compared with the official documents. Strings have placeholders in braces: those of
/// the route's path, `{location}`, and others that a test replaces.
package struct GHLRouteSample: Sendable {
  package enum Proof: Sendable {
    /// The response has this.
    case response(String)
    /// What is read afterwards from a path, or found by `search`, has this. `{created}` is the ID in the response.
    case shows(path: String, String)
    /// What is read afterwards does not have this.
    case lacks(path: String, String)
    /// There is nothing to read afterwards.
    case gone(path: String)
    /// The sandbox does not have the route.
    case notHosted
  }

  package var method: String
  /// As the official documents write it.
  package var template: String
  package var query = ""
  private var dated: String?
  private var v3: String?
  package var proof: Proof

  /// As the official documents write it: `POST /contacts/`.
  package var title: String { method + " " + template }

  package func body(isV3: Bool) -> String? { isV3 ? v3 : dated }

  init(_ title: String, query: String = "", _ proof: Proof) {
    self.init(title, query: query, dated: nil, v3: nil, proof)
  }

  init(_ title: String, query: String = "", _ body: String, _ proof: Proof) {
    self.init(title, query: query, dated: body, v3: body, proof)
  }

  /// A body that differs between the generations.
  init(_ title: String, query: String = "", dated: String?, v3: String?, _ proof: Proof) {
    let words = title.split(separator: " ")
    (method, template) = (String(words[0]), String(words[1]))
    (self.query, self.dated, self.v3, self.proof) = (query, dated, v3, proof)
  }
}

extension GHLRouteSample {
  /// A search for the contact by its e-mail address: a contact that is read by its ID does not show everything.
  package static let search = "/contacts/search"

  package static let all = contacts + children + lists + businesses + others

  // MARK: Contacts

  private static let ofLocation = "?locationId={location}"
  private static let contact = "/contacts/{contactId}"

  private static func change(
    _ title: String, _ email: String, with more: String = "", _ proof: Proof
  ) -> GHLRouteSample {
    GHLRouteSample(
      title, dated: details(email, more, isV3: false), v3: details(email, more, isV3: true), proof)
  }

  /// What all contacts that are written have.
  private static func details(_ email: String, _ more: String, isV3: Bool) -> String {
    let value = isV3 ? "fieldValue" : "field_value"
    let names =
      isV3
      ? ["call", "email", "sms", "whatsApp", "gmb", "fb"] : ["Call", "Email", "SMS", "WhatsApp", "GMB", "FB"]
    let channels = names.map { #""\#($0)":{"status":"inactive","message":"m","code":"101"}"# }.joined(separator: ",")
    return #"""
      {"firstName":"Ada","lastName":"Lovelace","name":"Ada Lovelace","email":"\#(email)","phone":"+14155550123",
      "address1":"1 Main St","city":"Bath","state":"SOM","postalCode":"BA1","website":"https://example.com",
      "timezone":"Europe/London","dnd":true,"dndSettings":{\#(channels)},
      "inboundDndSettings":{"all":{"status":"inactive","message":"asked"}},"tags":["vip","partner"],
      "customFields":[{"id":"{textField}","key":"{textKey}","\#(value)":"CTO"},{"id":"{listField}","\#(value)":["R&D","Training"]}],
      "source":"import","dateOfBirth":"1990-09-25","country":"GB","assignedTo":"{userId}"\#(more)}
      """#
  }

  private static let new = #","locationId":"{location}","gender":"female","companyName":"Acme""#

  private static func stored(_ email: String, _ more: String = "") -> String {
    #"""
    {"contact":{"email":"\#(email)","phone":"+14155550123","city":"Bath","tags":["vip","partner"],"dateOfBirth":"1990-09-25",
    "country":"GB","assignedTo":"{userId}","customFields":[{"id":"{textField}","value":"CTO"}]\#(more)}}
    """#
  }

  private static let contacts: [GHLRouteSample] = [
    .init("GET /contacts/", query: ofLocation + "&limit=2", .response(#"{"contacts":[{"locationId":"{location}"}]}"#)),
    change(
      "POST /contacts/", "created@example.com", with: new,
      .shows(path: "/contacts/{created}", stored("created@example.com", #","companyName":"Acme""#))),
    change(
      "POST /contacts/upsert", "upserted@example.com", with: new + #","createNewIfDuplicateAllowed":false"#,
      .shows(path: "/contacts/{created}", stored("upserted@example.com", #","companyName":"Acme""#))),
    .init(
      "POST /contacts/search",
      #"""
      {"locationId":"{location}","pageLimit":2,"page":1,"query":"",
      "filters":[{"field":"email","operator":"exists"}],"sort":[{"field":"dateAdded","direction":"asc"}]}
      """#, .response(#"{"contacts":[{"locationId":"{location}"}]}"#)),
    .init(
      "GET /contacts/search/duplicate", query: ofLocation + "&email={email}",
      .response(#"{"contact":{"locationId":"{location}"}}"#)),
    .init(
      "GET /contacts/business/{businessId}", query: ofLocation, .response(#"{"contacts":[{"locationId":"{location}"}]}"#)),
    .init("GET /contacts/{contactId}", .response(#"{"contact":{"id":"{contactId}"}}"#)),
    change("PUT /contacts/{contactId}", "changed@example.com", .shows(path: contact, stored("changed@example.com"))),
    .init("DELETE /contacts/{contactId}", .gone(path: contact)),
  ]

  // MARK: What belongs to a contact

  private static func task(_ title: String) -> String {
    #"{"title":"\#(title)","body":"soon","dueDate":"2026-01-02T03:04:05Z","completed":false,"assignedTo":"{userId}"}"#
  }

  private static func note(_ body: String) -> String {
    ##"{"body":"\##(body)","userId":"{userId}","title":"First","color":"#FFAA00","pinned":true}"##
  }

  private static let children: [GHLRouteSample] = [
    .init("GET /contacts/{contactId}/tasks", .response(#"{"tasks":[{"id":"{taskId}"}]}"#)),
    .init(
      "POST /contacts/{contactId}/tasks", task("New"),
      .shows(
        path: contact + "/tasks/{created}", #"{"task":{"title":"New","body":"soon","completed":false,"assignedTo":"{userId}"}}"#)),
    .init("GET /contacts/{contactId}/tasks/{taskId}", .response(#"{"task":{"id":"{taskId}"}}"#)),
    .init(
      "PUT /contacts/{contactId}/tasks/{taskId}", task("Changed"),
      .shows(path: contact + "/tasks/{taskId}", #"{"task":{"id":"{taskId}","title":"Changed","body":"soon"}}"#)),
    .init(
      "PUT /contacts/{contactId}/tasks/{taskId}/completed", #"{"completed":true}"#,
      .shows(path: contact + "/tasks/{taskId}", #"{"task":{"id":"{taskId}","completed":true}}"#)),
    .init("DELETE /contacts/{contactId}/tasks/{taskId}", .gone(path: contact + "/tasks/{taskId}")),
    .init("GET /contacts/{contactId}/notes", .response(#"{"notes":[{"id":"{id}"}]}"#)),
    .init(
      "POST /contacts/{contactId}/notes", note("New"),
      .shows(path: contact + "/notes/{created}", #"{"note":{"body":"New","userId":"{userId}","pinned":true}}"#)),
    .init("GET /contacts/{contactId}/notes/{id}", .response(#"{"note":{"id":"{id}"}}"#)),
    .init(
      "PUT /contacts/{contactId}/notes/{id}", note("Changed"),
      .shows(path: contact + "/notes/{id}", #"{"note":{"id":"{id}","body":"Changed","title":"First"}}"#)),
    .init("DELETE /contacts/{contactId}/notes/{id}", .gone(path: contact + "/notes/{id}")),
    .init("GET /contacts/{contactId}/appointments", .response(#"{"events":[{"id":"{eventId}"}]}"#)),
  ]

  // MARK: Tags, followers, campaigns, workflows

  private static let enrolled = Proof.response("{}")
  private static let start = #"{"eventStartTime":"2021-06-23T03:30:00+01:00"}"#

  private static let lists: [GHLRouteSample] = [
    .init(
      "POST /contacts/{contactId}/tags", #"{"tags":["by hand"]}"#, .shows(path: contact, #"{"contact":{"tags":["by hand"]}}"#)),
    .init(
      "DELETE /contacts/{contactId}/tags", #"{"tags":["{tag}"]}"#, .lacks(path: contact, #"{"contact":{"tags":["{tag}"]}}"#)),
    .init(
      "POST /contacts/{contactId}/followers", #"{"followers":["{userId}"]}"#,
      .shows(path: search, #"{"contacts":[{"id":"{contactId}","followers":["{userId}"]}]}"#)),
    .init(
      "DELETE /contacts/{contactId}/followers", #"{"followers":["{follower}"]}"#,
      .lacks(path: search, #"{"contacts":[{"id":"{contactId}","followers":["{follower}"]}]}"#)),
    // No route shows which campaigns and workflows a contact is in.
    .init("POST /contacts/{contactId}/campaigns/{campaignId}", "{}", enrolled),
    .init("DELETE /contacts/{contactId}/campaigns/{campaignId}", enrolled),
    .init("DELETE /contacts/{contactId}/campaigns/removeAll", enrolled),
    .init("DELETE /contacts/{contactId}/campaigns/remove-all", enrolled),
    .init("POST /contacts/{contactId}/workflow/{workflowId}", start, enrolled),
    .init("DELETE /contacts/{contactId}/workflow/{workflowId}", start, enrolled),
    .init(
      "POST /contacts/bulk/tags/update/{type}",
      #"{"contacts":["{contactId}"],"tags":["in bulk"],"locationId":"{location}","removeAllTags":false}"#,
      .shows(path: contact, #"{"contact":{"tags":["in bulk"]}}"#)),
    .init(
      "POST /contacts/bulk/business", #"{"locationId":"{location}","ids":["{contactId}"],"businessId":"{businessId}"}"#,
      .shows(path: contact, #"{"contact":{"businessId":"{businessId}"}}"#)),
  ]

  // MARK: Businesses

  private static func business(_ name: String, _ more: String = "") -> String {
    #"""
    {"name":"\#(name)"\#(more),"phone":"+14155550100","email":"info@example.com","website":"https://example.com",
    "address":"1 Main St","city":"Bath","postalCode":"BA1","state":"SOM","country":"GB","description":"text"}
    """#
  }

  private static let businesses: [GHLRouteSample] = [
    .init("GET /businesses/", query: ofLocation, .response(#"{"businesses":[{"id":"{businessId}"}]}"#)),
    .init(
      "POST /businesses/", business("New", #","locationId":"{location}""#),
      .shows(path: "/businesses/{created}", #"{"business":{"name":"New","city":"Bath","description":"text"}}"#)),
    .init("GET /businesses/{businessId}", .response(#"{"business":{"id":"{businessId}"}}"#)),
    .init(
      "PUT /businesses/{businessId}", business("Changed"),
      .shows(path: "/businesses/{businessId}", #"{"business":{"id":"{businessId}","name":"Changed","city":"Bath"}}"#)),
    .init("DELETE /businesses/{businessId}", .gone(path: "/businesses/{businessId}")),
  ]

  // MARK: Locations, users, calendars

  private static let others: [GHLRouteSample] = [
    .init("GET /locations/search", .notHosted),
    .init("GET /locations/{locationId}", .response(#"{"location":{"id":"{location}"}}"#)),
    .init("GET /locations/{locationId}/customFields", .response(#"{"customFields":[{"id":"{textField}"}]}"#)),
    .init("GET /locations/{locationId}/tags", .response(#"{"tags":[{"name":"vip"}]}"#)),
    .init(
      "POST /locations/{locationId}/tasks/search", #"{"contactId":["{contactId}"],"limit":10,"skip":0}"#,
      .response(#"{"tasks":[{"contactId":"{contactId}"}]}"#)),
    .init(
      "GET /users/search", query: "?companyId={companyId}&locationId={location}", .response(#"{"users":[{"id":"{userId}"}]}"#)),
    .init("GET /users/", query: ofLocation, .notHosted),
    .init("GET /users/{userId}", .notHosted),
    .init(
      "GET /calendars/events", query: ofLocation + "&userId={eventUser}&startTime=0&endTime=4000000000000",
      .response(#"{"events":[{"id":"{eventId}"}]}"#)),
    .init("GET /calendars/events/appointments/{eventId}", .response(#"{"event":{"id":"{eventId}"}}"#)),
  ]
}

extension JSONValue {
  /// Whether it contains another value: all of its members and, for each element of a list, an element that contains it.
  package func contains(_ other: JSONValue) -> Bool {
    if let members = other.objectValue {
      return objectValue != nil && members.allSatisfy { self[$0.name]?.contains($0.value) ?? false }
    }
    if let elements = other.arrayValue {
      return elements.allSatisfy { element in arrayValue?.contains { $0.contains(element) } ?? false }
    }
    return self == other
  }
}
