import Core
import Foundation

/// The folder of the built programs, `waybill` among them.
let buildFolder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path

/// Lines for a shell, run with the built program.
enum Shell {
  struct Ended: Sendable {
    var code: Int32
    /// Of standard output and standard error.
    var output: String
  }

  /// On a thread of its own, so that other tests go on while it runs.
  ///
  /// - Parameter untilOutput: interrupt it as Ctrl-C does once it has printed something.
  static func run(
    _ line: String, in folder: String, _ environment: [String: String], untilOutput: Bool = false
  ) async throws -> Ended {
    try await OwnThread.result { try runHere(line, in: folder, environment, untilOutput: untilOutput) }
  }

  private static func runHere(
    _ line: String, in folder: String, _ environment: [String: String], untilOutput: Bool
  ) throws -> Ended {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    // `exec`: the signal reaches the program, not a shell that waits for it.
    process.arguments = ["-c", untilOutput ? "exec " + line : line]
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    var output = Data()
    if untilOutput {
      output += pipe.fileHandleForReading.availableData
      process.interrupt()
    }
    output += pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(code: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
  }
}
