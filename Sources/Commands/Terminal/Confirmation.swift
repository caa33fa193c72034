import Core
import Glibc

/// Asks for confirmation before a change that cannot be undone.
struct Confirmation: Sendable {
  /// Prints the question and returns the line that was typed; nil at the end of input.
  var ask: @Sendable (_ question: String) async throws -> String?

  /// Nil unless standard input and standard error are terminals.
  static func terminal(_ console: Console) -> Confirmation? {
    guard isatty(STDIN_FILENO) == 1, console.isErrorTerminal else { return nil }
    return Confirmation { question in
      console.writeError(question)
      return try await OwnThread.result { readLine() }
    }
  }

  /// Anything but `y` or `yes` is a no.
  ///
  /// - Throws: `CancellationError` on a signal.
  func agrees(to question: String) async throws -> Bool {
    let answer = try await ask("\(question) [y/N] ")
    return ["y", "yes"].contains(answer?.lowercased().split { $0 == " " || $0 == "\t" }.joined() ?? "")
  }
}
