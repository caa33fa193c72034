import Core
import Foundation
import Schema
import Testing

@testable import Sandbox

/// The OpenAPI document describes what Your App does, and nothing else.
@Suite("Your App: OpenAPI document")
struct AppDocumentTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/openapi/your-app.openapi.json")

  private let document = AppDocument.make(origin: "http://127.0.0.1:8080")

  @Test func `the file in fixtures is the document`() throws {
    let text = document.prettyText
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try text.write(to: Self.file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.file, encoding: .utf8) == text)
  }

  @Test func `the server returns it without a token, with its own address`() throws {
    let asking = try AppAsking(faults: ["app-503=1"])
    let answer = asking.send("GET", "/openapi.json", token: nil)
    #expect(answer.status == 200 && answer.body == Array(document.prettyText.utf8))
  }

  @Test func `each route is an operation, and each operation a route`() throws {
    let paths = try #require(document["paths"]?.objectValue)
    let declared = paths.flatMap { path in
      (path.value.objectValue ?? []).map { $0.name.uppercased() + " " + path.name }
    }
    #expect(declared.sorted() == AppRoute.all.map(\.name).sorted())
    for path in paths {
      let parts = path.name.split(separator: "/").map { $0 == "{id}" ? "x" : String($0) }
      for operation in path.value.objectValue ?? [] {
        guard case .route(let route, let id) = AppRoute.match(operation.name.uppercased(), parts) else {
          Issue.record("\(operation.name) \(path.name) has no route")
          continue
        }
        #expect(route.name == operation.name.uppercased() + " " + path.name)
        #expect(id == (path.name.contains("{id}") ? "x" : ""))
        let inPath = (operation.value["parameters"]?.arrayValue ?? []).map(resolved).filter { $0["in"] == .string("path") }
        #expect(inPath.map { $0["name"] } == (path.name.contains("{id}") ? [.string("id")] : []))
      }
    }
    let ids = paths.flatMap { ($0.value.objectValue ?? []).compactMap { $0.value["operationId"]?.stringValue } }
    #expect(Set(ids).count == ids.count && ids.count == AppRoute.all.count)
  }

  @Test func `each reference resolves, and each component is used`() throws {
    var used: Set<String> = []
    func walk(_ value: JSONValue) {
      for element in value.arrayValue ?? [] { walk(element) }
      for member in value.objectValue ?? [] {
        if member.name == "$ref", let target = member.value.stringValue { used.insert(target) } else { walk(member.value) }
      }
    }
    walk(document)
    var defined: Set<String> = []
    for kind in document["components"]?.objectValue ?? [] where kind.name != "securitySchemes" {
      for component in kind.value.objectValue ?? [] { defined.insert("#/components/\(kind.name)/\(component.name)") }
    }
    #expect(used == defined)
  }

  @Test(arguments: AppResource.allCases)
  func `the schemas are those of the mappings, plus what Your App adds`(resource: AppResource) throws {
    let schema = AppSchema.of(resource).document
    let names = (schema["properties"]?.objectValue ?? []).map(\.name)
    func properties(_ name: String) -> [String] {
      (document["components"]?["schemas"]?[name]?["properties"]?.objectValue ?? []).map(\.name)
    }
    #expect(properties(resource.typeName + "Input") == names)
    #expect(properties(resource.typeName + "Patch") == names)
    #expect(properties(resource.typeName) == AppRecord.ownMembers + names)
    #expect(document["components"]?["schemas"]?[resource.typeName + "Input"]?["required"] == schema["required"])
  }

  /// The requests that produce the responses of one resource.
  private func exchanges(_ resource: AppResource, _ asking: AppAsking) throws -> [(route: AppRoute, answer: SandboxAnswer)] {
    let contact = try asking.contact("c1")
    let creation = resource.isChild ? "/contacts/\(contact)/\(resource.rawValue)" : "/contacts"
    let gone = try asking.contact("gone")
    _ = asking.send("DELETE", "/contacts/" + gone)
    var found: [(AppRoute, SandboxAnswer)] = []
    @discardableResult
    func send(
      _ route: AppRoute, _ path: String, _ body: String = "", token: String? = "app-token", _ headers: [String: String] = [:]
    ) -> SandboxAnswer {
      let answer = asking.send(route.method, path, body, token: token, headers)
      found.append((route, answer))
      return answer
    }
    let record = AppSamples.record(resource, "k1")
    let tagged = ["if-match": "\"x\""]
    let created = send(.create(resource), creation, record, ["idempotency-key": "1"])
    let id = try #require(try asking.json(created)["id"]?.stringValue)
    let own = "/\(resource.rawValue)/\(id)"
    send(.create(resource), creation, record, ["idempotency-key": "1"])
    send(.create(resource), creation, record, ["idempotency-key": "2"])
    send(.create(resource), creation, record, ["if-none-match": "*"])
    send(.create(resource), creation, "{}", ["idempotency-key": "1"])
    send(.create(resource), creation, "{}")
    send(.create(resource), creation, "{")
    send(.create(resource), creation, "{}", ["content-type": "text/plain"])
    send(.create(resource), creation, record, token: nil)
    if resource.isChild {
      send(.create(resource), "/contacts/x/\(resource.rawValue)", record)
      send(.create(resource), "/contacts/\(gone)/\(resource.rawValue)", record)
      for path in [contact, "x", gone] { send(.listChildren(resource), "/contacts/\(path)/\(resource.rawValue)?page=1") }
    }
    send(.read(resource), own)
    send(.read(resource), own, "", ["if-none-match": "*"])
    send(.read(resource), "/\(resource.rawValue)/x")
    send(.replace(resource), own, record)
    send(.replace(resource), own, "{}")
    send(.replace(resource), own, record, tagged)
    send(.replace(resource), "/\(resource.rawValue)/x", record)
    send(.merge(resource), own, #"{"origin":"ghl"}"#)
    send(.merge(resource), own, #"{"origin":"x"}"#)
    send(.merge(resource), own, "{}", tagged)
    send(.merge(resource), own, "{}", ["content-type": "application/json"])
    send(.list(resource), "/\(resource.rawValue)?\(resource.key)=k1")
    send(.list(resource), "/\(resource.rawValue)?page=1&limit=1")
    send(.list(resource), "/\(resource.rawValue)?x=1")
    let batch = "/\(resource.rawValue)/batch"
    send(.batch(resource), batch, AppSamples.batch([record]))
    send(.batch(resource), batch, AppSamples.batch([record, "{}"]), ["prefer": "return=representation"])
    send(.batch(resource), batch + "?atomic=true", AppSamples.batch([record, "{}"]))
    send(.batch(resource), batch, AppSamples.batch(.init(repeating: "{}", count: 101)))
    let accepted = send(.batch(resource), batch, AppSamples.batch([record]), ["prefer": "respond-async"])
    let job = String(try #require(accepted.header("Location")).dropFirst(YourApp.basePath.count))
    send(.job, job)
    asking.advance(AppJobs.duration)
    send(.job, job)
    send(.job, "/jobs/x")
    send(.delete(resource), own, "", tagged)
    send(.delete(resource), own)
    send(.delete(resource), own)
    send(.delete(resource), "/\(resource.rawValue)/x")
    return found
  }

  @Test(arguments: AppResource.allCases)
  func `each response has a declared status, declared headers and a body that its schema accepts`(resource: AppResource) throws {
    let asking = try AppAsking()
    var seen: [AppRoute: Set<Int>] = [:]
    var validators: [String: SchemaValidator] = [:]
    for (route, answer) in try exchanges(resource, asking) {
      seen[route, default: []].insert(answer.status)
      let operation = document["paths"]?[route.template]?[route.method.lowercased()]
      guard let response = operation?["responses"]?[String(answer.status)].map(resolved) else {
        Issue.record("\(route.name): \(answer.status) is not declared: \(answer.text)")
        continue
      }
      let headers = Set((response["headers"]?.objectValue ?? []).map(\.name))
      let sent = Set(answer.headers.map(\.name))
      #expect(sent.subtracting(headers).isEmpty, "\(route.name) \(answer.status)")
      guard let content = response["content"]?.objectValue?.first else {
        #expect(answer.body.isEmpty, "\(route.name) \(answer.status)")
        continue
      }
      #expect(answer.contentType.prefix { $0 != ";" } == content.name)
      let schema = try #require(content.value["schema"]?["$ref"]?.stringValue)
      let validator = try validators[schema] ?? Self.validator(schema)
      validators[schema] = validator
      #expect(validator.failures(in: try asking.json(answer)) == [], "\(route.name) \(answer.status)")
    }
    // Only faults give the responses that the requests above do not: 403, 413 by size, 500, 503, and 429.
    for (route, statuses) in seen where route != .job {
      let missing = Set(AppOperation(route).statuses).subtracting(statuses).subtracting([
        400, 401, 403, 409, 413, 422, 429, 500, 503,
      ])
      #expect(missing.subtracting([404, 410, 415]).isEmpty, "\(route.name): \(missing.sorted())")
    }
  }

  @Test func `a request that the document allows is accepted`() throws {
    for resource in AppResource.allCases {
      let validator = try Self.validator("#/components/schemas/\(resource.typeName)Input")
      #expect(validator.failures(in: try JSONReader.read(AppSamples.record(resource, "k"))) == [])
      #expect(!validator.failures(in: try JSONReader.read("{}")).isEmpty)
      let patch = try Self.validator("#/components/schemas/\(resource.typeName)Patch")
      #expect(patch.failures(in: try JSONReader.read(#"{"origin":null}"#)) == [])
      #expect(!patch.failures(in: try JSONReader.read(#"{"\#(resource.key)":null}"#)).isEmpty)
      let batch = try Self.validator("#/components/schemas/\(resource.typeName)Batch")
      #expect(batch.failures(in: try JSONReader.read(AppSamples.batch([AppSamples.record(resource, "k")]))) == [])
      #expect(!batch.failures(in: try JSONReader.read(AppSamples.batch([]))).isEmpty)
    }
  }

  private static func validator(_ reference: String) throws -> SchemaValidator {
    let compilation = SchemaCompiler.load(path: file.path + reference)
    #expect(compilation.diagnostics.filter { $0.severity == .error } == [])
    return try #require(compilation.validator, "\(reference)")
  }

  private func resolved(_ value: JSONValue) -> JSONValue {
    guard let reference = value["$ref"]?.stringValue else { return value }
    return reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] ?? .null }
  }
}
