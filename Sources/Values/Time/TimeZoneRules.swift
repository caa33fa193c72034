/// The offset from UTC of one time zone at every moment, and the moments of its local times.
///
/// All changes of the offset are in one sorted array: those of the TZif file, followed by those that the file's
/// footer rule makes in the next 400 years. The Gregorian calendar repeats itself exactly after 400 years (which are
/// whole weeks), so a later moment is looked up whole cycles earlier.
///
/// A lookup takes the moment's bucket of 2^24 seconds (194 days), which says where in the array to begin: no search,
/// seldom more than one step, no allocation. An instance is immutable; keep it, loading costs a file.
package final class TimeZoneRules: Sendable {
  /// The IANA name.
  package let name: String

  /// Seconds since 1970 at which the offset changes, ascending.
  let transitions: [Int64]
  /// Offsets in seconds east of UTC: `offsets[i]` holds before `transitions[i]`, the last one after the last change.
  private let offsets: [Int32]
  /// Per bucket, counted from the first transition: how many transitions are not after the bucket's begin.
  private let buckets: [UInt16]
  /// Moments from here on repeat those of the cycle before.
  private let cycleEnd: Int64

  /// 400 years.
  static let cycleSeconds: Int64 = 146_097 * 86_400
  private static let bucketBits: Int64 = 24
  /// No offset is as large: RFC 9636 recommends less than 26 hours.
  private static let offsetLimit: Int64 = 26 * 3_600

  package static let utc = TimeZoneRules(name: "UTC", initialOffset: 0, changes: [], cycleEnd: .max)

  /// `changes` ascend, and each offset differs from the one before; from `cycleEnd` on they are periodic.
  init(name: String, initialOffset: Int32, changes: [(at: Int64, offset: Int32)], cycleEnd: Int64) {
    self.name = name
    self.cycleEnd = cycleEnd
    transitions = changes.map(\.at)
    offsets = [initialOffset] + changes.map(\.offset)
    var buckets: [UInt16] = []
    if let first = changes.first, let last = changes.last {
      var passed = 0
      for bucket in 0...((last.at - first.at) >> Self.bucketBits) {
        let begin = first.at + bucket << Self.bucketBits
        while passed < changes.count, changes[passed].at <= begin { passed += 1 }
        buckets.append(UInt16(passed))
      }
    }
    self.buckets = buckets
  }

  /// Seconds east of UTC at `instant` (seconds since 1970).
  package func offset(at instant: Int64) -> Int {
    Int(offsets[period(at: instant - cycles(before: instant, limit: cycleEnd))])
  }

  /// What a local clock that shows `local` (seconds from 1970-01-01T00:00:00 of that clock) can mean.
  package enum Resolution: Sendable, Hashable {
    /// One moment.
    case unique(Int64)
    /// None: the clocks were put forward over it by `length` seconds. `earlier` is the moment of the time as much
    /// before, `later` of the time as much after.
    case gap(length: Int, earlier: Int64, later: Int64)
    /// Two moments: the clocks were put back.
    case overlap(earlier: Int64, later: Int64)
  }

  package func resolve(local: Int64) -> Resolution {
    let shift = cycles(before: local, limit: cycleEnd - 2 * Self.offsetLimit)
    let shifted = local - shift
    let low = period(at: shifted - Self.offsetLimit)
    let high = period(at: shifted + Self.offsetLimit)
    if low == high { return .unique(local - Int64(offsets[low])) }
    return resolve(shifted, among: low...high, shift: shift)
  }

  /// The periods of one offset that `local` can fall into are tried one by one: seldom more than two.
  private func resolve(_ local: Int64, among periods: ClosedRange<Int>, shift: Int64) -> Resolution {
    var earlier: Int64?
    var later: Int64 = 0
    for period in periods {
      let instant = local - Int64(offsets[period])
      guard period == 0 || instant >= transitions[period - 1] else { continue }
      guard period == transitions.count || instant < transitions[period] else { continue }
      if earlier == nil { earlier = instant + shift }
      later = instant + shift
    }
    if let earlier { return earlier == later ? .unique(earlier) : .overlap(earlier: earlier, later: later) }

    // In no period: between the last moment of one and the first moment of the next.
    var before = periods.lowerBound
    while before + 1 < periods.upperBound, local - Int64(offsets[before + 1]) >= transitions[before] { before += 1 }
    let offsetBefore = Int64(offsets[before])
    let offsetAfter = Int64(offsets[before + 1])
    return .gap(
      length: Int(offsetAfter - offsetBefore), earlier: local - offsetAfter + shift, later: local - offsetBefore + shift)
  }

  /// The index in `offsets` of the period that contains `instant`.
  @inline(__always)
  private func period(at instant: Int64) -> Int {
    guard let first = transitions.first, instant >= first else { return 0 }
    let bucket = (instant - first) >> Self.bucketBits
    guard bucket < Int64(buckets.count) else { return transitions.count }
    var period = Int(buckets[Int(bucket)])
    while period < transitions.count, transitions[period] <= instant { period += 1 }
    return period
  }

  /// The length of the whole cycles to go back from `seconds` to come before `limit`.
  @inline(__always)
  private func cycles(before seconds: Int64, limit: Int64) -> Int64 {
    seconds < limit ? 0 : ((seconds - limit) / Self.cycleSeconds + 1) * Self.cycleSeconds
  }
}
