import Core
import Report

/// Shows the progress of a run: one line on a terminal, redrawn at most five times a second, and other events as lines of their
/// own. If standard error is not a terminal, it shows only the latter and, for a run, a line for each stage that has ended.
///
///     extract contact  1,200 of 5,000 (24 %)  310/s  12 s left  197,058 requests left today
///     load contacts app  1,200 of 5,000 (24 %)  31/s  2 min 2 s left  1,190 created, 10 failed
///     extract contact  37 of at most 100  12/s
///     extract contact  1,200 of about 5,000 (24 %)  waiting for the rate limit: 8 s left
///
/// Without a terminal:
///
///     extract contact: 5,000 in 16 s
///     transform contacts: 5,000 in 0.2 s, 4,983 written, 17 rejected
final class ProgressLine: RunObserver {
  private struct Work {
    var stage: Stage
    var what: String
    var expected: StageSize?
    var began: ContinuousClock.Instant
    var done = 0
    var counts = OutcomeCounts()
  }

  private struct State {
    var works: [Work] = []
    var lastDrawn: ContinuousClock.Instant?
    /// A progress line is on the terminal and must be cleared before anything else is written.
    var isDrawn = false
    /// When the rate limit lets requests through again.
    var waitEnds: ContinuousClock.Instant?
    /// Requests that the source still allows today.
    var quota: Int?
  }

  private let console: Console
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Locked(State())
  private let ticks: Bool
  private let listsStages: Bool
  static let interval: Duration = .milliseconds(200)

