import Control
import Core

/// Lets calls to one destination through, as its pacer and its circuit breaker allow; the rest wait here. All parts of a run that
/// load into the destination share it.
actor DestinationGate {
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

  private let name: String
  private var pacer: DestinationPacer
  private var circuit: CircuitBreaker
  private let timekeeper: any Timekeeper
  private let onPause: @Sendable (Duration) -> Void
  private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  private var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0
  private var announced: Moment?
  private var stop: OperationFailure?
  /// Why the last call failed, for people.
  private var trouble = ""

  init(
    name: String, pacer: DestinationPacer.Options, circuit: CircuitBreaker.Options = .init(), timekeeper: any Timekeeper,
    onPause: @escaping @Sendable (Duration) -> Void
  ) {
    self.name = name
    self.pacer = DestinationPacer(pacer)
    self.circuit = CircuitBreaker(circuit)
    self.timekeeper = timekeeper
    self.onPause = onPause
  }

  /// Why nothing is sent any more; nil while the destination is in use.
  var stopped: OperationFailure? { stop }

  /// Nothing is sent from now on. The first reason counts.
  func stop(_ failure: OperationFailure) {
    stop = stop ?? failure
    wakeAll()
    let sleeping = sleepers
    sleepers = [:]
    for (_, continuation) in sleeping { continuation.resume() }
  }

  /// Returns when the call may be made.
  func enter() async throws(Closed) -> Pass {
    while true {
      if Task.isCancelled { throw .cancelled }
      if let stop { throw .stopped(stop) }
      let now = timekeeper.now()
      switch circuit.next(at: now) {
      case .giveUp:
        let why = trouble.isEmpty ? "" : " (\(trouble))"
        stop(
          OperationFailure(
            .circuitOpen, "the destination '\(name)' keeps failing\(why), so nothing more is sent to it: run again when it works")
        )
      case .waitForProbe: await waitForChange()
      case .wait(let moment): try await sleep(until: moment, now)
      case .send(let ticket):
        if let pass = try await enter(ticket, at: now) { return pass }
      }
    }
  }

  /// Nil: try again.
  private func enter(_ ticket: CircuitBreaker.Ticket, at now: Moment) async throws(Closed) -> Pass? {
    switch pacer.next(at: now) {
    case .send(let place): return Pass(pacer: place, circuit: ticket)
    case .waitForResponse:
      circuit.withdrew(ticket, at: now)
      await waitForChange()
    case .wait(let moment):
      circuit.withdrew(ticket, at: now)
      try await sleep(until: moment, now)
    case .giveUp(let moment):
      circuit.withdrew(ticket, at: now)
      stop(.comeBackLater(to: name, after: moment - now))
    }
    return nil
  }

  /// - Parameter why: what went wrong; empty if nothing did.
  func leave(_ pass: Pass, _ result: Result, _ limits: RemainingCalls = RemainingCalls(), why: String = "") {
    let now = timekeeper.now()
    if !why.isEmpty { trouble = why }
    switch result {
    case .responded, .throttled, .failed:
      pacer.responded(pass.pacer, isThrottled: result == .throttled, isError: result == .failed, limits: limits, at: now)
    case .noResponse: pacer.failed(pass.pacer)
    case .withdrawn: pacer.withdrew(pass.pacer)
    }
    switch result {
    case .responded, .throttled: circuit.succeeded(pass.circuit)
    case .failed, .noResponse: circuit.failed(pass.circuit, at: now)
    case .withdrawn: circuit.withdrew(pass.circuit, at: now)
    }
    wakeAll()
  }

  // MARK: Waiting

  /// Returns at `moment`, or as soon as the destination is stopped.
  private func sleep(until moment: Moment, _ now: Moment) async throws(Closed) {
    announce(moment, now)
    lastWaiter += 1
    let id = lastWaiter
    let timer = Task { [timekeeper] in
      try? await timekeeper.sleep(until: moment)
      self.wakeSleeper(id)
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { sleepers[id] = continuation }
      }
    } onCancel: {
      Task { await self.wakeSleeper(id) }
    }
    timer.cancel()
    if Task.isCancelled { throw .cancelled }
  }

  private func wakeSleeper(_ id: Int) { sleepers.removeValue(forKey: id)?.resume() }

  /// One message per pause, however many calls wait for its end; short pauses are not reported.
  private func announce(_ moment: Moment, _ now: Moment) {
    guard moment - now > .seconds(2), announced.map({ $0 + .seconds(1) < moment }) ?? true else { return }
    announced = moment
    onPause(moment - now)
  }

  private func waitForChange() async {
    lastWaiter += 1
    let id = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { waiters[id] = continuation }
      }
    } onCancel: {
      Task { await self.wake(id) }
    }
  }

  private func wake(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }

  private func wakeAll() {
    guard !waiters.isEmpty else { return }
    let waiting = waiters.sorted { $0.key < $1.key }
    waiters = [:]
    for (_, continuation) in waiting { continuation.resume() }
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
