import ArgumentParser
import Core
import Files
import GHL
import HTTP

/// `waybill ghl METHOD PATH`: one paced, authorized call, or all pages of one. `waybill ghl --routes` lists the routes.
struct GHLCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "ghl",
    abstract: "Send an authorized, paced request to the GHL API",
    discussion: """
      Example:
        waybill ghl GET '/businesses/?locationId={location}' --all
        waybill ghl PUT /contacts/ID --body '{"city": "Bath"}' --yes
        waybill ghl DELETE /contacts/ID --yes
        waybill ghl --routes
      `{location}` in the path and in the body is the location's ID. With --all, each record is one line of JSON.
      The body is compared with GHL's API documents before it is sent.
      A request that changes data is shown first, and needs a yes: on the terminal, or --yes.
      """)

  @Argument(help: ArgumentHelp("GET, POST, PUT or DELETE.", valueName: "method"))
  var method: String?

  @Argument(help: ArgumentHelp("The path and query, such as /contacts/ID.", valueName: "path"))
  var path: String?

  @Option(help: ArgumentHelp("The JSON to send, or @FILE to read it from a file.", valueName: "json"))
  var body: String?

  @Flag(help: "Read all pages of a list.")
  var all = false

  @Flag(help: "Skip the confirmation for requests that change data.")
  var yes = false

  @Flag(help: "Send a body even if GHL's API documents do not allow it.")
  var force = false

  @Option(help: ArgumentHelp("The generation of the API to call (default: dated).", valueName: "name"))
  var apiVersion: GHLVersions.Generation?

  @Flag(help: "List the routes, with their scopes and bodies.")
  var routes = false

  @OptionGroup var source: LocationOptions
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if routes {
      guard method == nil, path == nil, body == nil, apiVersion == nil, !all, !yes, !force else {
        throw ValidationError("--routes lists all routes: only --json can be combined with it")
      }
      return
    }
    guard let method else { throw ValidationError("a method is missing: GET, POST, PUT or DELETE; --routes lists all routes") }
    guard GHLRequest.Method(rawValue: method.uppercased()) != nil else {
      throw ValidationError("'\(method)' is not a method: GET, POST, PUT or DELETE")
    }
    guard let path else { throw ValidationError("a path is missing, such as /contacts/ID; --routes lists all routes") }
    guard path.hasPrefix("/") else { throw ValidationError("the path must begin with '/', as in /contacts/ID: '\(path)'") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard !routes, let typed = path, let method = method.flatMap({ GHLRequest.Method(rawValue: $0.uppercased()) }) else {
      try listRoutes(on: context.console)
      return .done
    }
    let location = try context.configuration(source).location
    let request = try self.request(method, typed.replacing("{location}", with: location), readBody(location))
    if all {
      do throws(GHLFailure) { try GHLClient.checkPosition(of: request) } catch {
        throw OperationFailure(.usage, "--all: \(error)")
      }
    }
    try checkBody(of: request, note: context.console.note)
    let console = context.console
    let (all, json) = (all, output.json)
    try await context.withClient(source) { client in
      if !request.isRepeatable { try await confirm(request, client, in: context) }
      guard all else {
        let answer = try await client.send(request)
        guard !answer.body.isEmpty else { return }
        guard let value = try? JSONReader.read(answer.body) else {
          return try console.print(String(decoding: answer.body, as: UTF8.self))
        }
        return try console.print(value)
      }
      var isFirst = true
      if json { try console.writeOutput("[") }
      let end = try await client.pages(of: request) { records in
        for record in records {
          let line = String(decoding: record.line, as: UTF8.self)
          try console.writeOutput(json ? (isFirst ? "\n" : ",\n") + line : line + "\n")
          isFirst = false
        }
      }
      if json { try console.writeOutput(isFirst ? "]\n" : "\n]\n") }
      if end == .unknown {
        console.note("there may be more records: this list has no known way to its next page; pass a skip or a cursor")
      }
    }
    return .done
  }

  private func request(_ method: GHLRequest.Method, _ typed: String, _ body: JSONValue?) -> GHLRequest {
    var request = GHLRequest(method: method, typed: typed, body: body)
    if let apiVersion { request.version = GHLVersions(apiVersion).version(for: request.endpoint) }
    return request
  }

  private func readBody(_ location: String) throws -> JSONValue? {
    guard let body else { return nil }
    var text = body
    if body.hasPrefix("@") {
      let file = String(body.dropFirst())
      switch SmallFile.bytes(of: file) {
      case .success(let bytes): text = String(decoding: bytes, as: UTF8.self)
      case .failure(let failure): throw OperationFailure(.inputMissing, "--body: the file \(file) \(failure)")
      }
    }
    do {
      return try JSONReader.read(Array(text.replacing("{location}", with: location).utf8))
    } catch {
      throw OperationFailure(.usage, "--body is not valid JSON: \(error.message) (line \(error.line), column \(error.column))")
    }
  }
}
