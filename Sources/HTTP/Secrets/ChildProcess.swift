import CSpawn
import Core
import Files
import Glibc

/// Runs a program, without a shell that would interpret its words, and captures its output. Meant for credential helpers:
/// short, small and trusted, but never waited for indefinitely.
package enum ChildProcess {
  package struct Failure: DescribedError {
    package var description: String
  }

  /// A bare program name is looked up in PATH. The program gets `environment` and nothing else. Standard input is empty,
  /// and standard error is discarded: a helper's own messages may contain the secret. Signals that this process ignores end
  /// the program as usual.
  ///
  /// The call ends when the program itself does: children that it leaves behind are not waited for, even if they hold its
  /// output open. If it prints too much, takes too long, or is stopped for accessing the terminal, or if this task is
  /// cancelled, the program and its children are killed.
  package static func run(
    _ words: [String], in folder: String, environment: [String: String], maximumBytes: Int, timeout: Duration = .seconds(30)
  ) throws -> (status: Int32, output: [UInt8]) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    defer { close(ends[0]) }
    let process: pid_t
    do {
      defer { close(ends[1]) }
      process = try spawn(words, in: folder, environment, output: ends[1])
    }
    do {
      return try wait(for: process, reading: ends[0], maximumBytes, until: ContinuousClock.now + timeout, timeout)
    } catch {
      // The program has its own process group, which is killed together with everything it started.
      kill(-process, SIGKILL)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      throw error
    }
  }

  private static func spawn(
    _ words: [String], in folder: String, _ environment: [String: String], output: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    // Sockets of the network library are not closed on `exec`. A program that kept one would hold a connection or a port open.
    let refusal = waybill_spawn_close_from(&actions, STDERR_FILENO + 1)
    guard refusal == 0 else { throw failure(refusal) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (signals, none) = (sigset_t(), sigset_t())
    sigemptyset(&signals)
    sigemptyset(&none)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = (goingTo(folder) + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var variables: [UnsafeMutablePointer<CChar>?] = environment.sorted { $0.key < $1.key }.map { strdup("\($0)=\($1)") } + [nil]
    defer { for variable in variables { free(variable) } }
    guard !words.isEmpty, let program = arguments[0] else { throw failure(ENOENT) }
    var process: pid_t = 0
    let error = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
    guard error == 0 else { throw failure(error) }
    return process
  }

  /// Goes before the words of a program that is to run in `folder`. The shell's text is fixed; it reads none of the words.
  private static func goingTo(_ folder: String) -> [String] {
    folder.isEmpty ? [] : ["/bin/sh", "-c", #"cd -- "$0" >/dev/null && exec "$@""#, folder]
  }

  /// Reads until the program has ended, and then what is left in the pipe.
  private static func wait(
    for process: pid_t, reading descriptor: Int32, _ maximumBytes: Int, until deadline: ContinuousClock.Instant,
    _ timeout: Duration
  ) throws -> (status: Int32, output: [UInt8]) {
    var output: [UInt8] = []
    var isOpen = true
    while true {
      var status: Int32 = 0
      let ended = waitpid(process, &status, WNOHANG | WUNTRACED)
      if ended < 0, errno != EINTR { throw failure(errno) }
      // Nothing would resume it: in its own process group, it is not in the terminal's foreground.
      if ended == process, status & 0xFF == 0x7F { throw stopped(by: (status >> 8) & 0xFF) }
      // After it has ended, all of its output is in the pipe.
      while isOpen, let chunk = try read(descriptor) {
        isOpen = !chunk.isEmpty
        output += chunk
        guard output.count <= maximumBytes else { throw Failure(description: "it printed more than \(maximumBytes) bytes") }
      }
      if ended == process { return (exitStatus(status), output) }
      guard !Task.isCancelled else { throw CancellationError() }
      guard ContinuousClock.now < deadline else { throw late(timeout) }
      // The pipe does not signal its exit: a child may hold it open.
      var poller = pollfd(fd: isOpen ? descriptor : -1, events: Int16(POLLIN), revents: 0)
      poll(&poller, 1, 5)
    }
  }

  /// The bytes available now; empty at the end of the pipe, nil if there are none yet.
  private static func read(_ descriptor: Int32) throws -> [UInt8]? {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(descriptor, &chunk, chunk.count)
    if count >= 0 { return Array(chunk[..<count]) }
    guard errno == EAGAIN || errno == EINTR else { throw failure(errno) }
    return nil
  }

  /// The exit status, or 128 plus the signal's number, as in shells.
  private static func exitStatus(_ status: Int32) -> Int32 {
    status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  private static func stopped(by signal: Int32) -> Failure {
    let name = [SIGTTIN: "SIGTTIN", SIGTTOU: "SIGTTOU", SIGSTOP: "SIGSTOP", SIGTSTP: "SIGTSTP"][signal] ?? "signal \(signal)"
    return Failure(
      description:
        "it was stopped (\(name)), as happens to a program that prompts on the terminal: helper commands cannot prompt; sign in first, so that it prints the token without asking"
    )
  }

  private static func late(_ timeout: Duration) -> Failure {
    Failure(description: "it did not end within \(timeout.components.seconds) seconds")
  }

  /// From `posix_spawnp`, `pipe`, `waitpid` and `read`.
  private static func failure(_ error: Int32) -> Failure {
    let reason =
      switch error {
      case ENOENT: "there is no such program: check its name and PATH"
      case EACCES, EPERM: "you do not have permission to run it: `chmod +x` makes a file executable"
      case ENOEXEC: "it is not a program that this system can run: check the file's first line"
      case E2BIG: "its arguments and environment are too long"
      case EAGAIN: "the system has no room for another process: close other programs"
      default: SystemReason(error, .reading).text
      }
    return Failure(description: reason)
  }
}
