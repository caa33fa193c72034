import Core
import FoundationEssentials

extension ResourcesSection {
  mutating func add(_ run: RunMaterial) {
    guard let summary = run.summary?.json else {
      missing.append(.init(run: run.id, text: "The run has no summary, so requests and times are not recorded."))
      return
    }
    let requests = summary["requests"]
    var row = Run(
      run: run.id, requests: requests?["made"]?.intValue, retried: requests?["retried"]?.intValue,
      throttled: requests?["throttled"]?.intValue, quotaRemaining: requests?["quota_remaining"]?.intValue,
      durations: (summary["durations"]?.objectValue ?? []).compactMap { stage in
        stage.value.doubleValue.map { Duration(stage: stage.name, seconds: $0) }
      })
    if let start = RunTime.date(run.record.started), let end = run.record.finished.flatMap(RunTime.date) {
      row.seconds = max(0, end.timeIntervalSince(start))
    }
    runs.append(row)
  }
}

/// Times of runs: RFC 3339, UTC.
enum RunTime {
  static func date(_ text: String) -> Date? {
    if let date = try? Date(text, strategy: .iso8601) { return date }
    return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// The same time, days later, to the second.
  static func text(_ text: String, plusDays days: Int) -> String? {
    date(text).map { $0.addingTimeInterval(Double(days) * 86_400).ISO8601Format() }
  }
}
