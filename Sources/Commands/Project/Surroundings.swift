/// What a command finds around it; tests bring their own.
struct Surroundings: Sendable {
  var console: Console
  var environment: [String: String]

  init(console: Console, environment: [String: String] = [:]) {
    self.console = console
    self.environment = environment
  }
}
