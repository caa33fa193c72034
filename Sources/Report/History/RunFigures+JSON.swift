package import Core

extension RunFigures {
  /// As `waybill history --json` and `waybill runs compare --json` print it. Outcomes without records are left out.
  package var json: JSONValue {
    .object([
      .init("run", .string(run)), .init("pipeline", .string(pipeline)), .init("location", SummaryJSON.text(location)),
      .init("status", .string(status.rawValue)), .init("exit_code", SummaryJSON.number(exitCode)),
      .init("kind", .string(kind.rawValue)), .init("narrowed", SummaryJSON.text(narrowing)),
      .init("replay_of", SummaryJSON.text(replayOf)), .init("started", .string(started)),
      .init("finished", SummaryJSON.text(finished)), .init("snapshot", SummaryJSON.text(snapshot)),
      .init("mappings", mappings.map { .object($0.map { .init($0.name.text, $0.json) }) } ?? .null),
      .init("gates", .array(gates.map(\.json))), .init("requests", .number(requests)),
      .init("durations", .object(stages.map { .init($0.name, SummaryJSON.seconds($0.seconds)) })),
      .init(
        "definitions",
        definitions.map { .object($0.sorted { $0.key < $1.key }.map { .init($0.key.text, .string($0.value)) }) } ?? .null),
    ])
  }
}

extension RunFigures.Mapping {
  fileprivate var json: JSONValue {
    .object([
      .init("key", SummaryJSON.text(key)), .init("read", .number(read)),
      .init(
        "destinations",
        .object(
          destinations.map { destination in
            let used = Outcome.allCases.filter { destination.outcomes[$0] > 0 }
            return .init(
              destination.name.text, .object(used.map { .init($0.rawValue, .number(destination.outcomes[$0])) }))
          })),
      .init("warnings", .number(warnings)),
      .init("codes", .object(codes.sorted { $0.key < $1.key }.map { .init($0.key.text, .number($0.value)) })),
    ])
  }
}

extension RunFigures.Gate {
  package var json: JSONValue {
    .object([
      .init("gate", .string(name.text)), .init("subject", .string(subject)), .init("limit", limit.map { .number($0) } ?? .null),
      .init("actual", actual.map { .number($0) } ?? .null), .init("unit", .string(unit)),
      .init("verdict", .string(verdict.rawValue)),
    ])
  }
}
