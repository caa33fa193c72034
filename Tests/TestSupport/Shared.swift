import Core

/// A value that tasks share.
package final class Shared<Value: Sendable>: Sendable {
  private let mutex: Locked<Value>

  package init(_ value: Value) { mutex = Locked(value) }

  package var value: Value { mutex.withLock { $0 } }
  package func change(_ body: @Sendable (inout Value) -> Void) { mutex.withLock { body(&$0) } }
}
