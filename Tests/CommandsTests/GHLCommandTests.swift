import Core
import Testing

@testable import Commands
@testable import GHL

/// Routes and bodies of `ghl`.
@Suite struct GHLCommandTests {
  /// Answers everything with 200, or as `answer` says, and keeps what it was asked.
  private final class Server: Sendable {
    let requests = Locked<[AnsweringServer.Request]>([])
    private let server: AnsweringServer

    init(_ answer: @escaping @Sendable (AnsweringServer.Request) -> AnsweringServer.Answer = { _ in .init() }) throws {
      let requests = requests
      server = try #require(
        AnsweringServer { request in
          requests.withLock { $0.append(request) }
          return answer(request)
        })
    }

    deinit { server.stop() }

    var sent: [String] { requests.withLock { $0 }.map { "\($0.method) \($0.target)" } }

    /// - Parameter answer: what is typed; nil: there is no terminal.
    func run(_ words: [String], answer: String? = nil) async -> Ended {
      let captured = Captured()
      var surroundings = Surroundings(
        console: captured.console(isTerminal: answer != nil),
        environment: ["GHL_BASE_URL": "http://127.0.0.1:\(server.port)", "GHL_TOKEN": "pit-1", "GHL_LOCATION": "loc"])
      if let answer { surroundings.confirmation = Confirmation { _ in answer } }
      let code = await CommandEntry.run(["ghl"] + words + ["--project", "/nowhere"], in: surroundings)
      return Ended(code: code, output: captured.output, error: captured.error)
    }
  }

  // MARK: --routes

  @Test func `--routes lists every route with its scope, without a location or a token`() async throws {
    let text = await waybill("ghl", "--routes")
    #expect(text.code == .done, "\(text.error)")
    let lines = text.output.split(separator: "\n")
    #expect(lines.count == GHLRoute.all.count + 1)
    for route in GHLRoute.all {
      let line = lines.first { $0.hasPrefix("\(route.method.rawValue) \(route.template) ") }
      #expect(line?.contains(" \(route.scope) ") == true, "\(route.template)")
    }
    #expect(lines.contains { $0.hasSuffix("  title*, body, dueDate*, completed*, assignedTo") })
    let new = lines.first { $0.hasPrefix("DELETE /contacts/{contactId}/campaigns/remove-all ") }
    #expect(new?.hasSuffix(" v3") == true && new?.contains("2021-07-28") == false)
  }

  @Test func `--routes --json has the types, and the members inside`() async throws {
    let ended = await waybill("ghl", "--routes", "--json")
    #expect(ended.code == .done && ended.error == "")
    let routes = try #require(try JSONReader.read(Array(ended.output.utf8)).arrayValue)
    #expect(routes.count == GHLRoute.all.count)
    let update = try #require(routes.first { $0["method"] == .string("PUT") && $0["path"] == .string("/contacts/{contactId}") })
    #expect(update["writes"] == .bool(true) && update["scope"] == .string("contacts.write"))
    #expect(update["versions"] == .object([.init("dated", .string("2021-07-28")), .init("v3", .string("v3"))]))
    for (generation, name) in [("dated", "SMS"), ("v3", "sms")] {
      let members = update["body"]?[generation]?.arrayValue ?? []
      let settings = try #require(members.first { $0["name"] == .string("dndSettings") })
      #expect(settings["members"]?.arrayValue?.contains { $0["name"] == .string(name) } == true)
      #expect(settings["one_of"] == nil)
      // Neither is required by itself.
      let fields = try #require(members.first { $0["name"] == .string("customFields") })
      #expect(fields["one_of"] == .array([.string("id"), .string("key")]))
      let email = try #require(members.first { $0["name"] == .string("email") })
      #expect(email["type"] == .string("string") && email["nullable"] == .bool(true) && email["required"] == .bool(false))
    }
    let deletion = try #require(
      routes.first { $0["method"] == .string("DELETE") && $0["path"] == .string("/contacts/{contactId}") })
    #expect(deletion["body"] == .object([.init("dated", .null), .init("v3", .null)]))
  }

  @Test func `the names of members differ between generations only inside other members`() {
    for route in GHLRoute.all where route.generations.count > 1 {
      let names = GHLVersions.Generation.allCases.map { route.body(in: $0)?.members.map(\.name) }
      #expect(names[0] == names[1], "\(route.template)")
    }
  }

  @Test(arguments: [
    (["--routes", "GET", "/contacts/a"], "only --json can be combined with it"),
    (["--routes", "--all"], "only --json can be combined with it"),
    ([], "a method is missing: GET, POST, PUT or DELETE"), (["GET"], "a path is missing, such as /contacts/ID"),
    (["PATCH", "/contacts/a"], "'PATCH' is not a method"), (["GET", "contacts"], "the path must begin with '/'"),
    (["GET", "/contacts/a", "--api-version", "v2"], "v2"),
  ])
  func `a wrong command line is refused`(words: [String], message: String) async {
    let ended = await waybill(["ghl"] + words)
    #expect(ended.code == .usage && ended.error.contains(message), "\(ended.error)")
  }

  // MARK: Every route by hand

  @Test(arguments: GHLVersions.Generation.allCases)
  func `every route can be called, and the body that its shape describes is sent`(generation: GHLVersions.Generation) async throws
  {
    let server = try Server()
    let routes = GHLRoute.all.filter { $0.generations.contains(generation) }
    for route in routes {
      let path =
        "/"
        + route.template.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        .map { $0.hasPrefix("{") ? "id" : String($0) }.joined(separator: "/")
      var words = [route.method.rawValue, path, "--api-version", generation.rawValue, "--yes"]
      if let shape = route.body(in: generation) { words += ["--body", Self.least(shape).text] }
      let ended = await server.run(words)
      #expect(ended.code == .done && ended.error == "", "\(words): \(ended.error)")
      let request = try #require(server.requests.withLock { $0.last })
      #expect(request.method == route.method.rawValue && request.target == path)
      #expect(request.version == route.version(in: generation), "\(path)")
    }
    #expect(server.sent.count == routes.count)
  }

  /// The required members.
  private static func least(_ shape: GHLBodyShape) -> JSONValue {
    func value(_ form: GHLBodyShape.Form) -> JSONValue {
      switch form {
      case .string, .any, .customFieldValue: .string("x")
      case .boolean: .bool(true)
      case .integer: .number(1)
      case .word(let words): .string(words[0])
      case .list(let form, _): .array([value(form)])
      case .object(let shape): least(shape)
      }
    }
    return .object(shape.members.filter(\.isRequired).map { .init($0.name, value($0.form)) })
  }

  // MARK: Bodies

  static let bodies: [([String], String)] = [
    (
      ["PUT", "/contacts/abc", "--body", #"{"frstName": "Ada"}"#],
      "PUT /contacts/abc was not sent: GHL does not accept 'frstName': did you mean 'firstName'?; pass --force to send it anyway"
    ),
    (["PUT", "/contacts/abc", "--body", #"{"gender": "x"}"#], "GHL does not accept 'gender'"),
    (["POST", "/contacts/", "--body", "{}"], "'locationId' is missing"),
    (["POST", "/contacts/abc/tasks"], "the body is missing: it needs 'title', 'dueDate', 'completed'"),
    (["DELETE", "/contacts/abc/tags"], "the body is missing: it needs 'tags'"),
    (["DELETE", "/contacts/abc", "--body", "{}"], "this route takes no body"),
    (["PUT", "/contacts/abc", "--body", #"{"tags": "vip"}"#], "'tags' must be an array, but is a string"),
    (["POST", "/contacts/search", "--body", #"{"locationId": "{location}"}"#], "'pageLimit' is missing"),
    (
      ["PUT", "/contacts/abc", "--body", #"{"customFields": [{"id": "f", "fieldValue": "x"}]}"#],
      "did you mean 'field_value'?"
    ),
    (
      ["PUT", "/contacts/abc", "--api-version", "v3", "--body", #"{"dndSettings": {"SMS": {"status": "active"}}}"#],
      "GHL does not accept 'dndSettings.SMS': did you mean 'sms'? (differs only in case)"
    ),
    (["PUT", "/contacts/abc", "--body", #"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}"#], "; and 2 more; pass --force"),
  ]

  @Test(arguments: bodies)
  func `a body that GHL would refuse is not sent, unless it is forced`(words: [String], message: String) async throws {
    let server = try Server()
    for more in [[], ["--yes"]] {
      let ended = await server.run(words + more)
      #expect(ended.code == .usage && ended.error.contains(message), "\(ended.error)")
    }
    #expect(server.sent == [])
    let forced = await server.run(words + ["--yes", "--force"])
    #expect(forced.code == .done, "\(forced.error)")
    #expect(server.sent == ["\(words[0]) \(words[1])"])
  }

  @Test func `members that only v3 has are sent with v3`() async throws {
    let server = try Server()
    let words = ["PUT", "/contacts/abc", "--yes", "--body", #"{"customFields": [{"id": "f", "fieldValue": "x"}]}"#]
    #expect(await server.run(words + ["--api-version", "v3"]).code == .done)
    #expect(server.requests.withLock { $0 }.map(\.version) == ["v3"])
  }

  @Test(arguments: [
    (["POST", "/opportunities/", "--body", #"{"anything": 1}"#, "--yes"], true),
    (["POST", "/contacts/abc/unknown", "--yes"], true), (["GET", "/opportunities/search"], false),
  ])
  func `a path that is not in the documents is sent unchecked, with a note`(words: [String], isNoted: Bool) async throws {
    let server = try Server()
    let ended = await server.run(words)
    #expect(ended.code == .done, "\(ended.error)")
    #expect(ended.error.contains("is not in the API documents that Waybill knows, so it is sent unchecked") == isNoted)
    #expect(server.sent == ["\(words[0]) \(words[1])"])
  }

  // MARK: Deletion

  @Test(arguments: [
    (#""name":"Ada Lovelace","firstName":"a""#, "Ada Lovelace"), (#""firstName":"Ada","lastName":null"#, "Ada"),
    (#""firstName":"","email":"ada@example.org""#, "ada@example.org"), (#""tags":[]"#, "no name"),
    (#""name":"Ada\nlocation: other""#, #"Ada\nlocation: other"#),
  ])
  func `a contact is named before it is deleted`(members: String, name: String) async throws {
    let server = try Server { _ in .init(body: #"{"contact":{"id":"abc",\#(members)}}"#) }
    let ended = await server.run(["DELETE", "/contacts/abc/"], answer: "y")
    #expect(ended.code == .done, "\(ended.error)")
    #expect(ended.error.contains("\ncontact: \(name)\n"), "\(ended.error)")
    #expect(server.sent == ["GET /contacts/abc", "DELETE /contacts/abc/"])
  }

  @Test func `deleting a contact that does not exist asks for no confirmation`() async throws {
    let server = try Server { _ in .init(status: 400, body: #"{"statusCode":400,"message":"Contact not found"}"#) }
    let ended = await server.run(["DELETE", "/contacts/abc"], answer: "y")
    #expect(ended.code == .configuration && ended.error.contains("GHL has no such record"), "\(ended.error)")
    #expect(server.sent == ["GET /contacts/abc"])
  }

  @Test func `a token that may not read contacts can still delete one`() async throws {
    let server = try Server { request in
      request.method == "GET"
        ? .init(status: 401, body: #"{"statusCode":401,"message":"The token is not authorized for this scope."}"#) : .init()
    }
    let ended = await server.run(["DELETE", "/contacts/abc"], answer: "y")
    #expect(ended.code == .done, "\(ended.error)")
    #expect(ended.error.contains("contact: unknown, because it cannot be read: the token lacks the scope contacts.readonly"))
    #expect(server.sent == ["GET /contacts/abc", "DELETE /contacts/abc"])
  }

  @Test func `a missing write scope is named`() async throws {
    let server = try Server { _ in
      .init(status: 401, body: #"{"statusCode":401,"message":"The token is not authorized for this scope."}"#)
    }
    for (words, scope) in [
      (["DELETE", "/contacts/abc"], "contacts.write"), (["DELETE", "/businesses/b"], "businesses.write"),
      (["POST", "/contacts/bulk/business", "--body", #"{"locationId":"l","ids":[],"businessId":null}"#], "contacts.write"),
      (["GET", "/contacts/search/duplicate?email=a"], "contacts.readonly"),
    ] {
      let ended = await server.run(words + ["--yes"])
      #expect(ended.code == .notAuthorised && ended.error.contains("the token lacks the scope \(scope)"), "\(ended.error)")
    }
  }
}
