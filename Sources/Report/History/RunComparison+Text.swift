package import Core

extension RunComparison.Obstacle {
  /// `run 20260725T020000000Z-00kq2m was narrowed: at most 5 records`
  package var text: String {
    switch self {
    case .pipeline(let before, let after): "the pipelines are '\(before)' and '\(after)'"
    case .location(let before, let after):
      "the locations are \(before.map { "'\($0)'" } ?? "unknown") and \(after.map { "'\($0)'" } ?? "unknown")"
    case .kind(let run, let kind, let narrowing): "run \(run) \(kind.text(narrowing))"
    case .noFigures(let run): "run \(run) has no summary: it was killed, or has not ended"
    case .key(let mapping, let before, let after):
      "the source key of '\(mapping.text)' is '\(before)' in one run and '\(after)' in the other"
    }
  }

  fileprivate var slug: String {
    switch self {
    case .pipeline: "pipeline"
    case .location: "location"
    case .kind(_, let kind, _): kind.rawValue
    case .noFigures: "no-figures"
    case .key: "key"
    }
  }
}

extension RunFigures.Kind {
  /// What a run of this kind did, after its name: `was a dry run`.
  package func text(_ narrowing: String?) -> String {
    switch self {
    case .whole: "published everything"
    case .incomplete: "did not publish everything"
    case .narrowed: "was narrowed" + (narrowing.map { ": \($0)" } ?? "")
    case .dry: "was a dry run" + (narrowing.map { ": \($0)" } ?? "")
    case .replay: "was a replay" + (narrowing.map { ": \($0)" } ?? "")
    case .load: "loaded target records"
    }
  }
}

// MARK: JSON

extension RunComparison {
  /// As `waybill runs compare --json` prints it.
  package var json: JSONValue {
    .object([
      .init("before", before.json), .init("after", after.json), .init("comparable", .bool(isComparable)),
      .init(
        "obstacles",
        .array(obstacles.map { .object([.init("kind", .string($0.slug)), .init("message", .string($0.text))]) })),
      .init("mappings", .object(mappings.map { .init($0.name.text, $0.json) })),
      .init("new_codes", .array(newCodes.map(\.json))), .init("gone_codes", .array(goneCodes.map(\.json))),
      .init("gates", .array(gates.map(\.json))),
      .init("definitions", definitions.map { .array($0.map(\.json)) } ?? .null),
    ])
  }
}

extension RunComparison.Change {
  package var json: JSONValue {
    .object([
      .init("before", SummaryJSON.number(before)), .init("after", SummaryJSON.number(after)),
      .init("difference", .number(difference)),
    ])
  }
}

extension RunComparison.Mapping {
  fileprivate var json: JSONValue {
    // By destination, in the order in which they first occur.
    var names: [Name] = []
    for outcome in outcomes where !names.contains(outcome.destination) { names.append(outcome.destination) }
    let destinations = names.map { name in
      JSONValue.Member(
        name.text,
        .object(outcomes.filter { $0.destination == name }.map { .init($0.outcome.rawValue, $0.change.json) }))
    }
    return .object([
      .init("read", read.json), .init("destinations", .object(destinations)), .init("warnings", warnings.json),
      .init("codes", .object(codes.map { .init($0.code.text, $0.change.json) })),
    ])
  }
}

extension RunComparison.CodeChange {
  fileprivate var json: JSONValue {
    .object([
      .init("mapping", .string(mapping.text)), .init("code", .string(code.text)),
      .init("before", SummaryJSON.number(change.before)), .init("after", SummaryJSON.number(change.after)),
    ])
  }
}

extension RunComparison.Gate {
  fileprivate var json: JSONValue {
    .object([
      .init("gate", .string(name.text)), .init("subject", .string(subject)), .init("before", before?.json ?? .null),
      .init("after", after?.json ?? .null), .init("changed", .bool(hasOtherVerdict)),
    ])
  }
}

extension RunComparison.Definition {
  fileprivate var json: JSONValue {
    .object([
      .init("file", .string(name.text)), .init("before", SummaryJSON.text(before)), .init("after", SummaryJSON.text(after)),
    ])
  }
}
