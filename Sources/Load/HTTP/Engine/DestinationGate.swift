import Control
import Core

/// Admits calls to one destination as its pacer and circuit breaker allow; the others wait, first come, first served.
/// Shared by all parts of a run that load into the destination. Safe to use from many tasks.
final class DestinationGate: Sendable {
  /// A call that was let through; handed back with its result.
  struct Pass: Sendable {
    fileprivate var pacer: DestinationPacer.Ticket
    fileprivate var circuit: CircuitBreaker.Ticket
  }

  /// How a call ended, as far as the destination's health is concerned.
  enum Result: Sendable, Hashable {
    /// A response that says that the destination works.
    case responded
    case throttled
    /// A server error.
    case failed
    case noResponse
    /// The call was cancelled, or not made after all.
    case withdrawn
  }

  enum Closed: Error, Sendable {
    case cancelled
    case stopped(OperationFailure)
  }

  private typealias Entry = Swift.Result<Pass, Closed>

  private struct Waiter: Sendable {
    var number: Int
    var continuation: UnsafeContinuation<Entry, Never>
  }

  private struct State {
    var pacer: DestinationPacer
    var circuit: CircuitBreaker
    var waiters: [Waiter] = []
    var lastWaiter = 0
    /// Wakes the first waiter.
    var alarm: (moment: Moment, task: Task<Void, Never>)?
    var announced: Moment?
    var stop: OperationFailure?
    /// Why the last call failed, for messages.
    var trouble = ""
  }

  /// What to do once the lock is released.
  private struct Effects {
    var entries: [(waiter: Waiter, entry: Entry)] = []
    /// For `onPause`.
    var pause: Duration?
  }

  private let name: String
  private let timekeeper: any Timekeeper
  private let onPause: @Sendable (Duration) -> Void
  private let state: Locked<State>

  init(
    name: String, pacer: DestinationPacer.Options, circuit: CircuitBreaker.Options = .init(), timekeeper: any Timekeeper,
    onPause: @escaping @Sendable (Duration) -> Void
  ) {
    self.name = name
    self.timekeeper = timekeeper
    self.onPause = onPause
    state = Locked(State(pacer: DestinationPacer(pacer), circuit: CircuitBreaker(circuit)))
  }

  /// Why nothing is sent any more; nil while the destination is in use. Not by a key path, which would copy the whole state.
  var stopped: OperationFailure? { state.withLock { $0.stop } }

  /// Nothing is sent from now on. The first reason counts.
  func stop(_ failure: OperationFailure) {
    change { state in state.stop = state.stop ?? failure }
  }

  /// Returns when the call may be made.
  func enter() async throws(Closed) -> Pass {
    if Task.isCancelled { throw .cancelled }
    let now = timekeeper.now()
    let entry = state.withLock { state -> Entry? in
      guard state.waiters.isEmpty, case .entry(let entry) = next(&state, now) else { return nil }
      return entry
    }
    if let entry { return try entry.get() }
    return try await wait().get()
  }

  /// - Parameter why: what went wrong; empty if nothing did.
  func leave(_ pass: Pass, _ result: Result, _ limits: RemainingCalls = RemainingCalls(), why: String = "") {
    let now = timekeeper.now()
    change(at: now) { state in
      if !why.isEmpty { state.trouble = why }
      switch result {
      case .responded, .throttled, .failed:
        state.pacer.responded(
          pass.pacer, isThrottled: result == .throttled, isError: result == .failed, limits: limits, at: now)
      case .noResponse: state.pacer.failed(pass.pacer)
      case .withdrawn: state.pacer.withdrew(pass.pacer)
      }
      switch result {
      case .responded, .throttled: state.circuit.succeeded(pass.circuit)
      case .failed, .noResponse: state.circuit.failed(pass.circuit, at: now)
      case .withdrawn: state.circuit.withdrew(pass.circuit, at: now)
      }
    }
  }

  // MARK: Deciding

  private enum Next {
    case entry(Entry)
    case wait(until: Moment)
    /// Try again when a call has ended.
    case waitForChange
  }

