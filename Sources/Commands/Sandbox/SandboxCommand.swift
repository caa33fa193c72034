import ArgumentParser
import Core
import Sandbox

/// `waybill sandbox`: look-alikes of GHL and of Your App on loopback, until interrupted.
struct SandboxCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "Serve look-alikes of GHL and Your App on this machine",
    discussion: """
      Example:
        waybill sandbox --contacts 5000 --businesses 7 --limit-scale 10
      The GHL one has synthetic contacts; the Your App one starts empty. Both accept writes and run until interrupted. \
      The command prints the variables that point a project created by `waybill init` at them. The same seed gives the \
      same data. With --locations, GHL has several locations, each with its own token. All but the first start \
      without contacts. They have the same businesses, users and custom fields, but with different IDs.

      Faults, as NAME or NAME=VALUE (a rate from 0 to 1, a number of requests for daily-limit, rotate-after and \
      unauthorised-after, or seconds for search-lag). For GHL:
        \(list(FaultPlan.ghlNames))
      For Your App:
        \(list(FaultPlan.appNames))
      """)

  /// Names in lines that fit 80 columns. Lines after the first are indented to match the help text.
  private static func list(_ names: [String]) -> String {
    String(CellText.prose("  " + names.joined(separator: " "), to: 78).dropFirst(2))
  }

  @Option(parsing: .unconditional, help: ArgumentHelp("The port; 0 picks a free one.", valueName: "n"))
  var port = 0

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of contacts.", valueName: "n"))
  var contacts = 1000

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of businesses that the contacts belong to.", valueName: "n"))
  var businesses = 5

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of GHL locations.", valueName: "n"))
  var locations = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("The seed of the synthetic data.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Multiply the request limits by this: 10 allows ten times the usual rate.", valueName: "x"))
  var limitScale = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The interval of GHL's limit of 100 requests, in seconds.", valueName: "s"))
  var limitInterval = 10.0

  @Option(help: ArgumentHelp("A fault to inject; repeatable.", valueName: "fault"))
  var fault: [String] = []

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port \(port) is not a port: 0 to 65535") }
    guard (0...10_000_000).contains(contacts) else { throw ValidationError("--contacts \(contacts): must be from 0 to 10000000") }
    guard (0...1_000_000).contains(businesses) else {
      throw ValidationError("--businesses \(businesses): must be from 0 to 1000000")
    }
    guard (1...100).contains(locations) else { throw ValidationError("--locations \(locations): must be from 1 to 100") }
    guard limitScale > 0, limitScale.isFinite else {
      throw ValidationError("--limit-scale \(limitScale): it must be greater than 0")
    }
    guard (0.001...86_400).contains(limitInterval) else {
      throw ValidationError("--limit-interval \(limitInterval): it must be from 0.001 to 86400 seconds")
    }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let options = try sandboxOptions
    do {
      let (console, json) = (context.console, output.json)
      try await SandboxServer.run(options) { address in
        try? console.writeOutput(json ? Self.json(address).text + "\n" : Self.banner(address, options))
      }
    } catch let error as SandboxServerError {
      if Task.isCancelled { return .done }
      throw OperationFailure(
        .unreachable, "the sandbox cannot listen on port \(port): \(error.message); choose another --port, or 0 for any")
    }
    return .done
  }

  private var sandboxOptions: SandboxOptions {
    get throws {
      var options = SandboxOptions(
        contacts: contacts, businesses: businesses, seed: seed, limitScale: limitScale, faults: try FaultPlan(fault))
      options.port = port
      options.locations = locations
      options.limitInterval = Int((limitInterval * 1_000).rounded())
      return options
    }
  }

  static func json(_ address: SandboxAddress) -> JSONValue {
    .object([
      .init("base_url", .string(address.baseURL)), .init("token", .string(address.token)),
      .init("fallback_token", address.fallbackToken.map { .string($0) } ?? .null),
      .init("location", .string(address.location)), .init("app_base_url", .string(address.appBaseURL)),
      .init("app_token", .string(address.appToken)),
      .init(
        "locations",
        .array(
          address.locations.map {
            .object([
              .init("location", .string($0.id)), .init("token", .string($0.token)),
              .init("fallback_token", $0.fallbackToken.map { .string($0) } ?? .null),
            ])
          })),
    ])
  }

  static func banner(_ address: SandboxAddress, _ options: SandboxOptions) -> String {
    """
    A GHL look-alike is listening on \(address.baseURL)
    \(Wording.count(options.contacts, "contact")), \(Wording.count(options.businesses, "business", plural: "businesses")), seed \(options.seed); \
    \(Wording.count(options.burstLimit)) requests in 10 seconds, \(Wording.count(options.effectiveDailyLimit)) in a day

    In another terminal:
      export GHL_BASE_URL=\(address.baseURL)
      export GHL_LOCATION=\(address.location)
      export GHL_TOKEN=\(address.token)\(source(address))
      waybill list businesses
    \(otherLocations(address))
    A look-alike of Your App is listening on \(address.appBaseURL)
    It has no records yet; \(Wording.count(options.appLimit)) requests in 10 seconds; \(address.appBaseURL)/openapi.json describes it

      export YOUR_APP_URL=\(address.appBaseURL)
      export YOUR_APP_TOKEN=\(address.appToken)

    Press Ctrl-C to stop it.

    """
  }

  /// The variables of pipelines that copy the first location into another one; empty if there is only one.
  private static func source(_ address: SandboxAddress) -> String {
    guard address.locations.count > 1 else { return "" }
    return "\n  export GHL_SOURCE_LOCATION=\(address.location)\n  export GHL_SOURCE_TOKEN=\(address.token)"
  }

  /// A paragraph for each location after the first, with the variables of pipelines that write to it; empty if there is only one.
  private static func otherLocations(_ address: SandboxAddress) -> String {
    address.locations.enumerated().dropFirst().map { number, location in
      """

      Location \(number + 1) has the same businesses, users and custom fields, and no contacts yet:
        export GHL_TARGET_LOCATION=\(location.id)
        export GHL_TARGET_TOKEN=\(location.token)

      """
    }.joined()
  }
}
