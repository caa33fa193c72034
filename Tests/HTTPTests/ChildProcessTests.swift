import Foundation
import Glibc
import TestSupport
import Testing

@testable import HTTP

@Suite struct ChildProcessTests {
  private func run(
    _ words: [String], in folder: String = "", environment: [String: String] = [:], maximumBytes: Int = 100,
    timeout: Duration = .seconds(30)
  ) throws -> (status: Int32, output: String) {
    let result = try ChildProcess.run(
      words, in: folder, environment: environment, maximumBytes: maximumBytes, timeout: timeout)
    return (result.status, String(decoding: result.output, as: UTF8.self))
  }

  @Test func `what a program prints and how it ends`() throws {
    let folder = TemporaryFolder()
    try folder.write("secret", "täken\n")
    let result = try run(["sh", "-c", "cat secret; exit 3"], in: folder.path)
    #expect(result.output == "täken\n")
    #expect(result.status == 3)
    #expect(throws: ChildProcess.Failure.self) { try run(["no-such-program"]) }
  }

  @Test(arguments: [
    ["sleep", "60"], ["sh", "-c", "exec >&-; exec sleep 60"], ["sh", "-c", "trap '' TERM; while :; do :; done"],
  ])
  func `a program that does not end is killed`(_ words: [String]) {
    let start = ContinuousClock.now
    #expect(throws: ChildProcess.Failure.self) { try run(words, timeout: .milliseconds(50)) }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a program that prints without end is killed`() {
    #expect(throws: ChildProcess.Failure.self) { try run(["yes"], maximumBytes: 1000) }
  }

  @Test func `signals that are ignored here end the program`() throws {
    let old = signal(SIGTERM, SIG_IGN)
    defer { signal(SIGTERM, old) }
    let result = try run(["sh", "-c", "kill -TERM $$; echo alive"])
    #expect(result.output.isEmpty)
    #expect(result.status == 128 + SIGTERM)
  }

  @Test(arguments: [
    "sleep 60 &", "(sleep 60; echo late) &", "nohup sleep 60 &", "setsid sleep 60 &",
  ])
  func `children that a program leaves behind, holding its output, are not waited for`(_ background: String) throws {
    let start = ContinuousClock.now
    let result = try run(["sh", "-c", "\(background) echo token"])
    #expect(result.output == "token\n")
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test(.ends(withinMinutes: 5)) func `if it takes too long, its children are killed as well`() throws {
    let folder = TemporaryFolder()
    #expect(throws: ChildProcess.Failure.self) {
      try run(["sh", "-c", "sleep 86400 & echo $! > child; wait"], in: folder.path, timeout: .milliseconds(300))
    }
    let text = try #require(folder.read("child"))
    let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    // A signal takes effect some time after it was sent. A child that was not killed would sleep for a day.
    while Self.isRunning(child) { sched_yield() }
  }

  /// Whether the process is there and more than a zombie that nobody has waited for.
  private static func isRunning(_ process: pid_t) -> Bool {
    let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    guard let state = stat?.split(separator: ")").last?.split(separator: " ").first else { return false }
    return state != "Z" && state != "X"
  }

  @Test func `a program gets the given environment and nothing else`() throws {
    setenv("WAYBILL_TEST_LEAK", "leaked", 1)
    defer { unsetenv("WAYBILL_TEST_LEAK") }
    let result = try run(["/usr/bin/env"], environment: ["A": "1", "B": "two words"])
    #expect(result.output == "A=1\nB=two words\n")
  }

  @Test(arguments: ["", "/tmp"]) func `a program inherits nothing that is open here`(folder: String) throws {
    let (file, listener) = (open("/dev/null", O_RDONLY), socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
    defer { for descriptor in [file, listener] { close(descriptor) } }
    try #require(file > 2 && listener > 2)
    let script = "for n in \(file) \(listener); do test -e /proc/self/fd/$n && echo $n; done; echo end"
    #expect(try run(["sh", "-c", script], in: folder).output == "end\n")
  }

  @Test func `a program's standard error is not shown`() throws {
    #expect(try run(["sh", "-c", "echo secret >&2; readlink /proc/self/fd/2"]).output == "/dev/null\n")
  }

  @Test(arguments: [
    ("kill -TTIN $$; echo token", "SIGTTIN"), ("kill -TTOU $$", "SIGTTOU"), ("kill -STOP $$", "SIGSTOP"),
    ("sleep 60 & kill -TTIN 0", "SIGTTIN"), ("trap '' TERM HUP INT; kill -TSTP $$", "SIGTSTP"),
  ])
  func `a program that is stopped is killed at once`(_ script: String, _ signal: String) {
    let start = ContinuousClock.now
    let failure = #expect(throws: ChildProcess.Failure.self) { try run(["sh", "-c", script]) }
    #expect(failure?.description.contains("stopped (\(signal))") == true)
    #expect(failure?.description.contains("helper commands cannot prompt") == true)
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
