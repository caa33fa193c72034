import Core
import Dispatch
import Foundation
import Glibc
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
        #expect(said.contains("Continue:\n  waybill run --project \(folder) --resume 20"), "\(said)")
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

  @Test(
    "A signal right after the start is not lost: it ends the program, as a signal or with exit code 75",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func early(signal: Int32) async throws {
    try await withFolder { folder in
      // A source that accepts connections and never answers: only the signal can end the run.
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(listener) }
      let port = try #require(Self.listen(listener))
      try """
      pipeline: early
      source: {ghl: {location: loc, base_url: "http://127.0.0.1:\(port)", auth: {token: {env: TOKEN}}}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\nfields: {id: id}\n".write(
        toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      for delay in [0, 1, 2, 4, 6, 8, 10, 12, 14, 17, 20, 25, 30, 40, 60, 100] {
        let ending = try await Self.ending(
          of: ["run", "--project", folder], ["TOKEN": "a-token-of-the-test"], signal, milliseconds: delay)
        #expect(ending == .signal(signal) || ending == .exit(75), "after \(delay) ms: \(ending)")
      }
    }
  }

  @Test(
    "A command that only reads ends at the first signal, though it computes without a pause",
    arguments: [SIGINT, SIGTERM, SIGHUP],
    ["check", "test", "eval"])
  func reading(signal: Int32, command: String) async throws {
    try await withFolder { folder in
      // Large enough to take long. Left alone, the check ends with 65 and the evaluation with 0.
      var text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\nfields:\n  id: id\n"
      for number in 0..<40_000 { text += "  f\(number): {from: nope\(number), do: [trim, {replace: {a: b}}, lower]}\n" }
      try text.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let loop = "[1,2,3,4,5,6,7,8].all(a, [1,2,3,4,5,6,7,8].all(b, [1,2,3,4,5,6,7,8].all(c, a + b + c > 0)))"
      try String(repeating: "{\"x\":1}\n", count: 200_000).write(toFile: folder + "/r.ndjson", atomically: true, encoding: .utf8)
      let arguments = command == "eval" ? ["eval", loop, "--input", folder + "/r.ndjson"] : [command, folder + "/m.yaml"]
      let ending = try await Self.ending(of: arguments, [:], signal, milliseconds: 500)
      // On a busy machine, the process may not have begun when the signal comes.
      #expect(ending == .exit(75) || ending == .signal(signal), "\(ending)")
    }
  }

  @Test(
    "A command that compiles huge files ends at the first signal",
    arguments: ["transform", "preview", "plan", "run", "extract", "validate", "init"])
  func compiling(command: String) async throws {
    try await withFolder { folder in
      // Large enough to take long. Left alone, each ends with 65 (`init` with 0).
      var text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\nfields:\n  id: id\n"
      for number in 0..<40_000 { text += "  f\(number): {from: nope\(number), do: [trim, {replace: {a: b}}, lower]}\n" }
      try text.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      try """
      pipeline: huge
      source: {ndjson: {contact: r.ndjson}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try "{\"id\":\"1\"}\n".write(toFile: folder + "/r.ndjson", atomically: true, encoding: .utf8)
      let properties = (0..<100_000).map { "\"p\($0)\": {\"type\": \"string\", \"pattern\": \"^[a-z]{1,\($0 % 50 + 1)}$\"}" }
      try "{\"type\": \"object\", \"properties\": {\(properties.joined(separator: ",\n"))}}".write(
        toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      let arguments =
        switch command {
        case "transform":
          ["transform", "--mapping", folder + "/m.yaml", "--input", folder + "/r.ndjson", "--output", folder + "/o.csv"]
        case "preview": ["preview", folder + "/m.yaml", "--input", folder + "/r.ndjson"]
        case "validate": ["validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson"]
        case "init": ["init", folder + "/new", "--sample", folder + "/r.ndjson", "--schema", folder + "/s.json"]
        default: [command, "--project", folder]
        }
      let ending = try await Self.ending(of: arguments, [:], SIGTERM, milliseconds: 500)
      #expect(ending == .exit(75) || ending == .signal(SIGTERM), "\(ending)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/o.csv"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
    }
  }

  /// Sends the signal this long after the start. A process that loses it would never end, so it is killed after a minute.
  private static func ending(
    of arguments: [String], _ environment: [String: String], _ signal: Int32, milliseconds: Int
  ) async throws -> SpawnedProcess.Ending {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            let process = try SpawnedProcess([program.path] + arguments, environment: environment)
            usleep(useconds_t(milliseconds * 1_000))
            process.send(signal)
            let identifier = process.identifier
            let guardian = DispatchWorkItem { kill(identifier, SIGKILL) }
            DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: guardian)
            defer { guardian.cancel() }
            return process.wait()
          })
      }
    }
  }

  /// Its port; nil if it cannot listen.
  private static func listen(_ listener: Int32) -> Int? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard bind(listener, pointer, size) == 0, Glibc.listen(listener, 8) == 0, getsockname(listener, pointer, &size) == 0
        else {
          return nil
        }
        return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { Int(UInt16(bigEndian: $0.pointee.sin_port)) }
      }
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
