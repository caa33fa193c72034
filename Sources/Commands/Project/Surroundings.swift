/// The environment of a command; tests provide their own.
struct Surroundings: Sendable {
  var console: Console
  var environment: [String: String]
  /// Nil if there is no one to ask.
  var confirmation: Confirmation?

  init(console: Console, environment: [String: String] = [:], confirmation: Confirmation? = nil) {
    self.console = console
    self.environment = environment
    self.confirmation = confirmation
  }
}
