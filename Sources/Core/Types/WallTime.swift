import Glibc

/// A wall-clock time, which several processes and machines share: UTC, in milliseconds. It can be set back.
package struct WallTime: Sendable, Hashable, Comparable {
  package var millisecondsSince1970: Int64

  package init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

  /// The machine's clock. Pass it as a function, so that tests can pass another.
  package static func now() -> WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(millisecondsSince1970: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package static func < (left: WallTime, right: WallTime) -> Bool { left.millisecondsSince1970 < right.millisecondsSince1970 }

  /// Rounded up to a millisecond, and clamped to the range of `Int64`.
  package static func + (time: WallTime, span: Duration) -> WallTime {
    let (seconds, attoseconds) = span.components
    let (whole, isLarge) = seconds.multipliedReportingOverflow(by: 1000)
    let rest = (attoseconds + (attoseconds > 0 ? 999_999_999_999_999 : 0)) / 1_000_000_000_000_000
    let (sum, isLarger) = time.millisecondsSince1970.addingReportingOverflow(whole)
    let (end, isLargest) = sum.addingReportingOverflow(rest)
    if isLarge || isLarger || isLargest { return WallTime(millisecondsSince1970: seconds < 0 ? .min : .max) }
    return WallTime(millisecondsSince1970: end)
  }
}
