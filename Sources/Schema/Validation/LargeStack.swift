import Glibc

/// Runs work on a thread with a stack of its own, and waits for it: for recursion that is deeper than the callers' stacks allow. The
/// memory is only reserved; what is not touched costs nothing.
enum LargeStack {
  static let size = 64 << 20

  private final class Job {
    let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
  }

  /// False, with nothing done, where no thread can be had.
  static func run(_ work: () -> Void) -> Bool {
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    guard pthread_attr_init(attributes) == 0 else { return false }
    defer { pthread_attr_destroy(attributes) }
    guard pthread_attr_setstacksize(attributes, size) == 0 else { return false }
    return withoutActuallyEscaping(work) { work in
      let job = Unmanaged.passRetained(Job(work))
      var thread = pthread_t()
      let status = pthread_create(
        &thread, attributes,
        { context in
          if let context { Unmanaged<Job>.fromOpaque(context).takeUnretainedValue().work() }
          return nil
        }, job.toOpaque())
      // Only when the thread has ended may the job go: it holds what belongs to the caller.
      if status == 0 { pthread_join(thread, nil) }
      job.release()
      return status == 0
    }
  }
}
