import ArgumentParser
import Core
import Sandbox

/// `waybill sandbox`: a GHL look-alike on loopback, until interrupted.
struct SandboxCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox",
    abstract: "A GHL look-alike on this machine, with synthetic contacts, until interrupted.",
    discussion: """
      Example:
        waybill sandbox --contacts 5000 --businesses 7 --limit-scale 10
      It prints the lines that point a project made by `waybill init` at it. The same seed gives the same data.

      Faults, as NAME or NAME=VALUE (a rate from 0 to 1; of daily-limit, rotate-after and unauthorised-after a number of requests):
        \(FaultPlan.names.joined(separator: " "))
      """)

  @Option(help: ArgumentHelp("The port; 0 picks a free one.", valueName: "n"))
  var port = 0

  @Option(help: ArgumentHelp("How many contacts there are.", valueName: "n"))
  var contacts = 1000

  @Option(help: ArgumentHelp("How many businesses they belong to.", valueName: "n"))
  var businesses = 5

  @Option(help: ArgumentHelp("Where the data comes from.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("10 allows ten times GHL's real request rate.", valueName: "x"))
  var limitScale = 1.0

  @Option(help: ArgumentHelp("Something to do wrong on purpose; may be given several times.", valueName: "fault"))
  var fault: [String] = []

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port \(port) is not a port: 0 to 65535") }
    guard (0...10_000_000).contains(contacts) else { throw ValidationError("--contacts \(contacts): must be from 0 to 10000000") }
    guard (0...1_000_000).contains(businesses) else {
      throw ValidationError("--businesses \(businesses): must be from 0 to 1000000")
    }
    guard limitScale > 0, limitScale.isFinite else { throw ValidationError("--limit-scale \(limitScale): it must be over 0") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let options = try sandboxOptions
    do {
      let (console, json) = (context.console, output.json)
      try await SandboxServer.run(options) { address in
        try? console.writeOutput(json ? Self.json(address).text + "\n" : Self.banner(address, options))
      }
    } catch let error where !(error is CancellationError) {
      if Task.isCancelled { return .done }
      let reason = "\(error)".contains("Address already in use") ? "another program does" : "\(error)"
      throw CommandFailure(
        .unreachable, "the sandbox cannot listen on port \(port): \(reason); choose another --port, or 0 for any")
    }
    return .done
  }

  private var sandboxOptions: SandboxOptions {
    get throws {
      var options = SandboxOptions(
        contacts: contacts, businesses: businesses, seed: seed, limitScale: limitScale, faults: try FaultPlan(fault))
      options.port = port
      return options
    }
  }

  static func json(_ address: SandboxAddress) -> JSONValue {
    .object([
      .init("base_url", .string(address.baseURL)), .init("token", .string(address.token)),
      .init("fallback_token", address.fallbackToken.map { .string($0) } ?? .null),
      .init("location", .string(address.location)), .init("app_base_url", address.appBaseURL.map { .string($0) } ?? .null),
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
      export GHL_TOKEN=\(address.token)
      waybill list businesses

    Ctrl-C ends it.

    """
  }
}
