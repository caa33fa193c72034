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
}
