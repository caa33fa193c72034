import Glibc

/// Runs blocking work on its own thread, so that it does not occupy the task pool and its small stacks.
package enum OwnThread {
  /// Suspends until `work` has ended. If the caller is cancelled, it stops waiting at once; the work is left behind and ends
  /// with the process. `work` must therefore change nothing but what it returns.
  ///
  ///     let compilation = try await OwnThread.result { MappingCompiler.compile(path: path, catalog: catalog) }
  ///
  /// - Throws: What `work` throws, or `CancellationError`.
  package static func result<Value: Sendable>(of work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let hand = Handover<Value>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiting in
        guard hand.wait(waiting) else { return }
        guard let thread = start({ hand.resume(with: Result(catching: work)) }) else {
          // If no other thread is available, this one does it.
          return hand.resume(with: Result(catching: work))
        }
        pthread_detach(thread)
      }
    } onCancel: {
      hand.resume(with: .failure(CancellationError()))
    }
  }

  /// Waits for `work`. False, with nothing done, if no thread is available.
  package static func run(_ work: () -> Void) -> Bool {
    withoutActuallyEscaping(work) { work in
      guard let thread = start(work) else { return false }
      pthread_join(thread, nil)
      return true
    }
  }

  /// Only reserved: memory that is not touched costs nothing.
  private static let stackBytes = 64 << 20

  private final class Job {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  private static func start(_ work: @escaping () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
    defer { unsafe pthread_attr_destroy(&attributes) }
    guard unsafe pthread_attr_setstacksize(&attributes, stackBytes) == 0 else { return nil }
    let job = unsafe Unmanaged.passRetained(Job(work))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, &attributes,
      { context in
        if let context = unsafe context { unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work() }
        return nil
      }, unsafe job.toOpaque())
    guard status == 0 else {
      unsafe job.release()
      return nil
    }
    return thread
  }

  /// The result or the cancellation, whichever comes first, resumes the waiting task.
  private final class Handover<Value: Sendable>: Sendable {
    private enum State {
      case idle
      case waiting(CheckedContinuation<Value, any Error>)
      case over
    }

    private let state = Locked(State.idle)

    /// False if it was cancelled before.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
      let isCancelled = state.withLock { state in
        if case .over = state { return true }
        state = .waiting(continuation)
        return false
      }
      if isCancelled { continuation.resume(throwing: CancellationError()) }
      return !isCancelled
    }

    func resume(with result: Result<Value, any Error>) {
      let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
        defer { state = .over }
        if case .waiting(let continuation) = state { return continuation }
        return nil
      }
      waiting?.resume(with: result)
    }
  }
}
