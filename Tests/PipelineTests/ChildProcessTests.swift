import Foundation
import Testing

@testable import Pipeline

@Suite struct ChildProcessTests {
  @Test func `what a program prints and how it ends`() throws {
    let folder = TemporaryFolder()
    try folder.write("secret", "täken\n")
    let result = try ChildProcess.run(["sh", "-c", "cat secret; exit 3"], in: folder.path, maximumBytes: 100)
    #expect(String(decoding: result.output, as: UTF8.self) == "täken\n")
    #expect(result.status == 3)
    #expect(throws: ChildProcess.Failure.self) { try ChildProcess.run(["no-such-program"], in: "", maximumBytes: 10) }
  }

  @Test(arguments: [
    ["sleep", "60"], ["sh", "-c", "exec >&-; exec sleep 60"], ["sh", "-c", "trap '' TERM; while :; do :; done"],
  ])
  func `a program that does not end is killed`(_ words: [String]) {
    let start = ContinuousClock.now
    #expect(throws: ChildProcess.Failure.self) {
      try ChildProcess.run(words, in: "", maximumBytes: 10, timeout: .milliseconds(50))
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a program that prints without end is killed`() {
    #expect(throws: ChildProcess.Failure.self) { try ChildProcess.run(["yes"], in: "", maximumBytes: 1000) }
  }

  @Test func `signals that are ignored here end the program`() throws {
    let old = signal(SIGTERM, SIG_IGN)
    defer { signal(SIGTERM, old) }
    let result = try ChildProcess.run(["sh", "-c", "kill -TERM $$; echo alive"], in: "", maximumBytes: 100)
    #expect(result.output.isEmpty)
    #expect(result.status == 128 + SIGTERM)
  }
}
