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
    var target: TargetVersion?
  }

  /// What an earlier attempt to apply the dry run has left.
  package struct Earlier: Sendable {
    /// Of the files that it has published, or may have.
    package var stamps: [FileStamp]

    package init(stamps: [FileStamp]) { self.stamps = stamps }
  }

  package let run: String
  package let comparesDestination: Bool
  private let part: RunPart
  /// Codes of outcomes, by ordinal; `none` where nothing was predicted.
  private let outcomes: [UInt8]
  private let fingerprints: [UInt64]
  private let problems: [UInt64: ProblemCode]
  /// Nil: nothing has been published or sent yet.
  private let earlier: Earlier?
  private let removals: Set<Name>
  /// What the dry run found.
  private let planned: TargetVersion?
  private let content: Locked<Content>

  private static let none = UInt8.max

  /// - Parameters:
  ///   - log: the change log of the dry run.
  ///   - count: the number of staged records.
  ///   - target: the file that the dry run found.
  ///   - earlier: nil: nothing has been published or sent yet.
  /// - Throws: `OperationFailure` if the log cannot be read back.
  package init(
    _ part: RunPart, of run: String, log: String, count: Int, comparesDestination: Bool, target: TargetVersion? = nil,
    after earlier: Earlier? = nil
  ) throws {
    self.part = part
    self.run = run
    self.comparesDestination = comparesDestination
    self.earlier = earlier
    planned = target
    var outcomes = [UInt8](repeating: Self.none, count: count)
    var fingerprints = [UInt64](repeating: 0, count: count)
    var problems: [UInt64: ProblemCode] = [:]
    var removals: Set<Name> = []
    try ChangeLogReader.forEach(in: log) { head, details in
      if head.isRemoval {
        if let key = try details()["key"]?.stringValue { removals.insert(Name(key)) }
      } else if let index = Int(exactly: head.ordinal), index < count {
        outcomes[index] = head.outcome.storedCode
        fingerprints[index] = head.fingerprint
        guard head.outcome == .failed, let code = try details()["code"]?.stringValue else { return }
        problems[head.ordinal] = ProblemCode.allCases.first { $0.slug == code }
      }
    }
    self.removals = removals
    (self.outcomes, self.fingerprints, self.problems) = (outcomes, fingerprints, problems)
    content = Locked(Content(removals: removals))
  }

  package func outcome(of ordinal: UInt64) -> Outcome? {
    Int(exactly: ordinal).flatMap { $0 < outcomes.count ? Outcome(storedCode: outcomes[$0]) : nil }
  }

  package func problem(of ordinal: UInt64) -> ProblemCode? { problems[ordinal] }

  package var target: TargetVersion? { content.withLock { $0.target } }

  package func predicts(_ forecast: Forecast, of ordinal: UInt64) -> Bool {
    guard let planned = outcome(of: ordinal) else { return false }
    if planned == forecast.outcome, fingerprints[Int(ordinal)] == forecast.fingerprint { return true }
    guard earlier != nil else { return false }
    // Nothing is sent, although an earlier attempt may have changed what is known.
    if planned == forecast.outcome, [.unchanged, .failed].contains(planned) { return true }
    // It has found out that the record is gone, and the record fails as predicted.
    if problems[ordinal] == .goneAtDestination { return forecast.outcome == .created }
    // What it has sent is there, or its result is not known yet.
    return [.created, .updated].contains(planned)
      && (forecast.outcome == .unchanged || forecast.problem?.code == .resultUnknown)
  }

  package func predictsRemoval(_ key: Name) -> Bool { removals.contains(key) }

  package func forecast(_ ordinal: UInt64, _ forecast: Forecast) {
    // What an earlier attempt has adopted is known now, and compared with what is there before it is sent.
    let isAdopted = earlier != nil && forecast.isAdopted && outcome(of: ordinal) == forecast.outcome
    let isSame = isAdopted || predicts(forecast, of: ordinal)
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

  package func target(_ version: TargetVersion) { content.withLock { $0.target = version } }

  /// How many records have been compared.
  package var reported: Int { content.withLock { $0.reported } }

  /// What would be done now, once everything has been compared.
  package func predicted(failure: RunFact.Failure?, seconds: Double) -> RunFact.Predicted {
    content.withLock { RunFact.Predicted(part, counts: $0.counts, failure: failure, seconds: seconds) }
  }

  /// What is no longer as it was; nil if everything is. Call it at the end.
  package var difference: OperationFailure? {
    let (difference, removed, missing) = content.withLock { content in
      (content.difference, content.removed, earlier == nil ? content.removals.min() : nil)
    }
    func differs(_ key: Name?, _ what: String) -> OperationFailure {
      .differs(
        run, mapping: part.mapping.text, destination: part.destination.text, key: key,
        "\(what) changed since the dry run, and nothing was written")
    }
    if let target {
      // Which records a file loses is only known while its last run is kept, and follows from the file.
      let isOwn = target.stamp.map { stamp in earlier?.stamps.contains(stamp) ?? false } ?? false
      if target.digest != planned?.digest, !isOwn { return differs(nil, "the file has") }
      return difference.map { differs($0.key, "the destination, or what is known about it, has") }
    }
    guard let key = difference?.key ?? removed ?? missing else { return nil }
    return differs(key, "the destination, or what is known about it, has")
  }
}
