import Core
import Report

/// Shows the progress of a run: one line on a terminal, redrawn at most five times a second, and other events as lines of their
/// own. If standard error is not a terminal, it shows only the latter.
///
///     extract contacts  1,200 of 5,000 (24 %)  310/s  12 s left
final class ProgressLine: RunObserver {
  private struct Work {
    var stage: Stage
    var what: String
    var expected: Int?
    var began: ContinuousClock.Instant
    var done = 0
  }

  private struct State {
    var works: [Work] = []
    var lastDrawn: ContinuousClock.Instant?
    /// A progress line is on the terminal and must be cleared before anything else is written.
    var isDrawn = false
  }

  private let console: Console
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Locked(State())
  static let interval: Duration = .milliseconds(200)

  init(_ console: Console, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
    self.console = console
    self.now = now
  }

  private var shows: Bool { console.isErrorTerminal && !console.isQuiet && !console.logsJSON }

  func receive(_ event: RunEvent) {
    switch event {
    case .stageBegan(let stage, let what, let expected): stageBegan(stage, of: what, expected: expected)
    case .stageAdvanced(let stage, let what, let done): stageAdvanced(stage, of: what, done: done)
    case .stageEnded(let stage, let what): stageEnded(stage, of: what)
    default:
      guard let line = RunEventText.line(for: event) else { return }
      switch line.level {
      case .info: note(line.text)
      case .warning: warn(line.text)
      }
    }
  }

  private func stageBegan(_ stage: Stage, of what: String, expected: Int?) {
    guard shows else { return }
    let began = now()
    state.withLock { state in
      // More is now known about the current work.
      if let index = state.works.firstIndex(where: { $0.stage == stage && $0.what == what }) {
        state.works[index].expected = expected
        return
      }
      state.works.append(Work(stage: stage, what: what, expected: expected, began: began))
    }
  }

  private func stageAdvanced(_ stage: Stage, of what: String, done: Int) {
    guard shows else { return }
    let time = now()
    state.withLock { state in
      guard let index = state.works.firstIndex(where: { $0.stage == stage && $0.what == what }) else { return }
      state.works[index].done = done
      if let last = state.lastDrawn, last.duration(to: time) < Self.interval { return }
      state.lastDrawn = time
      state.isDrawn = true
      console.paintingError("\r\u{1B}[2K" + Self.text(of: state.works[index], at: time, width: console.width()))
    }
  }

  private func stageEnded(_ stage: Stage, of what: String) {
    guard shows else { return }
    state.withLock { state in
      state.works.removeAll { $0.stage == stage && $0.what == what }
      erase(&state)
    }
  }

  /// A separate line, for something that is not an event of the run.
  func note(_ message: String) {
    state.withLock { state in
      erase(&state)
      console.note(message)
    }
  }

  private func warn(_ message: String) {
    state.withLock { state in
      erase(&state)
      console.warn(message)
    }
  }

  /// Clears the line from the terminal before a summary or a fault is written.
  func clear() { state.withLock { erase(&$0) } }

  private func erase(_ state: inout State) {
    guard state.isDrawn else { return }
    state.isDrawn = false
    state.lastDrawn = nil
    console.paintingError("\r\u{1B}[2K")
  }

  private static func text(of work: Work, at time: ContinuousClock.Instant, width: Int) -> String {
    let seconds = work.began.duration(to: time) / .seconds(1)
    var text = "\(work.stage.rawValue) \(work.what)  \(Wording.count(work.done))"
    if let expected = work.expected, expected > 0 {
      text += " of \(Wording.count(expected)) (\(min(100, work.done * 100 / expected)) %)"
    }
    if seconds >= 0.5, work.done > 0 {
      let rate = Double(work.done) / seconds
      text += "  \(rate < 10 ? Wording.tenths(rate) : Wording.count(Int(rate)))/s"
      if let expected = work.expected, expected > work.done {
        text += "  \(Wording.duration(Double(expected - work.done) / rate)) left"
      }
    }
    return String(VisibleText.escaped(text).prefix(max(20, width - 1)))
  }
}

extension Wording {
  /// One decimal place.
  static func tenths(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
