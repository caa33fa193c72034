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
    let probe = open("\(folder.path)/state.sqlite", O_RDWR | O_CLOEXEC)
    try #require(probe >= 0)
    // Not before the end: this would release the locks, too.
    defer { close(probe) }
    #expect(try isLocked(probe))
    let journal = try SQLiteJournal(folder: folder.path)
    #expect(try journal.openIntents(JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")).isEmpty)
    #expect(try isLocked(probe))
    withExtendedLifetime((runs, journal)) {}
  }

  /// Whether a lock of another kind, which belongs to the open file and not to the process, would have to wait.
  private func isLocked(_ descriptor: Int32) throws -> Bool {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    // F_OFD_GETLK, which the Glibc module does not have.
    let query: Int32 = 36
    try #require(fcntl(descriptor, query, &lock) == 0)
    return lock.l_type != F_UNLCK
  }
}
