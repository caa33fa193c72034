/// The environment of a command; tests provide their own.
struct Surroundings: Sendable {
  var console: Console
  var environment: [String: String]

  init(console: Console, environment: [String: String] = [:]) {
    self.console = console
    self.environment = environment
  }
}
