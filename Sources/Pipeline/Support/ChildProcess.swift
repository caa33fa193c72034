import FoundationEssentials
import Glibc

/// Runs a program, without a shell that would interpret its words, and takes what it prints. For credential helpers: short, small, trusted, but never waited
/// for without an end.
enum ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Looked up in PATH where it is a bare name. Standard error goes where ours goes; standard input is empty. Signals that
  /// this process ignores end the program as usual. It is killed where it prints too much or takes too long.
  static func run(
    _ words: [String], in folder: String, maximumBytes: Int, timeout: Duration = .seconds(30)
  ) throws -> (status: Int32, output: [UInt8]) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try spawn(words, in: folder, output: ends[1])
    }
    let deadline = ContinuousClock.now + timeout
    do {
      let output = try read(ends[0], maximumBytes, until: deadline, timeout)
      return (try wait(for: process, until: deadline, timeout), output)
    } catch {
      kill(process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  private static func spawn(_ words: [String], in folder: String, output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (signals, none) = (sigset_t(), sigset_t())
    sigemptyset(&signals)
    sigemptyset(&none)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = (goingTo(folder) + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] =
      ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for variable in environment { free(variable) } }
    guard !words.isEmpty, let program = arguments[0] else { throw failure(ENOENT) }
    var process: pid_t = 0
    let error = posix_spawnp(&process, program, &actions, &attributes, &arguments, &environment)
    guard error == 0 else { throw failure(error) }
    return process
  }

  /// Goes before the words of a program that is to run in `folder`. The shell's text is fixed; it reads none of the words.
  private static func goingTo(_ folder: String) -> [String] {
    folder.isEmpty ? [] : ["/bin/sh", "-c", #"cd -- "$0" >/dev/null && exec "$@""#, folder]
  }

  private static func read(
    _ descriptor: Int32, _ maximumBytes: Int, until deadline: ContinuousClock.Instant, _ timeout: Duration
  ) throws -> [UInt8] {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { throw late(timeout) }
      var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&poller, 1, Int32(max(1, min(60_000, left / .milliseconds(1)))))
      if ready < 0, errno != EINTR { throw failure(errno) }
      guard ready > 0 else { continue }
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno != EINTR { throw failure(errno) }
      if count == 0 { return output }
      if count > 0 { output += chunk[..<count] }
      guard output.count <= maximumBytes else { throw Failure(description: "it prints more than \(maximumBytes) bytes") }
    }
  }

  /// The exit status, or 128 and the signal's number, as shells say it.
  private static func wait(
    for process: pid_t, until deadline: ContinuousClock.Instant, _ timeout: Duration
  ) throws -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F) }
      if ended < 0, errno != EINTR { throw failure(errno) }
      guard ContinuousClock.now < deadline else { throw late(timeout) }
      usleep(1000)
    }
  }

  private static func late(_ timeout: Duration) -> Failure {
    Failure(description: "it did not end within \(timeout.components.seconds) seconds")
  }

  private static func failure(_ error: Int32) -> Failure { Failure(description: String(cString: strerror(error))) }
}
