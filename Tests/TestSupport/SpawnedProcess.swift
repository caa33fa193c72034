import CSpawn
import Foundation
package import Glibc

/// A program started by a test, with access to its standard streams.
///
/// It uses `posix_spawn` and `waitpid`: Foundation's `Process` can wait forever when tests fork at the same time, because a
/// child of one test then holds the descriptor that signals another test that its own child has ended.
package final class SpawnedProcess {
  /// How a program ended.
  package enum Ending: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  package struct Failure: Error {
    package let call: String
    package let code: Int32
  }

  package let identifier: pid_t
  private var input: Int32
  private let output: Int32
  private let errors: Int32

  /// - Parameters:
  ///   - words: the program, looked up in `PATH` if it has no slash, and its arguments.
  ///   - environment: nil: that of the test.
  package init(_ words: [String], environment: [String: String]? = nil) throws(Failure) {
    let (theirInput, ourInput) = try Self.pipe()
    let (ourOutput, theirOutput) = try Self.pipe()
    let (ourErrors, theirErrors) = try Self.pipe()
    defer { for end in [theirInput, theirOutput, theirErrors] { close(end) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, theirInput, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, theirOutput, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, theirErrors, STDERR_FILENO)
    // Servers of other tests listen on sockets that would be inherited, and stay open for as long as this program runs.
    let refusal = waybill_spawn_close_from(&actions, STDERR_FILENO + 1)
    guard refusal == 0 else { throw Failure(call: "posix_spawn_file_actions_addclosefrom_np", code: refusal) }
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // With a sanitizer, its reports go where those of the test go.
    let sanitizers = ProcessInfo.processInfo.environment.filter { ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key) }
    var variables = environment.map { $0.merging(sanitizers) { own, _ in own }.map { strdup("\($0)=\($1)") } + [nil] }
    defer { for variable in variables ?? [] { free(variable) } }
    var identifier: pid_t = 0
    let code =
      if variables != nil {
        posix_spawnp(&identifier, words[0], &actions, nil, &arguments, &variables!)
      } else {
        posix_spawnp(&identifier, words[0], &actions, nil, &arguments, environ)
      }
    guard code == 0 else { throw Failure(call: "posix_spawnp", code: code) }
    self.identifier = identifier
    input = ourInput
    output = ourOutput
    errors = ourErrors
  }

  deinit {
    for end in [input, output, errors] where end >= 0 { close(end) }
  }

  package func send(_ signal: Int32) { kill(identifier, signal) }

  /// Closes the program's standard input.
  package func closeInput() {
    close(input)
    input = -1
  }

  /// The next bytes of standard output, at most 64 KiB; empty at its end. Blocks.
  package func readOutput() -> String { Self.read(output) }
  /// The next bytes of standard error, at most 64 KiB; empty at its end. Blocks.
  package func readErrors() -> String { Self.read(errors) }

  /// Blocks until the program has ended. Call it once.
  package func wait() -> Ending {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    return Self.ending(status)
  }

  /// How the program has ended; nil if it is still running. After an ending, call neither this nor `wait` again.
  package func poll() -> Ending? {
    var status: Int32 = 0
    return waitpid(identifier, &status, WNOHANG) == identifier ? Self.ending(status) : nil
  }

  private static func ending(_ status: Int32) -> Ending {
    status & 0x7F == 0 ? .exit((status >> 8) & 0xFF) : .signal(status & 0x7F)
  }

  /// A socket pair, because a pipe's ends cannot be made close-on-exec in one call here: a child that another test starts
  /// in between would keep them open.
  private static func pipe() throws(Failure) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Failure(call: "socketpair", code: errno) }
    return (ends[0], ends[1])
  }

  private static func read(_ end: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(end, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
  }
}
