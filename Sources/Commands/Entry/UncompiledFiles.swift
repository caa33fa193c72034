import Core

/// A command cannot do what it was asked for. The message says what happened, where, and what to do.
struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
  var exitCode: Core.ExitCode
  var message: String

  init(_ exitCode: Core.ExitCode, _ message: String) {
    self.exitCode = exitCode
    self.message = message
  }

  /// Files that do not compile; their diagnostics are printed before the message.
  var diagnostics: Diagnostics?

  init(_ diagnostics: Diagnostics, _ message: String) {
    self.init(.wrongFile, message)
    self.diagnostics = diagnostics
  }

  var description: String { message }

  static func == (left: Self, right: Self) -> Bool { left.exitCode == right.exitCode && left.message == right.message }

  func hash(into hasher: inout Hasher) {
    hasher.combine(exitCode)
    hasher.combine(message)
  }
}