  /// - Parameters:
  ///   - ticks: count down on their own while the run waits; tests call `tick` instead.
  ///   - listsStages: without a terminal, a line for each stage.
  init(
    _ console: Console, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }, ticks: Bool = true,
    listsStages: Bool = false
  ) {
    self.listsStages = listsStages
    self.console = console
    self.now = now
    self.ticks = ticks
  }

  private var shows: Bool { console.isErrorTerminal && !console.isQuiet && !console.logsJSON }
  private var tracks: Bool { shows || listsStages && !console.isQuiet }

  func receive(_ event: RunEvent) {
    switch event {
    case .stageBegan(let stage, let what, let expected): stageBegan(stage, of: what, expected: expected)
    case .stageAdvanced(let stage, let what, let done): stageAdvanced(stage, of: what, done: done)
    case .stageEnded(let stage, let what): stageEnded(stage, of: what)
    case .outcomesCounted(let stage, let what, let counts): count(counts, stage, of: what)
    case .requestsCounted(_, let remaining): state.withLock { $0.quota = remaining }
    case .pausedForRateLimit(let seconds) where shows: wait(seconds)
    case .pausedForDestination(_, let seconds) where shows: wait(seconds)
    // The run ends with the same sentence.
    case .gateTripped(.failed, _): break
    default:
      guard let line = RunEventText.line(for: event) else { return }
      switch line.level {
      case .info: note(line.text)
      case .warning: warn(line.text)
      }
    }
  }

  private func stageBegan(_ stage: Stage, of what: String, expected: StageSize?) {
    guard tracks else { return }
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

  private func count(_ counts: OutcomeCounts, _ stage: Stage, of what: String) {
    guard tracks else { return }
    state.withLock { state in
      guard let index = state.works.firstIndex(where: { $0.stage == stage && $0.what == what }) else { return }
      state.works[index].counts = counts
    }
  }

  private func stageAdvanced(_ stage: Stage, of what: String, done: Int) {
    guard tracks else { return }
    let time = now()
    state.withLock { state in
      guard let index = state.works.firstIndex(where: { $0.stage == stage && $0.what == what }) else { return }
      state.works[index].done = done
      guard shows else { return }
      if let last = state.lastDrawn, last.duration(to: time) < Self.interval { return }
      state.lastDrawn = time
      draw(&state, state.works[index], at: time)
    }
  }

  private func draw(_ state: inout State, _ work: Work?, at time: ContinuousClock.Instant) {
    state.isDrawn = true
    var parts = work.map { [Self.text(of: $0, at: time, isWaiting: state.waitEnds != nil)] } ?? []
    if let work {
      let counts = Self.text(of: work.counts)
      if !counts.isEmpty { parts.append(counts) }
      if work.stage == .extract, let quota = state.quota { parts.append("\(Wording.count(quota, "request")) left today") }
    }
    if let end = state.waitEnds {
      parts.append("waiting for the rate limit: \(Wording.duration((time.duration(to: end) / .seconds(1)).rounded(.up))) left")
    }
    let text = VisibleText.escaped(parts.joined(separator: "  "))
    console.paintingError("\r\u{1B}[2K" + CellText.cut(text, to: max(20, console.width() - 1)))
  }

  // MARK: Waiting

  private func wait(_ seconds: Int) {
    let end = now() + .seconds(seconds)
    let isFirst = state.withLock { state in
      defer { state.waitEnds = max(end, state.waitEnds ?? end) }
      return state.waitEnds == nil
    }
    guard tick(), isFirst, ticks else { return }
    Task { [weak self] in
      repeat { try await Task.sleep(for: .seconds(1)) } while self?.tick() ?? false
    }
  }

  /// Shows how much longer the run waits. False once the wait is over.
  @discardableResult
  func tick() -> Bool {
    let time = now()
    return state.withLock { state in
      guard let end = state.waitEnds else { return false }
      if end <= time { state.waitEnds = nil }
      guard state.waitEnds != nil || !state.works.isEmpty else {
        erase(&state)
        return false
      }
      draw(&state, state.works.last, at: time)
      return state.waitEnds != nil
    }
  }

  private func stageEnded(_ stage: Stage, of what: String) {
    guard tracks else { return }
    let time = now()
    state.withLock { state in
      let ended = state.works.first { $0.stage == stage && $0.what == what }
      state.works.removeAll { $0.stage == stage && $0.what == what }
      erase(&state)
      if let ended, !shows { console.note(Self.line(of: ended, at: time)) }
    }
  }

  /// A stage that has ended, where nothing is redrawn.
  private static func line(of work: Work, at time: ContinuousClock.Instant) -> String {
    let duration = Wording.duration(work.began.duration(to: time) / .seconds(1))
    let counts = text(of: work.counts)
    let done = work.done > 0 ? "\(Wording.count(work.done)) in \(duration)" : "ended after \(duration)"
    return "\(work.stage.rawValue) \(work.what): \(done)" + (counts.isEmpty ? "" : ", \(counts)")
  }

  /// `1,190 created, 10 failed`.
  private static func text(of counts: OutcomeCounts) -> String {
    Outcome.allCases.filter { counts[$0] > 0 }.map { "\(Wording.count(counts[$0])) \($0.rawValue)" }.joined(separator: ", ")
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
  func clear() {
    state.withLock { state in
      state.waitEnds = nil
      erase(&state)
    }
  }

  private func erase(_ state: inout State) {
    guard state.isDrawn else { return }
    state.isDrawn = false
    state.lastDrawn = nil
    console.paintingError("\r\u{1B}[2K")
  }

  private static func text(of work: Work, at time: ContinuousClock.Instant, isWaiting: Bool) -> String {
    let seconds = work.began.duration(to: time) / .seconds(1)
    var text = "\(work.stage.rawValue) \(work.what)  \(Wording.count(work.done))"
    // Work that may end anywhere below a limit has no percentage and no estimated end.
    var isOpen = true
    if let expected = work.expected, expected.count > 0 {
      text += " of " + expected.text { Wording.count($0) }
      if case .atMost = expected {} else { isOpen = false }
      if !isOpen { text += " (\(min(100, work.done * 100 / expected.count)) %)" }
    }
    if seconds >= 0.5, work.done > 0, !isWaiting {
      let rate = Double(work.done) / seconds
      text += "  \(rate < 10 ? Wording.tenths(rate) : Wording.count(Int(rate)))/s"
      if !isOpen, let count = work.expected?.count, count > work.done {
        text += "  \(Wording.duration(Double(count - work.done) / rate)) left"
      }
    }
    return text
  }
}

extension Wording {
  /// One decimal place.
  static func tenths(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
