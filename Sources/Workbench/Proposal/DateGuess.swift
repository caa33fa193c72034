/// The date format of a field's values: one that reads every value, or none.
///
/// If several formats read every value (`03/04/2024`), or none does, nothing is chosen: the formats are listed with the
/// share of values that each one reads, and a person decides.
struct DateGuess: Sendable {
  struct Candidate: Sendable, Hashable {
    var format: String
    var count: Int
    /// The number of values that it reads and that have no offset from UTC.
    var local: Int
  }

  /// Formats that read at least one value, best first.
  let candidates: [Candidate]
  private let filled: Int

  init(_ source: FieldProfile, isDate: Bool) {
    filled = source.filled
    candidates = source.dateFormats.map { format, count in
      Candidate(format: format, count: isDate ? count.dates : count.moments + count.local, local: count.local)
    }.filter { $0.count > 0 }.sorted { ($1.count, $0.format) < ($0.count, $1.format) }
  }

  /// The only one that reads every value.
  var chosen: Candidate? {
    let whole = candidates.filter { $0.count == filled }
    return whole.count == 1 ? whole.first : nil
  }

  var isAmbiguous: Bool { candidates.count { $0.count == filled } > 1 }

  /// `d/M/yyyy reads 100 %, M/d/yyyy reads 75 %`, as shares of the values.
  var shares: String {
    guard !candidates.isEmpty else { return "no date format reads any of its values" }
    let listed = candidates.prefix(3).map { candidate in
      let share = Double(candidate.count) / Double(max(1, filled))
      return "\(candidate.format) reads \(share >= 1 ? "100 %" : ShareText.percent(share))"
    }
    return listed.joined(separator: ", ")
  }
}

/// Shares in words.
enum ShareText {
  static func percent(_ share: Double) -> String {
    // Never "all" for less than all, nor "0 %" for more than nothing.
    share >= 1 ? "all" : share <= 0 ? "none" : "\(min(99, max(1, Int((share * 100).rounded())))) %"
  }

  /// `1 of 4 values`.
  static func count(_ count: Int, of all: Int) -> String { "\(count) of \(all) \(all == 1 ? "value" : "values")" }
}
