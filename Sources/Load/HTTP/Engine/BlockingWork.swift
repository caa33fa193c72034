import Core
import Dispatch

/// Blocking calls (the journal's disk, commands that print secrets) on threads of their own, so that they do not occupy the task
/// pool.
enum BlockingWork {
  private static let queue = DispatchQueue(label: "waybill.load", attributes: .concurrent)

  static func perform<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }

  /// For work that takes long.
  ///
  /// - Parameter work: to call `check` now and then, which throws `CancellationError` once the task has been cancelled.
  static func perform<Value: Sendable>(
    _ work: @escaping @Sendable (_ check: () throws -> Void) throws -> Value
  ) async throws -> Value {
    let isCancelled = Locked(false)
    return try await withTaskCancellationHandler {
      try await perform { try work { if isCancelled.withLock({ $0 }) { throw CancellationError() } } }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }
  }
}
