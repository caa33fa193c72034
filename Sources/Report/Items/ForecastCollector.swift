package import Control
package import Core
import Files
package import Transform
import Values

/// Receives what a dry run predicts for one part: counts it, and writes it into the part's change log at once, because a destination
/// may report all records in one go. Values are masked here, as the mapping's privacy says, before anything is written.
package final class ForecastCollector: ForecastSink {
  private struct Content {
    var counts = OutcomeCounts()
    var removals = 0
    var drift = 0
    var notKept = 0
    var notCompared = 0
    var target: TargetVersion?
    var repeated = 0
    var seen: [Bool]
    /// Used under the lock only.
    nonisolated(unsafe) var log: ChangeLogWriter
    /// Why the log cannot be written: nothing more is.
    var failure: (any Error)?

    mutating func append(_ ordinal: UInt64, _ outcome: Outcome, fingerprint: UInt64, _ details: JSONValue) {
      guard failure == nil else { return }
      do { try log.append(ordinal, outcome, fingerprint: fingerprint, details) } catch { failure = error }
    }
  }

  private let part: RunPart
  private let program: Program
  private let encoder: ProblemLines
  private let content: Locked<Content>

  /// - Parameter log: where the change log goes.
  /// - Throws: `OperationFailure`.
  package init(_ part: RunPart, program: Program, count: Int, encoder: ProblemLines, log path: String) throws {
    self.part = part
    self.program = program
    self.encoder = encoder
    content = Locked(Content(seen: [Bool](repeating: false, count: count), log: try ChangeLogWriter(path: path)))
  }

  package func forecast(_ ordinal: UInt64, _ forecast: Forecast) {
    let details = details(of: forecast)
    let fingerprint = forecast.fingerprint
    let notKept = forecast.fields.count { $0.old == .notKept }
    content.withLock { content in
      guard let index = Int(exactly: ordinal), content.seen.indices.contains(index), !content.seen[index] else {
        content.repeated += 1
        return
      }
      content.seen[index] = true
      content.counts[forecast.outcome] += 1
      if forecast.hasDrift { content.drift += 1 }
      content.notKept += notKept
      if forecast.isNotCompared { content.notCompared += 1 }
      content.append(ordinal, forecast.outcome, fingerprint: fingerprint, details)
    }
  }

  package func removal(_ key: Name) {
    content.withLock { content in
      content.removals += 1
      content.append(ChangeLog.removal, .removed, fingerprint: 0, .object([.init("key", .string(key.text))]))
    }
  }

  package func target(_ version: TargetVersion) { content.withLock { $0.target = version } }

  // MARK: What may be shown

  private func details(of forecast: Forecast) -> JSONValue {
    var members = [JSONValue.Member("key", .string(forecast.key.text))]
    if let change = forecast.change { members.append(.init("change", .string(change.rawValue))) }
    if let problem = forecast.problem {
      let line = encoder.line(of: problem, at: part.destination.text)
      members.append(.init("code", .string(line.code)))
      if let field = line.field { members.append(.init("field", .string(field))) }
      members.append(.init("reason", .string(line.message)))
    }
    if forecast.isResent { members.append(.init("why", .string("requests"))) }
    if !forecast.fields.isEmpty || forecast.outcome == .updated {
      members.append(.init("fields", .array(forecast.fields.map { shown($0, old: "old", new: "new") })))
    }
    if forecast.isMissing { members.append(.init("missing", .bool(true))) }
    if forecast.isNotCompared { members.append(.init("not_compared", .bool(true))) }
    if !forecast.drift.isEmpty {
      members.append(.init("drift", .array(forecast.drift.map { shown($0, old: "expected", new: "found") })))
    }
    return .object(members)
  }

  private func shown(_ field: Forecast.Field, old: String, new: String) -> JSONValue {
    let privacy = field.column.flatMap { program.field(of: .field(Int32($0)))?.privacy } ?? .never
    var members = [JSONValue.Member("field", field.path.isEmpty ? .null : .string(field.path.joined(separator: ".")))]
    switch field.old {
    case .absent: break
    case .notKept: members.append(.init("not_kept", .bool(true)))
    case .value(let value): members.append(.init(old, masked(value, privacy)))
    }
    if let value = field.new { members.append(.init(new, masked(value, privacy))) }
    return .object(members)
  }

  /// Null stays null: that a field has no value is not personal. What is shown stays JSON, unless it is long.
  private func masked(_ value: JSONValue, _ privacy: Privacy) -> JSONValue {
    if value == .null { return .null }
    let text = value.stringValue ?? value.text
    if privacy == .show, value.stringValue == nil, text.utf8.count <= Masking.longestShown { return value }
    return .string(Masking.string(text.utf8.span, as: privacy, key: encoder.context.digestKey))
  }

  // MARK: The log

  /// How many records have been predicted.
  package var reported: Int { content.withLock { $0.counts.total } }

  /// - Throws: why the log could not be written.
  package func check() throws { if let failure = content.withLock({ $0.failure }) { throw failure } }

  /// Makes the log durable. What was predicted counts even if this throws.
  ///
  /// - Parameter isWhole: each record must have a prediction.
  /// - Throws: `OperationFailure`, also if a record has no prediction, or more than one.
  package func finish(isWhole: Bool) throws {
    try check()
    let (missing, repeated) = try content.withLock { content in
      try content.log.commit()
      return (content.seen.count { !$0 }, content.repeated)
    }
    guard !isWhole || missing == 0, repeated == 0 else {
      throw OperationFailure(
        .fault,
        "'\(part.destination)' predicted nothing for \(missing) records of '\(part.mapping)', and \(repeated) twice; please report this run"
      )
    }
  }

  /// What was predicted.
  package func predicted(failure: RunFact.Failure?, seconds: Double) -> RunFact.Predicted {
    content.withLock { content in
      RunFact.Predicted(
        part, counts: content.counts, removals: content.removals, drift: content.drift, notKept: content.notKept,
        notCompared: content.notCompared, target: content.target, failure: failure, seconds: seconds)
    }
  }
}
