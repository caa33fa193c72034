import Foundation
import Glibc
import TestSupport
import Testing

@testable import HTTP

@Suite struct ChildProcessReasonTests {
  @Test func `why a program cannot be run`() throws {
    let folder = TemporaryFolder()
    try folder.write("plain", "echo token\n")
    for (program, reason) in [
      ("no-such-program", "there is no such program: check its name and PATH"),
      ("\(folder.path)/plain", "you do not have permission to run it: `chmod +x` makes a file executable"),
    ] {
      let failure = #expect(throws: ChildProcess.Failure.self) {
        try ChildProcess.run([program], in: "", environment: [:], maximumBytes: 100)
      }
      #expect(failure?.description == reason)
    }
  }
}
