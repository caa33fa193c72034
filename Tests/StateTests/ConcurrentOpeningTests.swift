import Core
import Foundation
import Glibc
import State
import TestSupport
import Testing

/// Several stores over one file, in one process and in several.
@Suite struct ConcurrentOpeningTests {
  private let folder = TemporaryFolder()

  @Test func `stores that open a new state at the same time all succeed`() throws {
    for round in 0..<10 {
      let state = "\(folder.path)/\(round)"
      let failures = Shared<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        do {
          try SQLiteRunStore(folder: state).begin(RunRecord(id: "\(number)", pipeline: "p", started: "t"))
          _ = try SQLiteStateStore(folder: state).token("t")
        } catch {
          failures.change { $0.append("\(error)") }
        }
      }
      #expect(failures.value == [])
      #expect(try SQLiteRunStore(folder: state).runs().count == 8)
    }
  }

  /// POSIX releases all of a process's locks on a file when the process closes any descriptor of it.
  @Test func `opening a second store leaves the locks of the first in place`() throws {
    let runs = try SQLiteRunStore(folder: folder.path)
    try runs.begin(RunRecord(id: "r", pipeline: "p", started: "t"))
    let held = try locks()
    #expect(held > 0)
    let journal = try SQLiteJournal(folder: folder.path)
    #expect(try journal.openIntents(JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")).isEmpty)
    #expect(try locks() >= held)
    withExtendedLifetime((runs, journal)) {}
  }

  /// How many locks this process has on the database's file, as the kernel lists them.
  private func locks() throws -> Int {
    var status = stat()
    #expect(stat("\(folder.path)/state.sqlite", &status) == 0)
    let list = String(decoding: try #require(FileManager.default.contents(atPath: "/proc/locks")), as: UTF8.self)
    return list.split(separator: "\n").count {
      $0.contains("POSIX") && $0.contains(" \(getpid()) ") && $0.contains(":\(status.st_ino) ")
    }
  }
}
