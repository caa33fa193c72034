package import Core

/// One thing that happened to a record besides its outcome and its ledger lines: a prediction, a call, a change, an undo, a replay. It has no
/// values but those that the files it comes from show masked.
package struct RecordEvent: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A dry run has predicted a change.
    case predicted
    /// The record ended as a call made it.
    case called
    case created, updated
    /// What was there before has been saved, and no result of a call is known.
    case unconfirmed
    /// A destination has answered a call with a problem.
    case answered
    /// `waybill undo` has come to the record.
    case undone
    /// A later run has resolved the item.
    case resolved
    /// The run has resolved an item of an earlier one.
    case replayed
    /// A call has no known result.
    case open
  }

  package var kind: Kind
  package var destination: String
  package var mapping: String
  /// For people, without the kind and the destination.
  package var text: String
  /// What programs get besides kind, destination and mapping.
  package var details: [JSONValue.Member]

  package init(_ kind: Kind, at destination: String, _ mapping: String, _ text: String, _ details: [JSONValue.Member] = []) {
    (self.kind, self.destination, self.mapping, self.text, self.details) = (kind, destination, mapping, text, details)
  }

  package var json: JSONValue {
    .object(
      [
        .init("event", .string(kind.rawValue)), .init("destination", .string(destination)), .init("mapping", .string(mapping)),
      ] + details)
  }
}

// MARK: From the state

extension RecordEvent {
  /// What a destination has answered, from a ledger line of the stage `load`; nil for other lines.
  package init?(answer entry: LedgerEntry) {
    guard entry.stage.isExactly("load"), let line = try? JSONReader.read(Array(entry.text.utf8)),
      let destination = entry.destination ?? line["destination"]?.stringValue
    else { return nil }
    let (attempt, http) = (line["attempt"]?.intValue, line["http"])
    let (status, trace) = (http?["status"]?.intValue, http?["trace_id"]?.stringValue)
    guard attempt != nil || status != nil else { return nil }
    let parts = [
      status.map { "status \($0)" }, attempt.map { "attempt \($0)" }, trace.map { "trace \($0)" }, entry.code,
    ]
    var details: [JSONValue.Member] = [.init("code", .string(entry.code))]
    if let status { details.append(.init("status", .number(status))) }
    if let attempt { details.append(.init("attempt", .number(attempt))) }
    if let trace { details.append(.init("trace_id", .string(trace))) }
    self.init(.answered, at: destination, entry.mapping, parts.compactMap(\.self).joined(separator: ", "), details)
  }

  /// - Parameter isOwn: the item is of the run that is shown; otherwise this run has resolved it.
  package init(_ resolution: Resolution, isOwn: Bool) {
    let outcome = resolution.outcome.rawValue
    let other = isOwn ? resolution.resolver : resolution.run
    self.init(
      isOwn ? .resolved : .replayed, at: resolution.destination?.text ?? "", resolution.mapping,
      isOwn ? "\(outcome) by run \(other) at \(resolution.time)" : "\(outcome), replaying run \(other)",
      [
        .init("outcome", .string(outcome)), .init(isOwn ? "by" : "of", .string(other)), .init("time", .string(resolution.time)),
      ])
  }

  /// The call of an outcome, as the run's summary names it; nil for outcomes without a call, and runs that did not record their calls.
  ///
  /// - Parameter calls: member `calls` of the mapping in the run's `summary.json`.
  package init?(outcome: String, at destination: String, _ mapping: String, calls: JSONValue?) {
    let keys: [String] =
      switch Outcome(rawValue: outcome) {
      case .created: ["create", "batch"]
      case .updated: ["update", "create", "batch"]
      case .removed: ["delete"]
      default: []
      }
    guard let own = calls?[destination], let single = keys.lazy.compactMap({ own[$0]?.stringValue }).first else { return nil }
    // Several records may have been sent at once; which of them were is not recorded.
    let batch = keys.contains(exactly: "batch") ? own["batch"]?.stringValue : nil
    let call = batch.map { $0.isExactly(single) ? single : "\(single) or \($0)" } ?? single
    self.init(
      .called, at: destination, mapping, "\(call): \(outcome)",
      [.init("call", .string(call)), .init("outcome", .string(outcome))])
  }

  /// A call of which no result is known. What follows `?` in its target is left out: it may have values.
  package init(_ intent: Intent) {
    let request = intent.request
    let target = request.target.prefix { $0 != "?" } + (request.target.contains("?") ? "?…" : "")
    self.init(
      .open, at: request.scope.destination, request.scope.mapping, "\(target): its result is not known",
      [.init("call", .string(String(target))), .init("run", .string(request.run))])
  }
}
