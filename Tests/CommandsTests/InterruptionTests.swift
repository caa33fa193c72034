import Core
import Foundation
import Sandbox
import TestSupport
import Testing

@testable import Commands

/// The program itself, with real signals.
@Suite("Signals to the program")
struct InterruptionTests {
  /// Beside the bundle of the tests.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "waybill")

  @Test(
    "A run that is interrupted ends with 75 and says so in its summary; what was published before stays whole",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func interrupted(signal: Int32) async throws {
    try await withFolder { folder in
      _ = await waybill("init", folder)
      try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
      try "before".write(toFile: folder + "/out/contacts.csv", atomically: true, encoding: .utf8)
      // The real limits: 100 requests, and then a pause of ten seconds, in which the signal comes.
      try await SandboxServer.withServer(SandboxOptions(contacts: 400, businesses: 2, limitScale: 1)) { address, _ in
        let (code, said) = try await Self.interrupt(
          ["run", "--project", folder, "--summary", folder + "/summary.json"],
          ["GHL_BASE_URL": address.baseURL, "GHL_TOKEN": address.token, "GHL_LOCATION": address.location], with: signal)
        #expect(code == 75, "\(said)")
        #expect(said.contains([SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"][signal] ?? "?"))
        #expect(said.contains("Run again, from the beginning: waybill run --project \(folder)"), "\(said)")
      }
      let data = try #require(FileManager.default.contents(atPath: folder + "/summary.json"))
      let summary = try JSONReader.read(Array(data))
      #expect(summary["status"] == .string("interrupted"))
      #expect(summary["exit_code"] == .number(75))
      #expect(summary["retry_after_seconds"] == .number(0))
      #expect(summary["unaccounted"] == .number(0))
      let run = try #require(summary["run"]?.stringValue)
      #expect(FileManager.default.contents(atPath: "\(folder)/.waybill/runs/\(run)/summary.json") == data)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/out") == ["contacts.csv"])
      #expect(try String(contentsOfFile: folder + "/out/contacts.csv", encoding: .utf8) == "before")
    }
  }

  /// Starts the program, sends the signal when it says that it waits, and gives its exit code and what it said.
  ///
  /// On a thread of its own: reading from a pipe blocks, and the sandbox needs the tasks' threads.
  private static func interrupt(
    _ arguments: [String], _ environment: [String: String], with signal: Int32
  ) async throws -> (code: Int32, said: String) {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            let process = try SpawnedProcess([program.path] + arguments, environment: environment)
            var said = ""
            while true {
              let more = process.readErrors()
              if more.isEmpty { break }
              let isWaiting = said.contains("rate limit")
              said += more
              if !isWaiting, said.contains("rate limit") { process.send(signal) }
            }
            guard case .exit(let code) = process.wait() else { return (-1, said) }
            return (code, said)
          })
      }
    }
  }
}
