import ArgumentParser
import Core
import Files
import GHL
import HTTP

/// `waybill ghl METHOD PATH`: one paced, authorised call, or all pages of one.
struct GHLCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "ghl",
    abstract: "Send an authorized, paced request to the GHL API",
    discussion: """
      Example:
        waybill ghl GET '/businesses/?locationId={location}' --all
        waybill ghl DELETE /contacts/ID --yes
      `{location}` in the path and in the body is the location's ID. With --all, each record is one line of JSON.
      A request that changes data is shown first, and needs a yes: on the terminal, or --yes.
      """)

  @Argument(help: ArgumentHelp("GET, POST, PUT or DELETE.", valueName: "method"))
  var method: String

  @Argument(help: ArgumentHelp("The path and query, such as /contacts/ID.", valueName: "path"))
  var path: String

  @Option(help: ArgumentHelp("The JSON to send, or @FILE to read it from a file.", valueName: "json"))
  var body: String?

  @Flag(help: "Read all pages of a list.")
  var all = false

  @Flag(help: "Skip the confirmation for requests that change data.")
  var yes = false

  @OptionGroup var source: LocationOptions
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    guard GHLRequest.Method(rawValue: method.uppercased()) != nil else {
      throw ValidationError("'\(method)' is not a method: GET, POST, PUT or DELETE")
    }
    guard path.hasPrefix("/") else { throw ValidationError("the path must begin with '/', as in /contacts/ID: '\(path)'") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let configuration = try context.configuration(source)
    let location = configuration.location
    guard let method = GHLRequest.Method(rawValue: method.uppercased()) else { return .usage }
    let request = GHLRequest(
      method: method, typed: path.replacing("{location}", with: location), body: try readBody(location))
    if all {
      do throws(GHLFailure) { try GHLClient.checkPosition(of: request) } catch {
        throw OperationFailure(.usage, "--all: \(error)")
      }
    }
    if !request.isRepeatable { try await confirm(request, configuration, in: context) }
    let console = context.console
    let (all, json) = (all, output.json)
    try await context.withClient(source) { client in
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

  /// Returns only if a request that changes data may be sent.
  ///
  /// - Throws: `OperationFailure`, `GHLFailure` if the configuration cannot be used, `CancellationError`.
  private func confirm(_ request: GHLRequest, _ configuration: GHLConfiguration, in context: CommandContext) async throws {
    let address = try configuration.check()
    guard !yes else { return }
    let shown = "\(request.method.rawValue) \(address.text)\(request.target)"
    guard let confirmation = context.confirmation else {
      // Omit the query: it may contain a name or an address, and messages end up in logs.
      throw OperationFailure(
        .usage, "\(request.title) changes data, and there is no terminal to confirm it on: pass --yes to send it")
    }
    var lines = [shown, "location: \(configuration.location)"]
    if let body = request.body { lines.append(body.prettyText) }
    for line in lines.joined(separator: "\n").split(separator: "\n") { context.console.prompt(String(line)) }
    guard try await confirmation.agrees(to: "This changes data in GHL. Send it?") else {
      throw OperationFailure(.interrupted, "not confirmed: nothing was sent")
    }
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