  /// Decides what happens to the next call.
  private func next(_ state: inout State, _ now: Moment) -> Next {
    if let stop = state.stop { return .entry(.failure(.stopped(stop))) }
    switch state.circuit.next(at: now) {
    case .giveUp:
      let why = state.trouble.isEmpty ? "" : " (\(state.trouble))"
      return stop(
        OperationFailure(
          .circuitOpen, "the destination '\(name)' keeps failing\(why), so nothing more is sent to it: run again when it works"),
        &state)
    case .waitForProbe: return .waitForChange
    case .wait(let moment): return .wait(until: moment)
    case .send(let ticket):
      switch state.pacer.next(at: now) {
      case .send(let place): return .entry(.success(Pass(pacer: place, circuit: ticket)))
      case .waitForResponse:
        state.circuit.withdrew(ticket, at: now)
        return .waitForChange
      case .wait(let moment):
        state.circuit.withdrew(ticket, at: now)
        return .wait(until: moment)
      case .giveUp(let moment):
        state.circuit.withdrew(ticket, at: now)
        return stop(.comeBackLater(to: name, after: moment - now), &state)
      }
    }
  }

  private func stop(_ failure: OperationFailure, _ state: inout State) -> Next {
    state.stop = failure
    return .entry(.failure(.stopped(failure)))
  }

  // MARK: Waiting

  private func wait() async -> Entry {
    let number = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        change { state in state.waiters.append(Waiter(number: number, continuation: continuation)) }
        // The task may have been cancelled before there was anything to cancel.
        if Task.isCancelled { cancel(number) }
      }
    } onCancel: {
      cancel(number)
    }
  }

  private func cancel(_ number: Int) {
    let waiter = state.withLock { state in
      state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
    }
    guard let waiter else { return }
    waiter.continuation.resume(returning: .failure(.cancelled))
    // The alarm may have been for this one.
    change { _ in }
  }

  /// Changes the state and admits the waiting calls that may now proceed.
  private func change(at moment: Moment? = nil, _ body: (inout State) -> Void) {
    let now = moment ?? timekeeper.now()
    let effects = state.withLock { state in
      body(&state)
      return letThrough(&state, now)
    }
    for (waiter, entry) in effects.entries { waiter.continuation.resume(returning: entry) }
    if let pause = effects.pause { onPause(pause) }
  }

  private func letThrough(_ state: inout State, _ now: Moment) -> Effects {
    var effects = Effects()
    var count = 0
    var moment: Moment?
    waiting: while count < state.waiters.count {
      switch next(&state, now) {
      case .entry(let entry):
        effects.entries.append((state.waiters[count], entry))
        count += 1
      case .wait(let until):
        moment = until
        break waiting
      case .waitForChange: break waiting
      }
    }
    state.waiters.removeFirst(count)
    setAlarm(moment, &state)
    if let moment { effects.pause = announced(moment, now, &state) }
    return effects
  }

  private func setAlarm(_ moment: Moment?, _ state: inout State) {
    if let alarm = state.alarm {
      if alarm.moment == moment { return }
      alarm.task.cancel()
    }
    state.alarm = moment.map { moment in
      let task = Task { [timekeeper, weak self] in
        do { try await timekeeper.sleep(until: moment) } catch { return }
        self?.ring(moment)
      }
      return (moment, task)
    }
  }

  private func ring(_ moment: Moment) {
    change { state in if state.alarm?.moment == moment { state.alarm = nil } }
  }

  /// Reports each pause once, however many calls wait for it. Short pauses are not reported.
  private func announced(_ moment: Moment, _ now: Moment, _ state: inout State) -> Duration? {
    guard moment - now > .seconds(2), state.announced.map({ $0 + .seconds(1) < moment }) ?? true else { return nil }
    state.announced = moment
    return moment - now
  }
}

extension OperationFailure {
  /// The destination asks for a longer pause than a run is willing to make.
  static func comeBackLater(to destination: String, after pause: Duration) -> OperationFailure {
    OperationFailure(
      .askedToWait, "'\(destination)' asks for a pause of \(pause.wholeSeconds) s: run again after that",
      retryAfterSeconds: pause.wholeSeconds)
  }
}
