import Core
import Foundation

@testable import Commands

/// A console that keeps what is written.
final class Captured: Sendable {
  private let texts = Locked((output: "", error: ""))

  var output: String { texts.withLock { $0.output } }
  var error: String { texts.withLock { $0.error } }

  func console(isTerminal: Bool = false) -> Console {
    Console(
      writeOutput: { [self] text in texts.withLock { $0.output += text } },
      writeError: { [self] text in texts.withLock { $0.error += text } },
      isErrorTerminal: isTerminal, hasColour: false, width: { 80 })
  }
}

/// What a command line did.
struct Ended {
  var code: ExitCode
  var output: String
  var error: String
}

/// Runs a command line in this process.
func waybill(_ arguments: String..., environment: [String: String] = [:]) async -> Ended {
  await waybill(arguments, environment: environment)
}

func waybill(_ arguments: [String], environment: [String: String] = [:]) async -> Ended {
  let captured = Captured()
  let code = await CommandEntry.run(arguments, in: Surroundings(console: captured.console(), environment: environment))
  return Ended(code: code, output: captured.output, error: captured.error)
}

/// A folder of a test's own, gone when it ends.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

/// The top of the checkout.
let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
