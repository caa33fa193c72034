import Graphics

/// Times and durations as the page writes them.
enum PageTime {
  /// `2026-12-01T00:30:00Z` as `2026-12-01 00:30:00 UTC`. Any other text stays as it is.
  static func shown(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), bytes[10] == UInt8(ascii: "T") else { return text }
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8) + " UTC"
  }

  /// `1.25 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 60, seconds < 1e9 else { return NumberText.decimal(seconds) + " s" }
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    if hours > 0 { return minutes == 0 ? "\(NumberText.count(hours)) h" : "\(NumberText.count(hours)) h \(minutes) min" }
    return rest == 0 ? "\(minutes) min" : "\(minutes) min \(rest) s"
  }
}
