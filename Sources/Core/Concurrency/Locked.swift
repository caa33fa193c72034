package import Glibc

/// A value that only one thread at a time may use.
///
///     let count = Locked(0)
///     count.withLock { $0 += 1 }
///
/// A POSIX mutex, in place of the standard library's `Mutex`: ThreadSanitizer cannot see the futex that `Mutex` waits on, and
/// would report every use of its value as a race; with those reports suppressed, it would also miss real races on values
/// used without the lock.
@safe package final class Locked<Value: Sendable>: @unchecked Sendable {
  @usableFromInline let mutex: UnsafeMutablePointer<pthread_mutex_t>
  @usableFromInline var value: Value

  @inlinable package init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    // The lock is usually held for much less time than a thread takes to sleep and wake, so a waiting thread spins briefly first.
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ADAPTIVE_NP))
    unsafe pthread_mutex_init(mutex, &attributes)
    unsafe pthread_mutexattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Do not call it again from `body`: that would wait forever.
  @inlinable package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure)
    -> Result
  {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
