package import Core
import Files
package import FoundationEssentials

/// `waybill.log` of a run: each event as a line with its time, written at once, so that a killed run has it
/// too. Forwards everything to another observer.
///
///     2026-11-25T02:14:07Z info extract contact: began
///
/// It is meant for people and may be incomplete: if the disk is full, the log ends silently, and another write reports it.
package final class RunLog: RunObserver {
  private let file: AppendFile
  private let now: @Sendable () -> Date
  private let next: any RunObserver
  private let counts = Locked<[String: Int]>([:])

  package init(path: String, now: @escaping @Sendable () -> Date, next: any RunObserver) {
    file = AppendFile(path: path)
    self.now = now
    self.next = next
  }

  package func receive(_ event: RunEvent) {
    switch event {
    case .stageBegan(let stage, let what, let expected):
      write("info", "\(stage.rawValue) \(what): began" + (expected.map { ", \($0.text(String.init)) expected" } ?? ""))
    case .stageAdvanced(let stage, let what, let done):
      counts.withLock { $0["\(stage.rawValue) \(what)"] = done }
    case .stageEnded(let stage, let what):
      let done = counts.withLock { $0.removeValue(forKey: "\(stage.rawValue) \(what)") }
      write("info", "\(stage.rawValue) \(what): ended" + (done.map { ", \($0) done" } ?? ""))
    case .runEnded(let status, let exitCode, let messages):
      for message in messages { write("error", message) }
      write("info", "\(status.rawValue), exit code \(exitCode.rawValue)")
    default:
      if let line = RunEventText.line(for: event) { write(line.level.rawValue, line.text) }
    }
    next.receive(event)
  }

  private func write(_ level: String, _ message: String) {
    file.append(line: "\(now().ISO8601Format()) \(level) \(VisibleText.escaped(Redactor.process.redacted(message)))")
  }
}
