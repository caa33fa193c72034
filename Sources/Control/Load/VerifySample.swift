/// The share of the unchanged records that a load reads back on one day. No I/O.
///
/// The days since 1970 are divided into cycles, each as long as it takes to read every record. In each cycle, a record has one
/// day, which depends only on its key: a run that is resumed or repeated reads the same records. In the next cycle, it has
/// another day, so a pipeline that runs only on some days sees every record sooner or later.
///
///     VerifySample(hundredths: 500, day: 20_787)      // 5 %: cycles of 20 days
///       .contains(keyHash: hash)
package struct VerifySample: Sendable, Hashable {
  /// The greatest share: every record, each time.
  package static let all = 10_000

  private let cycle: Int
  /// Of `all` places in the cycle, those of the day; its last day may have fewer than the others.
  private let places: Range<UInt64>

  /// - Parameters:
  ///   - hundredths: the share in hundredths of a percent, from 1 to `all`.
  ///   - day: days since 1970, in UTC.
  package init(hundredths: Int, day: Int) {
    let share = min(max(1, hundredths), Self.all)
    let days = (Self.all + share - 1) / share
    let place = (day % days + days) % days
    cycle = (day - place) / days
    places = UInt64(place * share)..<UInt64(min(Self.all, (place + 1) * share))
  }

  /// - Parameter keyHash: a hash of the record's key, the same in every process.
  package func contains(keyHash: UInt64) -> Bool {
    var numbers = SplitMix(state: keyHash ^ UInt64(bitPattern: Int64(cycle)) &* 0xD6E8_FEB8_6659_FD93)
    return places.contains(numbers.next() % UInt64(Self.all))
  }
}
