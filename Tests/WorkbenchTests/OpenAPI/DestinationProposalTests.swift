import Core
import Foundation
import Testing

@testable import Workbench

/// What is read out of an OpenAPI document, one question at a time. The cases are documents around one path, `/contacts`, or as they
/// stand.
@Suite("A destination from an OpenAPI document")
struct DestinationProposalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// Below `paths:`.
    var paths: String
    /// Further top-level members.
    var more = "servers: [{url: https://api.example}]"
    /// Lines of the destination's block, without indentation.
    var has: [String] = []
    /// Texts that it does not contain.
    var lacks: [String] = []
    /// Texts of mappings and schemas.
    var files: [String] = []
    var testDescription: String { name }
  }

  static let record = "{type: object, properties: {externalId: {type: string}, email: {type: string}}}"
  static let stored = "{type: object, properties: {id: {type: string}, externalId: {type: string}, email: {type: string}}}"

  static func json(_ schema: String) -> String { "content: {application/json: {schema: \(schema)}}" }
  static func body(_ schema: String = record) -> String { "requestBody: {\(json(schema))}" }
  static func created(_ schema: String = stored, headers: String = "{}") -> String {
    "responses: {\"201\": {description: x, headers: \(headers), \(json(schema))}}"
  }

  static func post(_ body: String = body(), _ responses: String = created(), _ more: String = "") -> String {
    "post: {\(body), \(responses)\(more)}"
  }

  /// `/contacts` with a POST and a GET with these parameters, whose response has this schema.
  static func list(_ parameters: String, _ schema: String, headers: String = "{}") -> String {
    """
      /contacts:
        \(post())
        get:
          parameters: [\(parameters)]
          responses: {"200": {description: x, headers: \(headers), \(json(schema))}}
    """
  }

  static func query(_ name: String, _ schema: String = "{type: string}", _ more: String = "") -> String {
    "{name: \"\(name)\", in: query, schema: \(schema)\(more)}"
  }

  static let page = "{type: object, properties: {items: {type: array, items: \(stored)}, total: {type: integer}}}"
  static func page(_ member: String) -> String {
    "{type: object, properties: {data: {type: array, items: \(stored)}, \(member)}}"
  }

  static let item = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"

  static let lists: [Case] = [
    Case(
      name: "pages by number",
      paths: list(query("page", "{type: integer, minimum: 1}") + ", " + query("per_page", "{type: integer, maximum: 50}"), page),
      has: ["list: {request: \"GET /contacts?page={page}&per_page=50\", items: items}"]),
    Case(
      name: "a size without a maximum is not sent",
      paths: list(query("page", "{type: integer, minimum: 1}") + ", " + query("limit", "{type: integer}"), page),
      has: ["list: {request: \"GET /contacts?page={page}\", items: items}"]),
    Case(
      name: "pages that may be counted from 0", paths: list(query("page", "{type: integer}"), page),
      has: ["list: {request: \"GET /contacts?page={page}\", items: items}", "# review: pages are assumed to be counted from 1"]),
    Case(
      name: "pages that are counted from 0", paths: list(query("page", "{type: integer, default: 0}"), page),
      has: ["# list: GET /contacts: pages that are counted from 0 are not supported"], lacks: ["\nlist:"]),
    Case(
      name: "pages by offset", paths: list(query("offset") + ", " + query("limit"), page),
      has: ["# list: GET /contacts: pages by offset are not supported"]),
    Case(
      name: "a limit and nothing else", paths: list(query("limit"), page),
      has: ["# list: GET /contacts: it has a limit, but no parameter for the next page"]),
    Case(
      name: "a cursor in the body",
      paths: list(
        query("after"), page("paging: {type: object, properties: {next: {type: object, properties: {after: {type: string}}}}}")),
      has: ["list: {request: \"GET /contacts?after={cursor}\", items: data, cursor: {body: paging.next.after}}"]),
    Case(
      name: "a cursor in a header", paths: list(query("cursor"), page, headers: "{X-Next-Cursor: {schema: {type: string}}}"),
      has: ["list: {request: \"GET /contacts?cursor={cursor}\", items: items, cursor: {header: x-next-cursor}}"]),
    Case(
      name: "a cursor that nothing returns", paths: list(query("cursor"), page),
      has: ["# list: GET /contacts: the response has no member or header with the next cursor"]),
    Case(
      name: "an address of the next page is not a cursor",
      paths: list(query("cursor"), page("next: {type: string, format: uri}")),
      lacks: ["cursor: {body"]),
    Case(
      name: "the header Link", paths: list(query("cursor"), page, headers: "{Link: {schema: {type: string}}}"),
      has: ["list: {request: \"GET /contacts\", items: items, link: true}"]),
    Case(
      name: "everything at once", paths: list("", "{type: array, items: \(stored)}"),
      has: [
        "# review: it has no parameters for pages, so it is assumed to return everything", "list: {request: \"GET /contacts\"}",
      ]
    ),
    Case(
      name: "a list inside data",
      paths: list(
        query("page", "{type: integer, minimum: 1}"),
        "{type: object, properties: {data: {type: object, properties: {contacts: {type: array, items: \(stored)}}}}}"),
      has: ["list: {request: \"GET /contacts?page={page}\", items: data.contacts}"]),
    Case(
      name: "the list of records among others",
      paths: list(
        query("page", "{type: integer, minimum: 1}"),
        "{type: object, properties: {links: {type: array, items: {type: object, properties: {href: {type: string}}}}, people: {type: array, items: \(stored)}}}"
      ),
      has: ["list: {request: \"GET /contacts?page={page}\", items: people}"]),
    Case(
      name: "a required parameter",
      paths: list(
        query("page", "{type: integer, minimum: 1}") + ", {name: tenant, in: query, required: true, schema: {type: string}}", page
      ),
      has: ["list: {request: \"GET /contacts?page={page}&tenant=${CRM_TENANT:-put-the-tenant-here}\", items: items}"]),
  ]

  static let finds: [Case] = [
    Case(
      name: "by a parameter", paths: list(query("external_id"), page),
      has: ["find: {request: \"GET /contacts?external_id={key}\", items: items}"]),
    Case(
      name: "by a filter in brackets", paths: list(query("filter[externalId]"), page),
      has: ["find: {request: \"GET /contacts?filter%5BexternalId%5D={key}\", items: items}"]),
    Case(
      name: "by another parameter", paths: list(query("email"), page),
      has: ["# find: the document has no request that finds records by 'externalId'"]),
    Case(
      name: "by a path",
      paths: """
          /contacts: {\(post())}
          /contacts/by-external-id/{externalId}:
            get: {parameters: [{name: externalId, in: path, required: true, schema: {type: string}}], responses: {"200": {description: x, \(json(stored))}}}
        """, has: ["find: {request: \"GET /contacts/by-external-id/{key}\"}"]),
  ]

  static let updates: [Case] = [
    Case(
      name: "PUT before PATCH",
      paths: """
          /contacts: {\(post())}
          /contacts/{id}:
            \(item)
            put: {\(body()), responses: {"200": {description: x}}}
            patch: {\(body()), responses: {"200": {description: x}}}
        """,
      has: ["update: \"PUT /contacts/{remote_id}\"", "update_style: replace", "#   update: \"PATCH /contacts/{remote_id}\""]),
    Case(
      name: "a JSON Patch is not a record",
      paths: """
          /contacts: {\(post())}
          /contacts/{id}:
            \(item)
            patch: {requestBody: {content: {application/json-patch+json: {schema: {type: array, items: {type: object}}}}}, responses: {"200": {description: x}}}
        """, has: ["# update: PATCH /contacts/{id} does not take a record as JSON"], lacks: ["\nupdate:"]),
    Case(
      name: "POST to the item",
      paths: """
          /contacts: {\(post())}
          /contacts/{id}: {\(item), post: {\(body()), responses: {"200": {description: x}}}}
        """,
      has: [
        "update: \"POST /contacts/{remote_id}\"",
        "update_style: merge    # review: fields that the request leaves out are assumed to be kept",
      ]),
    Case(
      name: "verbs in paths",
      paths: """
          /contacts/create: {\(post())}
          /contacts/update/{id}: {\(item), post: {\(body()), responses: {"200": {description: x}}}}
          /contacts/{id}/delete: {\(item), post: {responses: {"200": {description: x}}}}
        """,
      has: [
        "create: POST /contacts/create", "update: \"POST /contacts/update/{remote_id}\"",
        "delete: \"POST /contacts/{remote_id}/delete\"",
      ]),
    Case(
      name: "singular and plural",
      paths: """
          /contact: {\(post())}
          /contacts/{id}: {\(item), put: {\(body()), responses: {"200": {description: x}}}}
        """, has: ["create: POST /contact", "update: \"PUT /contacts/{remote_id}\""]),
    Case(
      name: "an ending",
      paths: """
          /contacts.json: {\(post())}
          /contacts/{id}.json: {\(item), put: {\(body()), responses: {"200": {description: x}}}}
        """, has: ["create: POST /contacts.json", "update: \"PUT /contacts/{remote_id}.json\""]),
    Case(
      name: "nothing has the ID",
      paths: """
          /contacts: {\(post(body(), "responses: {\"204\": {description: x}}"))}
          /contacts/{id}: {\(item), put: {\(body()), responses: {"204": {description: x}}}}
        """,
      has: [
        "# update: PUT /contacts/{id} needs an ID that no known response contains",
        "# remote_id: no known response contains the API's ID of a record",
      ], lacks: ["\nupdate:"]),
    Case(
      name: "the path has our key",
      paths: """
          /contacts: {\(post())}
          /contacts/{externalId}:
            parameters: [{name: externalId, in: path, required: true, schema: {type: string}}]
            get: {responses: {"200": {description: x, \(json(stored))}}}
            put: {\(body()), responses: {"200": {description: x}}}
        """, has: ["update: \"PUT /contacts/{key}\"", "find: {request: \"GET /contacts/{key}\"}", "remote_id: externalId"]),
    Case(
      name: "a required tag",
      paths: """
          /contacts: {\(post(body(), created(headers: "{ETag: {schema: {type: string}}}")))}
          /contacts/{id}: {\(item), delete: {parameters: [{name: If-Match, in: header, required: true, schema: {type: string}}], responses: {"204": {description: x}}}}
        """,
      has: ["delete: {request: \"DELETE /contacts/{remote_id}\", headers: {If-Match: \"{etag}\"}}", "etag: {header: etag}"]),
  ]

  static let places: [Case] = [
    Case(
      name: "an envelope both ways",
      paths:
        "  /contacts: {\(post(body("{type: object, properties: {contact: \(record)}}"), created("{type: object, properties: {contact: \(stored)}}")))}",
      has: ["body: {under: contact}", "remote_id: contact.id", "record: contact"],
      files: ["externalId: {from: id, required: true"]),
    Case(
      name: "the ID in Location",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x, headers: {Location: {schema: {type: string}}}}}"))}",
      has: ["remote_id: {header: location}    # review: the last part of the address in Location is assumed to be the ID"]),
    Case(
      name: "an ID that is called after the record",
      paths: "  /contacts: {\(post(body(), created("{type: object, properties: {contact_id: {type: integer}}}")))}",
      has: ["remote_id: contact_id"]),
    Case(
      name: "a conflict that names the record",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x, \(json(stored))}, \"409\": {description: x, \(json("{type: object, properties: {error: {type: object, properties: {existingId: {type: string}}}}}"))}}"))}",
      // Without a lookup, it is not known whether the record in the way is ours.
      has: ["create: POST /contacts"], lacks: ["conflict:"]),
    Case(
      name: "a batch that creates and updates",
      paths:
        "  /contacts: {\(post())}\n  /contacts/bulk: {put: {summary: Upsert contacts, requestBody: {\(json("{type: array, maxItems: 25, items: \(record)}"))}, responses: {\"207\": {description: x, \(json("{type: array, items: {type: object, properties: {externalId: {type: string}, status: {type: integer}}}}"))}}}}",
      has: ["batch:", "request: PUT /contacts/bulk", "size: 25", "results: {key: externalId, status: status}"]),
    Case(
      name: "a batch that only creates",
      paths:
        "  /contacts: {\(post())}\n  /contacts/batch: {post: {summary: Create contacts, requestBody: {\(json("{type: object, properties: {inputs: {type: array, items: \(record)}}}"))}, responses: {\"200\": {description: x}}}}",
      has: [
        "# batch: the document does not say that it also updates existing records. If it does:",
        "# batch: {request: POST /contacts/batch, size: 100, items: inputs}",
      ], lacks: ["\nbatch:"]),
  ]

  static let refusals: [Case] = [
    Case(
      name: "problem details",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x}, \"400\": {description: x, content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}}}"))}",
      has: ["responses: {preset: problem+json}", "# errors: the document does not say where a refusal names fields"]),
    Case(
      name: "violations",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x}, default: {description: x, \(json("{type: object, properties: {violations: {type: array, items: {type: object, properties: {propertyPath: {type: string}, message: {type: string}}}}}}"))}}"))}",
      has: ["errors: {at: violations, field: propertyPath, message: message}"]),
    Case(
      name: "a member for each field",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x}, \"422\": {description: x, \(json("{type: object, properties: {errors: {type: object, additionalProperties: {type: array, items: {type: string}}}}}"))}}"))}",
      has: ["errors: {at: errors}"]),
    Case(
      name: "ok",
      paths: "  /contacts: {\(post(body(), created("{type: object, properties: {ok: {type: boolean}, id: {type: string}}}")))}",
      has: ["responses: {preset: ok-flag}"]),
    Case(
      name: "success",
      paths:
        "  /contacts: {\(post(body(), created("{type: object, properties: {success: {type: boolean}, id: {type: string}}}")))}",
      has: ["responses: {preset: ok-flag}"]),
    Case(
      name: "another flag",
      paths:
        "  /contacts: {\(post(body(), created("{type: object, properties: {succeeded: {type: boolean}, id: {type: string}}}")))}",
      has: [
        "ok: \"response.status >= 200 && response.status < 300 && (response.status == 204 || !has(response.body.succeeded) || response.body.succeeded == true)\""
      ]),
    Case(
      name: "places as lists",
      paths:
        "  /contacts: {\(post(body(), "responses: {\"201\": {description: x}, \"422\": {description: x, \(json("{type: object, properties: {detail: {type: array, items: {type: object, properties: {loc: {type: array, items: {type: string}}, msg: {type: string}}}}}}"))}}"))}",
      has: ["errors: {at: detail, field: loc, message: msg}"]),
  ]

  static func secured(_ scheme: String) -> String {
    "servers: [{url: https://api.example}]\nsecurity: [{s: []}]\ncomponents: {securitySchemes: {s: \(scheme)}}"
  }

  static let plain = "  /contacts: {\(post())}"
  static let access: [Case] = [
    Case(name: "bearer", paths: plain, more: secured("{type: http, scheme: Bearer}"), has: ["auth: {bearer: {env: CRM_TOKEN}}"]),
    Case(
      name: "basic", paths: plain, more: secured("{type: http, scheme: basic}"),
      has: ["auth: {basic: {user: \"${CRM_USER:-put-the-user-here}\", password: {env: CRM_PASSWORD}}}"]),
    Case(
      name: "a key in a header", paths: plain, more: secured("{type: apiKey, in: header, name: X-Key}"),
      has: ["auth: {header: {name: X-Key, value: {env: CRM_API_KEY}}}"]),
    Case(
      name: "a key in the query", paths: plain, more: secured("{type: apiKey, in: query, name: key}"),
      has: ["auth: {query: {name: key, value: {env: CRM_API_KEY}}}"]),
    Case(
      name: "a key in a cookie", paths: plain, more: secured("{type: apiKey, in: cookie, name: session}"),
      has: ["# review: the document requires 'session', which is not supported: requests are sent without it"], lacks: ["auth:"]),
    Case(
      name: "OAuth", paths: plain, more: secured("{type: oauth2, flows: {}}"),
      has: [
        "# review: OAuth 2.0 is not supported yet, so this sends an access token that you get yourself",
        "auth: {bearer: {env: CRM_TOKEN}}",
      ]),
    Case(
      name: "the simplest of several", paths: plain,
      more:
        "servers: [{url: https://api.example}]\nsecurity: [{o: []}, {k: []}, {b: []}]\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {}}, k: {type: apiKey, in: query, name: k}, b: {type: http, scheme: bearer}}}",
      has: ["auth: {bearer: {env: CRM_TOKEN}}"], lacks: ["review: OAuth"]),
    Case(
      name: "none", paths: plain, has: ["# review: the document does not say that requests must be authorized"], lacks: ["auth:"]),
    Case(
      name: "none on purpose", paths: "  /contacts: {\(post(body(), created(), ", security: []"))}",
      more: secured("{type: http, scheme: bearer}"), lacks: ["auth:"]),
    Case(
      name: "a relative server", paths: plain, more: "servers: [{url: /v2}]",
      has: ["# review: the document does not name the host", "base_url: \"${CRM_URL:-https://put-the-host-here.invalid/v2}\""]),
    Case(name: "no server", paths: plain, more: "tags: []", has: ["base_url: \"${CRM_URL:-https://put-the-host-here.invalid}\""]),
    Case(
      name: "a server without encryption", paths: plain, more: "servers: [{url: \"http://api.example/v1/\"}]",
      has: [
        "# review: the document says http://, which would send the credentials unencrypted", "base_url: https://api.example/v1",
      ]),
    Case(
      name: "this machine", paths: plain, more: "servers: [{url: \"http://localhost:3000\"}]",
      has: ["base_url: http://localhost:3000"]),
    Case(
      name: "variables and several servers", paths: plain,
      more: "servers: [{url: \"https://{region}.api.example\", variables: {region: {default: eu}}}, {url: https://test.example}]",
      has: ["# review: other servers: https://test.example", "base_url: https://eu.api.example"]),
    Case(
      name: "headers that requests must have",
      paths:
        "  /contacts: {parameters: [{name: X-Version, in: header, required: true, schema: {type: string, enum: ['2']}}, {name: X-Tenant, in: header, required: true, schema: {type: string}}, {name: X-Trace, in: header, schema: {type: string}}], \(post())}",
      has: ["headers:", "X-Version: \"2\"", "X-Tenant: \"${CRM_X_TENANT:-put-the-x-tenant-here}\""], lacks: ["X-Trace"]),
    Case(
      name: "idempotency",
      paths: "  /contacts: {parameters: [{name: idempotency-key, in: header, schema: {type: string}}], \(post())}",
      has: ["idempotency: {header: idempotency-key, lifetime: 24h}"]),
  ]

  @Test(arguments: [lists, finds, updates, places, refusals, access].flatMap(\.self))
  func `What the document says is in the destination, and what it does not say is a comment`(item: Case) throws {
    let result = try Self.propose(item)
    let lines = Set(result.destination.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    for line in item.has { #expect(lines.contains(line), "\(line)\n\(result.destination)") }
    let plain =
      "\n" + result.destination.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    for text in item.lacks { #expect(!plain.contains(text), "\(text)\n\(result.destination)") }
    let files = result.files.map(\.text).joined(separator: "\n")
    for text in item.files { #expect(files.contains(text), "\(text)\n\(files)") }
    #expect(result.warnings.isEmpty)
  }

  static func propose(_ item: Case) throws -> DestinationProposal.Result {
    try propose("openapi: 3.1.0\ninfo: {title: CRM, version: '1'}\n\(item.more)\npaths:\n\(item.paths)\n")
  }

  static func propose(_ text: String) throws -> DestinationProposal.Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "api-\(UUID().uuidString).yaml").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try DestinationProposal.run(.init(path: path))
  }
}
