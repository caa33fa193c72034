import CPCRE2
import Glibc

/// The memory that matching needs, allocated once: one per worker. It carries the limits that keep any pattern on any
/// text from taking a run hostage.
@safe package struct PatternWorkspace: ~Copyable {
  /// Steps of backtracking per text.
  static let matchLimit: UInt32 = 1_000_000
  /// KiB that the interpreter may use.
  static let heapLimit: UInt32 = 20_000
  /// Texts up to this size are searched in one call. Longer ones are searched piece by piece, with a look at the
  /// time that this thread has worked: other load on the machine must not decide the outcome of a record.
  static let wholeSearch = 64 * 1024
  /// Seconds of the thread's own time.
  static let longestSearch = 5.0
  /// Groups whose places are kept: a replacement can name no more.
  static let groupLimit = 99

  private let data: OpaquePointer?
  private let context: OpaquePointer?
  private let stack: OpaquePointer?

  package init() {
    unsafe data = unsafe pcre2_match_data_create_8(UInt32(Self.groupLimit + 1), nil)
    unsafe context = unsafe pcre2_match_context_create_8(nil)
    unsafe stack = unsafe pcre2_jit_stack_create_8(32 * 1024, 1024 * 1024, nil)
    unsafe precondition(data != nil && context != nil, "out of memory")
    _ = unsafe pcre2_set_match_limit_8(context, Self.matchLimit)
    _ = unsafe pcre2_set_depth_limit_8(context, Self.matchLimit)
    _ = unsafe pcre2_set_heap_limit_8(context, Self.heapLimit)
    if let stack = unsafe stack { unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack)) }
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    if let stack = unsafe stack { unsafe pcre2_jit_stack_free_8(stack) }
  }

  /// Searches for the first match that begins at `start` or later.
  borrowing func search(_ pattern: Pattern, in text: Span<UInt8>, from start: Int = 0) -> PatternResult {
    guard !pattern.isUndecided else { return .limitExceeded }
    if text.count - start <= Self.wholeSearch {
      _ = unsafe pcre2_set_offset_limit_8(context, Int.max)
      return match(pattern, in: text, from: start)
    }
    // A search without backtracking can still take the square of a text's length. So many places per call that a
    // call never takes long.
    let places = max(1, (Self.wholeSearch * 1024) / text.count)
    let deadline = Self.workedSeconds() + Self.longestSearch
    var first = start
    while first <= text.count {
      _ = unsafe pcre2_set_offset_limit_8(context, min(first + places - 1, text.count))
      let result = match(pattern, in: text, from: first)
      guard result == .notMatched else { return result }
      first += places
      while first < text.count, text[first] & 0xC0 == 0x80 { first += 1 }
      if Self.workedSeconds() > deadline { return .limitExceeded }
    }
    return .notMatched
  }

  /// Of this thread.
  package static func workedSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Where group `number` (0: the whole) matched last; nil where it took no part.
  borrowing func range(ofGroup number: Int) -> Range<Int>? {
    guard let vector = unsafe pcre2_get_ovector_pointer_8(data), number <= Self.groupLimit else { return nil }
    let start = unsafe vector[number * 2]
    let end = unsafe vector[number * 2 + 1]
    // Unset is all ones.
    return start == Int(bitPattern: UInt.max) || start > end ? nil : Int(start)..<Int(end)
  }

  private borrowing func match(_ pattern: Pattern, in text: Span<UInt8>, from start: Int) -> PatternResult {
    let options = UInt32(PCRE2_NO_UTF_CHECK)
    return unsafe text.withUnsafeBufferPointer { bytes in
      var empty: UInt8 = 0
      return unsafe withUnsafePointer(to: &empty) { nothing in
        let subject = unsafe bytes.baseAddress ?? nothing
        var status = unsafe pcre2_match_8(pattern.code, subject, bytes.count, start, options, data, context)
        if status == PCRE2_ERROR_JIT_STACKLIMIT {
          // The interpreter takes its memory from the heap, within the limit.
          status = unsafe pcre2_match_8(
            pattern.code, subject, bytes.count, start, options | UInt32(PCRE2_NO_JIT), data, context)
        }
        if status >= 0 { return .matched }
        return status == PCRE2_ERROR_NOMATCH ? .notMatched : .limitExceeded
      }
    }
  }
}

package enum PatternResult: Sendable, Hashable {
  case matched, notMatched
  /// Given up: the problem `pattern-limit`.
  case limitExceeded
}

extension Pattern {
  /// Whether the pattern is found in `text` (valid UTF-8). No allocation.
  package func matches(_ text: Span<UInt8>, _ workspace: borrowing PatternWorkspace) -> PatternResult {
    workspace.search(self, in: text)
  }
}
