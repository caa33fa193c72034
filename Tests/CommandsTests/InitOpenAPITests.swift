import Core
import Foundation
import Testing

@testable import Commands

/// `init --openapi FILE`: what it writes and prints for the documents in `fixtures/openapi` stands in `fixtures/golden/openapi`.
@Suite("init --openapi")
struct InitOpenAPITests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// Inside `fixtures/openapi`.
    var document: String
    /// The codes that `check` reports as errors: what only a person can fill in.
    var open: [String] = []
    var testDescription: String { document }

    var name: String {
      let file = document.split(separator: "/").last.map(String.init) ?? document
      return String(file.prefix { $0 != "." })
    }
  }

  static let fixtures = checkout + "/fixtures/openapi"

  static let cases = [
    Case(document: "your-app.openapi.json"), Case(document: "init/flat-api-key.openapi.json"),
    Case(document: "init/nested-cursor.openapi.yaml"), Case(document: "init/patch-only.openapi.yaml"),
    Case(document: "init/no-find.openapi.json"), Case(document: "init/envelope.openapi.yaml"),
    Case(document: "init/keyed-put.openapi.yaml"), Case(document: "init/no-key.openapi.yaml", open: ["missing-keyword"]),
    Case(document: "init/split/openapi.yaml"),
  ]

  @Test(arguments: cases)
  func `The project is the expected one, and check names only what a person must fill in`(item: Case) async throws {
    try await withFolder { folder in
      let ended = await waybill("init", folder + "/it", "--openapi", "\(Self.fixtures)/\(item.document)")
      #expect(ended.code == .done, "\(ended.error)")
      #expect(ended.output.isEmpty)
      let printed = ended.error.replacing(folder, with: "FOLDER")
      #expect(printed.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(printed)")
      let text = try Self.project(folder + "/it") + "--- printed\n" + printed
      let expected = "\(checkout)/fixtures/golden/openapi/\(item.name).txt"
      if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
        try text.write(toFile: expected, atomically: true, encoding: .utf8)
      }
      #expect(text == (try? String(contentsOfFile: expected, encoding: .utf8)))

      #expect(try await Self.errors(in: folder + "/it") == item.open)
    }
  }

  /// The codes that `check` reports as errors.
  private static func errors(in project: String) async throws -> [String] {
    let checked = await waybill("check", "--project", project, "--json")
    let diagnostics = try #require(try JSONReader.read(checked.output)["diagnostics"]?.arrayValue)
    return diagnostics.filter { $0["severity"]?.stringValue == "error" }.compactMap { $0["code"]?.stringValue }
  }

  /// The files that were written, one after another; shipped mappings by their names only.
  private static func project(_ folder: String) throws -> String {
    var text = ""
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    for path in paths where path.hasSuffix(".yaml") || path.hasSuffix(".json") || path.hasSuffix(".csv") {
      guard !path.hasPrefix(".waybill/") else { continue }
      let written = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
      let isShipped = ProjectFiles.all.contains { $0.path == path && String(decoding: $0.bytes, as: UTF8.self) == written }
      text += "--- \(path)\n" + (isShipped ? "(as shipped)\n" : written)
    }
    return text
  }

  @Test func `Your App gets the shipped mappings, since they fit its schemas`() async throws {
    try await withFolder { folder in
      let ended = await waybill("init", folder, "--openapi", Self.fixtures + "/your-app.openapi.json")
      #expect(ended.code == .done, "\(ended.error)")
      for name in ["contacts", "tasks", "notes", "appointments"] {
        let written = FileManager.default.contents(atPath: "\(folder)/mappings/\(name).yaml")
        #expect(written == FileManager.default.contents(atPath: "\(checkout)/mappings/\(name).yaml"))
        let tested = await waybill("test", "\(folder)/mappings/\(name).yaml")
        #expect(tested.code == .done, "\(tested.error)")
      }
    }
  }

  /// Headers, paths and parameters that are not valid in a request.
  static let impossible = #"""
    openapi: 3.1.0
    info: {title: Odd, version: '1'}
    servers: [{url: https://api.example}]
    security: [{key: []}]
    components:
      securitySchemes: {key: {type: apiKey, in: header, name: "X Key"}}
      schemas:
        Contact: {type: object, properties: {externalId: {type: string}, email: {type: string}}}
    paths:
      /contacts:
        post:
          parameters:
            - {name: "X Tenant", in: header, required: true, schema: {type: string}}
            - {name: Host, in: header, required: true, schema: {type: string}}
            - {name: "Idempotency Key", in: header, schema: {type: string}}
            - {name: X-Lines, in: header, required: true, schema: {const: "a\nb"}}
            - {name: X-Form, in: header, required: true, schema: {const: "{x}"}}
            - {name: share, in: query, required: true, schema: {const: "50% & more"}}
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Contact'}}}}
          responses: {"201": {description: x, headers: {"Next Cursor": {schema: {type: string}}}}}
      /contacts/../all: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {}}}
      /tasks/%2E%2e/{id}: {put: {responses: {}}}
    """#

  @Test func `what is not valid in a request is reported and omitted, and check passes`() async throws {
    try await withFolder { folder in
      try Self.impossible.write(toFile: folder + "/api.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--openapi", folder + "/api.yaml")
      #expect(ended.code == .done, "\(ended.error)")
      for warning in [
        "'X Tenant' is not a valid header name", "'Idempotency Key' is not a valid header name",
        "the path /contacts/../all contains '.' or '..'", "the path /tasks/%2E%2e/{id} contains '.' or '..'",
      ] {
        #expect(ended.error.contains(warning), "\(ended.error)")
      }
      let pipeline = try String(contentsOfFile: folder + "/it/waybill.yaml", encoding: .utf8)
      #expect(pipeline.contains("API key in the header 'X Key', which is not a valid name"), "\(pipeline)")
      #expect(pipeline.contains(#"X-Form: "{{x}}""#) && pipeline.contains("share=50%25%20%26%20more"), "\(pipeline)")
      #expect(pipeline.contains("X-Lines: \"${ODD_X_LINES:-put-the-"), "\(pipeline)")
      for absent in ["Host:", "X Tenant", "idempotency:"] { #expect(!pipeline.contains(absent), "\(pipeline)") }
      #expect(try await Self.errors(in: folder + "/it") == [])
      // No request shows which contacts already exist.
      #expect(ended.error.contains("waybill run --first-load"), "\(ended.error)")
    }
  }

  static let post = """
    openapi: 3.1.0
    info: {title: a, version: '1'}
    paths:
      /contacts: {post: {requestBody: {content: {application/json: {schema: SCHEMA}}}, responses: {}}}
    """

  /// Documents that are of no use, and what is said.
  static let faults: [(name: String, text: String, messages: [String])] = [
    ("version.yaml", "openapi: 3.2.0\npaths: {}\n", ["version.yaml:1:1", "OpenAPI 3.2.0 is not supported"]),
    ("swagger.json", #"{"swagger": "1.2", "apis": []}"#, ["Swagger 1.2 is not supported"]),
    ("schema.json", #"{"type": "object"}"#, ["this is not an OpenAPI document"]),
    ("postman.json", #"{"info": {"_postman_id": "x"}, "item": []}"#, ["this is a Postman collection"]),
    ("page.yaml", "<!DOCTYPE html><html></html>", ["is an HTML page"]),
    ("list.yaml", "- openapi: 3.1.0\n", ["this is not an OpenAPI document"]),
    ("broken.json", #"{"openapi": "3.1.0", }"#, ["not valid JSON"]),
    ("broken.yaml", "openapi: 3.1.0\npaths: [\n", ["yaml-syntax"]),
    ("empty.yaml", "openapi: 3.1.0\ninfo: {title: a, version: '1'}\n", ["the document has no operations"]),
    ("hooks.yaml", "openapi: 3.1.0\nwebhooks: {a: {post: {responses: {}}}}\n", ["its webhooks are calls that the API makes"]),
    (
      "read.yaml", "openapi: 3.1.0\npaths: {/contacts: {get: {responses: {}}}}\n",
      ["nothing in the document can be created with a JSON body", "a path with a POST"]
    ),
    (
      "form.yaml",
      "openapi: 3.1.0\npaths: {/contacts: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}}}, responses: {}}}}\n",
      ["POST /contacts: it takes application/x-www-form-urlencoded, and JSON is required"]
    ),
    (
      "body.yaml",
      "openapi: 3.1.0\npaths: {/contacts: {post: {requestBody: {$ref: '#/components/requestBodies/A'}, responses: {}}}}\n",
      [
        "body.yaml:2:", "'$ref' #/components/requestBodies/A leads nowhere",
        "POST /contacts: its body is a reference that leads nowhere",
      ]
    ),
    (
      "cycle.yaml",
      "openapi: 3.1.0\npaths: {/contacts: {$ref: '#/paths/~1people'}, /people: {$ref: '#/paths/~1contacts'}}\n",
      ["'$ref' leads back to itself"]
    ),
    (
      "schema.yaml", post.replacing("SCHEMA", with: "{$ref: '#/components/schemas/Contact'}"),
      ["its body has no schema that can be read"]
    ),
    (
      "invalid.yaml", post.replacing("SCHEMA", with: "{type: objekt, properties: {email: {type: string}}}"),
      ["invalid.yaml:4", "objekt"]
    ),
    ("free.yaml", post.replacing("SCHEMA", with: "{type: object}"), ["its body is not an object with declared members"]),
    (
      "other.yaml",
      post.replacing("/contacts", with: "/spaceships").replacing(
        "SCHEMA", with: "{type: object, properties: {crew: {type: integer}}}"),
      ["none of the document's resources resembles a GHL entity: spaceships", "pass --sample FILE"]
    ),
  ]

  @Test(arguments: faults)
  func `A document that is of no use is refused with its reason, and nothing is written`(
    name: String, text: String, messages: [String]
  ) async throws {
    try await withFolder { folder in
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--openapi", "\(folder)/\(name)")
      #expect(ended.code == .wrongFile, "\(ended.error)")
      for message in messages { #expect(ended.error.contains(message), "\(ended.error)") }
      #expect(!FileManager.default.fileExists(atPath: folder + "/it"))
    }
  }

  @Test func `A missing document, a pointer without a sample, and options that exclude each other are refused`() async throws {
    try await withFolder { folder in
      let api = Self.fixtures + "/your-app.openapi.json"
      let missing = await waybill("init", folder + "/it", "--openapi", folder + "/none.yaml")
      #expect(missing.code == .inputMissing && missing.error.contains("none.yaml"), "\(missing.error)")
      #expect(await waybill("init", folder + "/it", "--openapi", api + "#/components/schemas/Task").code == .usage)
      #expect(await waybill("init", folder + "/it", "--openapi", api, "--ghl").code == .usage)
      #expect(!FileManager.default.fileExists(atPath: folder + "/it"))
    }
  }

  @Test func `Nothing is overwritten`() async throws {
    try await withFolder { folder in
      let api = Self.fixtures + "/your-app.openapi.json"
      try "mine".write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder, "--openapi", api)
      #expect(ended.code == .cannotWrite && ended.error.contains("already has waybill.yaml"), "\(ended.error)")
      #expect(FileManager.default.subpaths(atPath: folder) == ["waybill.yaml"])
    }
  }

  @Test(arguments: [("people.csv", "people"), ("export.csv", "people"), ("notes.csv", nil)])
  func `A sample goes to the resource that is called like it, or that has its fields`(file: String, resource: String?)
    async throws
  {
    try await withFolder { folder in
      let text = resource == nil ? "sku,weight\na,1\n" : "id,givenName,familyName,email\n7,Ada,Lovelace,ada@example.com\n"
      try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
      let ended = await waybill(
        "init", folder + "/it", "--openapi", Self.fixtures + "/init/nested-cursor.openapi.yaml", "--sample", "\(folder)/\(file)")
      guard let resource else {
        #expect(ended.code == .wrongFile, "\(ended.error)")
        #expect(ended.error.contains("no resource of the document has fields like those of the sample"), "\(ended.error)")
        return
      }
      #expect(ended.code == .done, "\(ended.error)")
      let mapping = try String(contentsOfFile: "\(folder)/it/mappings/\(resource).yaml", encoding: .utf8)
      #expect(mapping.contains("familyName: {from: familyName, required: true}"), "\(mapping)")
      #expect(mapping.contains("reference: {from: id, "), "\(mapping)")
      let pipeline = try String(contentsOfFile: folder + "/it/waybill.yaml", encoding: .utf8)
      #expect(pipeline.contains("create: POST /people") && !pipeline.contains("ghl:"), "\(pipeline)")
      #expect(try await Self.errors(in: folder + "/it") == [])
    }
  }

  @Test func `One repeated article number is named, and the article number stays the key`() async throws {
    try await withFolder { folder in
      let api = """
        openapi: 3.1.0
        info: {title: Shop, version: '1'}
        servers: [{url: https://api.example}]
        security: [{key: []}]
        components: {securitySchemes: {key: {type: http, scheme: bearer}}}
        paths:
          /products:
            post:
              requestBody: {content: {application/json: {schema: {type: object, required: [sku], properties: {
                sku: {type: string, description: Must be unique.}, net_price: {type: number}, title: {type: string}}}}}}
              responses: {"201": {description: Created}, "409": {description: There is a product with this sku.}}
        """
      try api.write(toFile: folder + "/api.yaml", atomically: true, encoding: .utf8)
      let rows = (0..<200).map { "\($0 + 3).\($0 % 90 + 10),A-\($0 == 120 ? 17 : $0),Thing \($0)" }
      try (["Net Price,SKU,Title"] + rows).joined(separator: "\n").write(
        toFile: folder + "/products.csv", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder + "/it", "--openapi", folder + "/api.yaml", "--sample", folder + "/products.csv")
      #expect(ended.code == .done, "\(ended.error)")
      let printed = ended.error.split(separator: "\n").joined(separator: " ")
      #expect(printed.contains("the reason, also in `source` and `target`; remove the key"), "\(printed)")
      let mapping = folder + "/it/mappings/products.yaml"
      let text = try String(contentsOfFile: mapping, encoding: .utf8)
      for part in [
        "key: SKU, ", #"review: "1 of 200 records repeats the value of an earlier one: 'A-17'""#, "key: sku, ",
        "sku: {from: SKU, required: true, ", "\nunique: [sku]\n",
      ] {
        #expect(text.contains(part), "\(part)\n\(text)")
      }
      #expect(try await Self.errors(in: folder + "/it") == [])
      let run = await waybill(
        "transform", "--mapping", mapping, "--input", folder + "/products.csv", "--output", folder + "/out.ndjson", "--summary",
        folder + "/summary.json", "--lenient")
      #expect(run.code == .done, "\(run.error)")
      let summary = try JSONReader.read(String(contentsOfFile: folder + "/summary.json", encoding: .utf8))
      #expect(summary["rejected"] == .number(1) && summary["written"] == .number(199), "\(summary.text)")
    }
  }

  @Test func `Titles that are empty, not ASCII or hostile still give names that a pipeline takes`() async throws {
    for (title, name) in [("", "app"), ("データ", "app"), ("2Do API", "api-2do"), ("A\\nb: {c}", "a-b-c"), ("staged", "api-staged")]
    {
      try await withFolder { folder in
        let text = Self.post.replacing("title: a", with: "title: \"\(title)\"").replacing(
          "SCHEMA", with: "{type: object, properties: {externalId: {type: string}}}")
        try text.write(toFile: folder + "/a.yaml", atomically: true, encoding: .utf8)
        let ended = await waybill("init", folder + "/it", "--openapi", folder + "/a.yaml")
        #expect(ended.code == .done, "\(ended.error)")
        let pipeline = try String(contentsOfFile: folder + "/it/waybill.yaml", encoding: .utf8)
        #expect(pipeline.contains("\npipeline: \(name)\n") && pipeline.contains("\n  \(name):\n    http:\n"), "\(pipeline)")
        #expect(try await Self.errors(in: folder + "/it") == [])
      }
    }
  }
}
