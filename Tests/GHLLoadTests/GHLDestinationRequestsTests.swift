import Core
import GHL
import HTTP
import Testing

@testable import Load

@Suite struct GHLDestinationRequestsTests {
  static func resource(
    _ target: GHLPartDocument.Target, allowsDelete: Bool = false, _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) throws -> ResourceDocument {
    var document = try GHLFormTests.document()
    document.allowsDelete = allowsDelete
    document.parts = [GHLFormTests.part(target, change)]
    return try #require(document.httpDocument.resources.first)
  }

  static func text(_ request: RequestDocument?) -> String? {
    request.map { "\($0.template.method) \($0.template.target.text)" }
  }

  @Test(
    "each mapping has the requests of its routes",
    arguments: [
      (
        GHLPartDocument.Target.contacts, "POST /contacts/", "PUT /contacts/{remote_id}", "GET /contacts/{remote_id}",
        "DELETE /contacts/{remote_id}"
      ),
      (
        .tasks, "POST /contacts/{remote_id(contacts, contactKey)}/tasks",
        "PUT /contacts/{remote_id(contacts, contactKey)}/tasks/{remote_id}",
        "GET /contacts/{remote_id(contacts, contactKey)}/tasks/{remote_id}",
        "DELETE /contacts/{remote_id(contacts, contactKey)}/tasks/{remote_id}"
      ),
      (
        .notes, "POST /contacts/{remote_id(contacts, contactKey)}/notes",
        "PUT /contacts/{remote_id(contacts, contactKey)}/notes/{remote_id}",
        "GET /contacts/{remote_id(contacts, contactKey)}/notes/{remote_id}",
        "DELETE /contacts/{remote_id(contacts, contactKey)}/notes/{remote_id}"
      ),
      (
        .tags, "POST /contacts/{remote_id(contacts, contactKey)}/tags", "POST /contacts/{remote_id(contacts, contactKey)}/tags",
        "GET /contacts/{remote_id(contacts, contactKey)}", nil
      ),
      (
        .business, "POST /contacts/bulk/business", "POST /contacts/bulk/business",
        "GET /contacts/{remote_id(contacts, contactKey)}", nil
      ),
    ] as [(GHLPartDocument.Target, String, String, String, String?)])
  func requests(target: GHLPartDocument.Target, create: String, update: String, find: String, delete: String?) throws {
    let resource = try Self.resource(target, allowsDelete: true)
    #expect(Self.text(resource.create) == create)
    #expect(Self.text(resource.update) == update)
    #expect(Self.text(resource.find?.request) == find)
    #expect(Self.text(resource.delete) == delete)
    #expect(resource.updateStyle == .merge)
    #expect(resource.needs == (target == .contacts ? [] : ["contacts"]))
    // Without `allow: [delete]`, nothing can be deleted, not even by undo.
    #expect(try Self.resource(target).delete == nil)
  }

  @Test func `upsert, removed tags and deletions have other routes`() throws {
    #expect(Self.text(try Self.resource(.contacts) { $0.write = .upsert }.create) == "POST /contacts/upsert")
    let removal = try Self.resource(.tags) { $0.action = .remove }
    #expect(Self.text(removal.create) == "DELETE /contacts/{remote_id(contacts, contactKey)}/tags")
    #expect(Self.text(removal.batch?.request) == "POST /contacts/bulk/tags/update/remove")
    let leavers = try Self.resource(.contacts, allowsDelete: true) {
      $0.deletion = .init(mapping: "contacts", place: GHLFormTests.place)
    }
    #expect(leavers.create == nil)
    #expect(leavers.update == nil)
    #expect(Self.text(leavers.delete) == "DELETE /contacts/{remote_id}")
  }

  @Test(
    "every route is one that the documents have", arguments: GHLPartDocument.Target.allCases)
  func routes(target: GHLPartDocument.Target) throws {
    for request in try Self.resource(target, allowsDelete: true).allRequests {
      let segments = request.template.target.text.split(separator: "/").map { String($0) }
      let method = try #require(GHLRequest.Method(rawValue: request.template.method))
      #expect(GHLRoute.matching(method, segments) != nil, "\(request.template.target.text)")
    }
  }

  @Test func `the document has the location's version, token and identity`() throws {
    var document = try GHLFormTests.document(.v3)
    document.fallback = .environment("GHL_TOKEN_NEXT")
    let http = document.httpDocument
    #expect(http.headers.map { "\($0.name): \($0.value.text)" } == ["Version: v3"])
    #expect(http.authorization == .bearer(.environment("GHL_TOKEN")))
    #expect(http.fallback == .environment("GHL_TOKEN_NEXT"))
    #expect(http.tenant == "loc1")
    #expect(try GHLFormTests.document().httpDocument.headers.map(\.value.text) == ["2021-07-28"])
  }

  @Test func `what becomes of existing contacts is stated or not`() throws {
    #expect(try Self.resource(.contacts).conflict.isStated == false)
    let adopted = try Self.resource(.contacts) { $0.existing = .adopt }
    #expect(adopted.conflict.then == .adopt)
    #expect(adopted.conflict.isStated)
  }

  @Test(
    "fields of each target",
    arguments: [
      (GHLPartDocument.Target.contacts, "email", "additionalEmails"), (.tasks, "dueDate", "contactId"),
      (.notes, "userId", "dateAdded"),
      (.tags, "tags", "email"), (.business, "business", "businessId"),
    ])
  func fields(target: GHLPartDocument.Target, has: String, lacks: String) {
    #expect(GHLFields.names(of: target).contains(has))
    #expect(!GHLFields.names(of: target).contains(lacks))
    #expect(!GHLFields.names(of: target).contains("locationId"))
  }

  @Test func `fields that only new records get, and those that they need`() {
    #expect(GHLFields.onlyNew(.contacts) == ["gender", "companyName"])
    #expect(GHLFields.onlyNew(.tasks) == [])
    #expect(GHLFields.required(.tasks) == ["title", "dueDate", "completed"])
    #expect(GHLFields.required(.notes) == ["body"])
    #expect(GHLFields.required(.contacts) == [])
  }
}
