package import Control
package import Core

/// Compares what a run that applies a dry run is about to do with what the dry run predicted: first as a whole, before anything is
/// published or sent, and then record by record.
package final class PlanComparison: ForecastSink, AppliedPlan {
  private struct Content {
    /// The first record that differs.
    var difference: (ordinal: UInt64, key: Name)?
    var reported = 0
    var counts = OutcomeCounts()
    /// Those that were predicted and have not come yet.
    var removals: Set<Name>
    var removed: Name?
  }

  package let run: String
  package let comparesDestination: Bool
  private let part: RunPart
  /// Codes of outcomes, by ordinal; `none` where nothing was predicted.
  private let outcomes: [UInt8]
  private let fingerprints: [UInt64]
  /// An earlier attempt has applied some of it.
  private let isContinued: Bool
  private let removals: Set<Name>
  private let content: Locked<Content>

  private static let none = UInt8.max

  /// - Parameters:
  ///   - log: the change log of the dry run.
  ///   - count: the number of staged records.
  /// - Throws: `OperationFailure` if the log cannot be read back.
  package init(
    _ part: RunPart, of run: String, log: String, count: Int, comparesDestination: Bool, isContinued: Bool
  ) throws {
    self.part = part
    self.run = run
    self.comparesDestination = comparesDestination
    self.isContinued = isContinued
    var outcomes = [UInt8](repeating: Self.none, count: count)
    var fingerprints = [UInt64](repeating: 0, count: count)
    let reader = try ChangeLogReader(path: log)
    for ordinal in 0..<count {
      guard let entry = try reader.entry(of: UInt64(ordinal)) else { continue }
      outcomes[ordinal] = entry.outcome.storedCode
      fingerprints[ordinal] = entry.fingerprint
    }
    var removals: Set<Name> = []
    try reader.forEachRemoval { details in if let key = details["key"]?.stringValue { removals.insert(Name(key)) } }
    self.removals = removals
    (self.outcomes, self.fingerprints) = (outcomes, fingerprints)
    content = Locked(Content(removals: removals))
  }

  package func outcome(of ordinal: UInt64) -> Outcome? {
    Int(exactly: ordinal).flatMap { $0 < outcomes.count ? Outcome(storedCode: outcomes[$0]) : nil }
  }

  package func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool {
    guard let planned = outcome(of: ordinal) else { return false }
    if planned == forecast.outcome, fingerprints[Int(ordinal)] == forecast.fingerprint { return true }
    guard isContinued, [.created, .updated, .written].contains(planned) else { return false }
    // What an earlier attempt has sent is there, or its result is not known yet.
    return [.unchanged, .written].contains(forecast.outcome) || forecast.problem?.code == .resultUnknown
  }

  package func predictsRemoval(_ key: Name) -> Bool { removals.contains(key) }

  package func forecast(_ ordinal: UInt64, _ forecast: Forecast) {
    let isSame = predicts(forecast, of: ordinal)
    content.withLock { content in
      content.reported += 1
      content.counts[forecast.outcome] += 1
      guard !isSame, content.difference.map({ ordinal < $0.ordinal }) ?? true else { return }
      content.difference = (ordinal, forecast.key)
    }
  }

  package func removal(_ key: Name) {
    content.withLock { content in if content.removals.remove(key) == nil { content.removed = content.removed ?? key } }
  }

  /// How many records have been compared.
  package var reported: Int { content.withLock { $0.reported } }

  /// What would be done now, once everything has been compared.
  package func predicted(failure: RunFact.Failure?, seconds: Double) -> RunFact.Predicted {
    content.withLock { RunFact.Predicted(part, counts: $0.counts, failure: failure, seconds: seconds) }
  }

  /// What is no longer as it was; nil if everything is. Call it at the end.
  package var difference: OperationFailure? {
    let (difference, removed, missing) = content.withLock { content in
      (content.difference, content.removed, isContinued ? nil : content.removals.min())
    }
    guard let key = difference?.key ?? removed ?? missing else { return nil }
    return .differs(
      run, mapping: part.mapping.text, destination: part.destination.text, key: key,
      "the destination, or what is known about it, has changed since the dry run, and nothing was written")
  }
}
