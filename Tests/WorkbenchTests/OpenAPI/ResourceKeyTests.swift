import Core
import Testing

@testable import Workbench

/// Which member identifies a record for us.
@Suite("The key of a resource")
struct ResourceKeyTests {
  /// The members of the body, in YAML; the parameters of the list; the expected key, and what its reason says.
  static let cases: [(members: String, queries: [String], key: String?, reason: String)] = [
    ("externalId: {type: string}, email: {type: string}", [], "externalId", "another system's ID"),
    ("email: {type: string}, external_ref: {type: [string, 'null']}", ["external_ref"], "external_ref", "filtered"),
    ("contactId: {type: string}, email: {type: string}", ["contactId"], "contactId", "requests contain it"),
    ("code: {type: string}, email: {type: string}", [], "code", "a code"),
    ("handle: {type: string}, nick: {type: string, x-unique: true}", [], "nick", "x-unique"),
    ("email: {type: string}, ref1: {type: string, description: Your own ID of the contact}", [], "ref1", "description"),
    ("email: {type: string}, name: {type: string}", ["email"], "email", "share an address"),
    ("name: {type: string}, city: {type: string}", ["name"], nil, ""),
    // The API gives it, or cannot take GHL's.
    ("externalId: {type: string, readOnly: true}, email: {type: string}", [], "email", ""),
    ("externalId: {type: integer}, email: {type: string}", [], "email", ""),
    ("externalId: {type: string, format: uuid}, name: {type: string}", [], "externalId", "must be a UUID"),
    ("id: {type: string}, email: {type: string}", [], "id", "the API may assign it"),
    // Nested where a record's fields are.
    (
      "attributes: {type: object, properties: {externalId: {type: string}}}, email: {type: string}", [], "attributes.externalId",
      ""
    ),
    ("address: {type: object, properties: {code: {type: string}}}, name: {type: string}", [], nil, ""),
  ]

  @Test(arguments: cases)
  func `A member that requests give and that tells records apart is the key, with a reason`(
    members: String, queries: [String], key: String?, reason: String
  ) throws {
    let parameters = queries.map { "{name: \($0), in: query, schema: {type: string}}" }.joined(separator: ", ")
    let text = """
      openapi: 3.1.0
      info: {title: CRM, version: '1'}
      servers: [{url: https://api.example}]
      paths:
        /contacts:
          post:
            requestBody: {content: {application/json: {schema: {type: object, properties: {\(members)}}}}}
            responses: {"201": {description: x}}
          get:
            parameters: [\(parameters)]
            responses: {"200": {description: x, content: {application/json: {schema: {type: array, items: {type: object, properties: {\(members)}}}}}}}
      """
    let result = try DestinationProposalTests.propose(text)
    let mapping = try #require(result.files.first { $0.path == "mappings/contacts.yaml" }?.text)
    let target = try #require(mapping.split(separator: "\n").first { $0.hasPrefix("target:") })
    #expect(result.mappings.first?.key == key, "\(target)")
    guard let key else {
      #expect(!target.contains("key:"), "\(target)")
      #expect(mapping.contains("No member of the API's schema identifies your records."))
      return
    }
    #expect(target.contains("key: \(key), "), "\(target)")
    #expect(target.contains("review:") && target.contains(reason), "\(target)")
  }

  @Test func `The parent's key is not the key of its children`() throws {
    let text = """
      openapi: 3.1.0
      info: {title: CRM, version: '1'}
      servers: [{url: https://api.example}]
      paths:
        /contacts:
          post:
            requestBody: {content: {application/json: {schema: {type: object, properties: {contactId: {type: string}, email: {type: string}}}}}}
            responses: {"201": {description: x, content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}}
        /contacts/{id}/notes:
          post:
            requestBody: {content: {application/json: {schema: {type: object, properties: {contactId: {type: string}, text: {type: string}}}}}}
            responses: {"201": {description: x}}
      """
    let result = try DestinationProposalTests.propose(text)
    #expect(result.mappings.map(\.name) == ["contacts", "notes"])
    #expect(result.mappings.map(\.key) == ["contactId", nil])
    #expect(result.destination.contains("create: \"POST /contacts/{remote_id(contacts, contactId)}/notes\""))
  }
}
