/// What the search finds while its index lags behind: the data as they were some time ago (`facts.md` 1.3).
///
/// The data before a write are kept together with its time. A copy shares its records with the data, but not its tables, so there
/// is at most one for each eighth of the lag; what is written in between is found up to an eighth later.
struct SearchLag: Sendable {
  /// Milliseconds.
  private let lag: Int
  private let step: Int
  /// Ascending by time.
  private var kept: [(time: Int, data: SyntheticData)] = []

  init(milliseconds: Int) {
    lag = milliseconds
    step = max(milliseconds / 8, 1)
  }

  /// Call this before each write.
  mutating func keep(_ data: SyntheticData, now: Int) {
    guard lag > 0 else { return }
    kept.removeAll { $0.time <= now - lag - step }
    if let last = kept.last, now - last.time < step { return }
    kept.append((now, data))
  }

  /// The data that the search finds: those before the first write that is too new for it.
  func found(in data: SyntheticData, now: Int) -> SyntheticData {
    kept.first { $0.time > now - lag - step }?.data ?? data
  }
}
