import Core
import Foundation
import TestSupport
import Testing

@testable import Commands

/// The program itself, writing to a pipe whose reader ends first.
@Suite struct ClosedPipeTests {
  @Test func `transform ends silently, as other filters do`() async throws {
    try await withFolder { folder in
      // More than a pipe holds.
      let records = (0..<20_000).map { "{\"id\":\"c\($0)\",\"name\":\"0123456789012345678901234567890123456789\"}\n" }.joined()
      try records.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      try #"{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}}}"#.write(
        toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      try """
      mapping: 1
      name: t
      source: {entity: t, key: id, schema: s.json}
      target: {entity: t, key: k}
      fields: {k: id, n: name}
      """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let line = "{ '\(InterruptionTests.program.path)' transform --mapping m.yaml --input in.ndjson; echo \"code $?\" >&2; }"
      let process = try SpawnedProcess(["sh", "-c", "cd '\(folder)' && \(line) | head -n 1"])
      #expect(process.readOutput() == "{\"k\":\"c0\",\"n\":\"0123456789012345678901234567890123456789\"}\n")
      #expect(process.readErrors() == "code 141\n")
      #expect(process.wait() == .exit(0))
    }
  }
}
