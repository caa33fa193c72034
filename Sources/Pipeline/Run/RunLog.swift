import Core
import Files
import FoundationEssentials

/// `waybill.log` of a run: each note and each stage as a line with its time, written at once, so that a killed run has it
/// too. Forwards everything to another observer.
///
///     2026-11-25T02:14:07Z info extract contact: began
///
/// It is meant for people and may be incomplete: if the disk is full, the log ends silently, and another write reports it.
final class RunLog: RunObserver {
  private let file: AppendFile
  private let now: @Sendable () -> Date
  private let next: any RunObserver
  private let counts = Locked<[String: Int]>([:])

  init(path: String, now: @escaping @Sendable () -> Date, next: any RunObserver) {
    file = AppendFile(path: path)
    self.now = now
    self.next = next
  }

  func write(_ level: String, _ message: String) {
    file.append(line: "\(now().ISO8601Format()) \(level) \(VisibleText.escaped(Redactor.process.redacted(message)))")
  }

  func stageBegan(_ stage: Stage, of what: String, expected: Int?) {
    write("info", "\(stage.rawValue) \(what): began" + (expected.map { ", \($0) expected" } ?? ""))
    next.stageBegan(stage, of: what, expected: expected)
  }

  func stageAdvanced(_ stage: Stage, of what: String, done: Int) {
    counts.withLock { $0["\(stage.rawValue) \(what)"] = done }
    next.stageAdvanced(stage, of: what, done: done)
  }

  func stageEnded(_ stage: Stage, of what: String) {
    let done = counts.withLock { $0.removeValue(forKey: "\(stage.rawValue) \(what)") }
    write("info", "\(stage.rawValue) \(what): ended" + (done.map { ", \($0) done" } ?? ""))
    next.stageEnded(stage, of: what)
  }

  func note(_ message: String) {
    write("info", message)
    next.note(message)
  }

  func warn(_ message: String) {
    write("warning", message)
    next.warn(message)
  }
}
