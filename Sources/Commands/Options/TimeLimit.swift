import ArgumentParser

/// A duration as typed: `90s`, `15m`, `2h`.
struct TimeLimit: ExpressibleByArgument, Sendable, Hashable {
  let seconds: Int

  init?(argument: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
    guard let last = argument.last, let unit = units[last], let number = Int(argument.dropLast()), number > 0 else { return nil }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
    // Ten years: far enough from overflow on any clock.
    guard !overflow, seconds <= 315_360_000 else { return nil }
    self.seconds = seconds
  }

  private init(seconds: Int) { self.seconds = seconds }

  /// What is left of it, in whole seconds; at least one.
  func left(since start: ContinuousClock.Instant) -> TimeLimit {
    TimeLimit(seconds: max(1, seconds - Int((ContinuousClock.now - start).components.seconds)))
  }

  /// Runs `work` and cancels it when the time has elapsed.
  static func run<Value: Sendable>(
    _ limit: TimeLimit?, onEnd: @escaping @Sendable () -> Void, _ work: @escaping @Sendable () async -> Value
  ) async -> Value {
    guard let limit else { return await work() }
    let task = Task { await work() }
    let timer = Task {
      try await Task.sleep(for: .seconds(limit.seconds))
      onEnd()
      task.cancel()
    }
    defer { timer.cancel() }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }
}
