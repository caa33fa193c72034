package import Control
package import Core
package import Extract

/// `summary.json`: what a run did, in numbers. Its form: Operating.md, "summary.json". Members are only ever added.
package struct RunSummary: Sendable, Equatable {
  /// The format that this version writes.
  package static let version = 2

  package struct Entity: Sendable, Equatable {
    package static func == (left: Self, right: Self) -> Bool { left.json == right.json && left.lost == right.lost }

    /// The mapping's name.
    package var name: String
    package var read = 0
    /// In the order of the pipeline file.
    package var destinations: [Destination] = []
    package var warnings = 0
    /// Problems by slug.
    package var codes: [String: Int] = [:]
    /// What could not be checked when the mapping was compiled.
    package var unchecked: [String] = []
    /// Notes about the input as a whole.
    package var notes: [String] = []
    /// Items that the transform lost; 0, or there is a fault in it.
    package var lost = 0
    /// What the mapping's source key is: `contact id`. Nil in runs that an earlier version began.
    package var key: String?
    /// The calls that write its records, by destination; none for files and tables.
    package var calls: [(destination: String, calls: [(key: String, call: String)])] = []

    package init(
      name: String, read: Int = 0, destinations: [Destination] = [], warnings: Int = 0, codes: [String: Int] = [:],
      unchecked: [String] = [], notes: [String] = [], lost: Int = 0
    ) {
      self.name = name
      self.read = read
      self.destinations = destinations
      self.warnings = warnings
      self.codes = codes
      self.unchecked = unchecked
      self.notes = notes
      self.lost = lost
    }
  }

  package struct Destination: Sendable, Equatable {
    package var name: String
    package var counts = OutcomeCounts()
    /// What reading unchanged records back has shown; nil if that is not asked for.
    package var verified: VerifyCounts?

    package init(name: String, counts: OutcomeCounts = OutcomeCounts(), verified: VerifyCounts? = nil) {
      self.name = name
      self.counts = counts
      self.verified = verified
    }
  }

  /// What a dry run predicts for a mapping at a destination.
  package struct Forecast: Sendable, Equatable {
    package var part: RunPart
    /// Of all items that were read.
    package var counts: OutcomeCounts
    /// Records that the destination has and would lose.
    package var removals: Int
    /// Records that differ at the destination although nothing would be sent.
    package var drift: Int
    /// Fields whose old value is not known.
    package var notKept: Int
    /// Records that were to be compared with the destination, and could not be.
    package var notCompared: Int

    package init(
      part: RunPart, counts: OutcomeCounts, removals: Int = 0, drift: Int = 0, notKept: Int = 0, notCompared: Int = 0
    ) {
      self.part = part
      self.counts = counts
      self.removals = removals
      self.drift = drift
      self.notKept = notKept
      self.notCompared = notCompared
    }
  }

  package struct Location: Sendable, Equatable {
    package var id: String
    package var status: RunStatus
    package var exitCode: ExitCode
    package var read: Int
    package var requests: Int

    package init(id: String, status: RunStatus, exitCode: ExitCode, read: Int, requests: Int) {
      self.id = id
      self.status = status
      self.exitCode = exitCode
      self.read = read
      self.requests = requests
    }
  }

  package struct StageTime: Sendable, Equatable {
    package var stage: String
    package var seconds: Double

    package init(stage: String, seconds: Double) {
      self.stage = stage
      self.seconds = seconds
    }
  }

  /// What became of the open items of a run.
  package struct Replay: Sendable, Equatable {
    /// The run that is replayed.
    package var of: String
    package var counts: ReplayCounts
    /// Items of which nothing is open any more, including those that were superseded; nil if that is not known.
    package var resolved: Int?
    /// The table that people have corrected, as given; nil: there is none.
    package var table: String?

    package init(of run: String, counts: ReplayCounts, resolved: Int?, table: String? = nil) {
      of = run
      self.counts = counts
      self.resolved = resolved
      self.table = table
    }

    /// Items that are still open.
    package var left: Int { counts.open - (resolved ?? 0) }
  }

  package var run: String
  package var pipeline: String
  package var status: RunStatus = .running
  package var exitCode: ExitCode = .done
  /// RFC 3339, UTC.
  package var started: String
  package var finished: String?
  package var snapshot: String?
  /// The input of `waybill load`, as given; `-` is standard input. Nil for other runs.
  package var input: String?
  /// How the run was narrowed; nil: it has everything that the source has.
  package var narrowing: Narrowing?
  /// Nil if the run is not a replay, or ended before its items were known.
  package var replay: Replay?
  /// Nothing was published or sent.
  package var isDryRun = false
  /// SHA-256 of each file that defines the run, by its name in `RunFact.Compiled`; empty if it ended before they were compiled.
  package var definitions: [Name: String] = [:]
  package var entities: [Entity] = []
  /// In the order of the mappings; empty for a run that is not dry.
  package var forecast: [Forecast] = []
  package var outsideBusinesses: Int?
  /// What the snapshot lists as left out, by reason.
  package var leftOut: [LeftOut: Int] = [:]
  package var requests = Quota()
  package var gates: [GateResult] = []
  /// Gates that were allowed to fail this time.
  package var acceptedGates: [String] = []
  package var locations: [Location] = []
  package var retryAfterSeconds: Int?
  package var durations: [StageTime] = []
  /// What users should know about a run even if it succeeded.
  package var notes: [String] = []
  /// Why the run did not end with `done`, for people.
  package var messages: [String] = []
  /// The notes about the mappings' inputs, each once, with the names of the mappings: several may read one file.
  package var inputNotes: [(mappings: [String], text: String)] {
    var found: [(mappings: [String], text: String)] = []
    for entity in entities {
      for note in entity.notes {
        if let index = found.firstIndex(where: { $0.text.isExactly(note) }) {
          found[index].mappings.append(entity.name)
        } else {
          found.append(([entity.name], note))
        }
      }
    }
    return found
  }

  /// The errors in the pipeline's files that kept the run from starting, or ended it; see `SummaryJSON.diagnostics`.
  package var diagnostics: [JSONValue] = []

  package init(run: String, pipeline: String, started: String) {
    self.run = run
    self.pipeline = pipeline
    self.started = started
  }

  /// The difference between what was read and what has an outcome, over all entities and destinations: 0, or the run
  /// fails.
  package var unaccounted: Int {
    entities.map { entity in
      abs(entity.lost) + entity.destinations.map { abs(entity.read - $0.counts.total) }.reduce(0, +)
    }.reduce(0, +)
  }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("version", .number(Self.version)), .init("run", .string(run)), .init("pipeline", .string(pipeline)),
      .init("status", .string(status.rawValue)),
      .init("exit_code", .number(Int(exitCode.rawValue))), .init("started", .string(started)),
      .init("finished", SummaryJSON.text(finished)), .init("snapshot", SummaryJSON.text(snapshot)),
      .init("narrowed", narrowing?.json ?? .null),
      .init("entities", .object(entities.map { .init($0.name, $0.json) })),
      .init("unaccounted", .number(unaccounted)), .init("outside_businesses", SummaryJSON.number(outsideBusinesses)),
      .init(
        "left_out",
        .object(leftOut.sorted { $0.key.rawValue < $1.key.rawValue }.map { .init($0.key.rawValue, .number($0.value)) })),
      .init(
        "requests",
        .object([
          .init("made", .number(requests.made)), .init("retried", .number(requests.retried)),
          .init("throttled", .number(requests.throttled)), .init("quota_remaining", SummaryJSON.number(requests.remaining)),
        ])),
      .init("gates", .array(gates.map(\.json))),
      .init("accepted_gates", .array(acceptedGates.map { .string($0) })), .init("locations", .array(locations.map(\.json))),
      .init("retry_after_seconds", SummaryJSON.number(retryAfterSeconds)),
      .init("durations", .object(durations.map { .init($0.stage, SummaryJSON.seconds($0.seconds)) })),
    ]
    if isDryRun { members.append(.init("dry_run", .bool(true))) }
    if !definitions.isEmpty {
      let sorted = definitions.sorted { $0.key < $1.key }
      members.append(.init("definitions", .object(sorted.map { .init($0.key.text, .string($0.value)) })))
    }
    if !forecast.isEmpty { members.append(.init("forecast", forecastJSON)) }
    if let replay { members.append(.init("replay", replay.json)) }
    if let input { members.append(.init("input", .string(input))) }
    if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0) }))) }
    if !messages.isEmpty { members.append(.init("messages", .array(messages.map { .string($0) }))) }
    if !diagnostics.isEmpty { members.append(.init("diagnostics", .array(diagnostics))) }
    return Redactor.process.redacted(.object(members))
  }

  /// By mapping and destination.
  private var forecastJSON: JSONValue {
    .object(
      entities.compactMap { entity in
        let own = forecast.filter { $0.part.mapping == Name(entity.name) }
        return own.isEmpty ? nil : .init(entity.name, .object(own.map { .init($0.part.destination.text, $0.json) }))
      })
  }
}

extension RunSummary.Forecast {
  package var json: JSONValue {
    .object(
      Outcome.allCases.map { .init($0.rawValue, .number(counts[$0])) } + [
        .init("removals", .number(removals)), .init("drift", .number(drift)), .init("not_kept", .number(notKept)),
        .init("not_compared", .number(notCompared)),
      ])
  }
}

extension RunSummary.Replay {
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("of", .string(of)), .init("open", .number(counts.open)), .init("selected", .number(counts.selected)),
      .init("superseded", .number(counts.superseded)), .init("newer_open", .number(counts.newerOpen)),
      .init("indistinct", .number(counts.indistinct)), .init("pending", .number(counts.pending)),
      .init("resolved", SummaryJSON.number(resolved)), .init("left", .number(left)),
    ]
    if let corrections = counts.corrections { members.append(.init("corrections", json(of: corrections))) }
    return .object(members)
  }

  private func json(of corrections: CorrectionCounts) -> JSONValue {
    func columns(_ columns: [CorrectionCounts.Column]) -> JSONValue {
      .array(columns.map { .object([.init("column", .string($0.name.text)), .init("rows", .number($0.rows))]) })
    }
    return .object([
      .init("file", SummaryJSON.text(table)), .init("mapping", .string(corrections.mapping.text)),
      .init("rows", .number(corrections.rows)), .init("corrected", .number(corrections.corrected)),
      .init("skipped", .number(corrections.skipped)), .init("columns", columns(corrections.columns)),
      .init("reformatted", columns(corrections.reformatted)),
    ])
  }
}

extension RunSummary.Entity {
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("read", .number(read)),
      .init(
        "destinations",
        .object(destinations.map { .init($0.name, $0.json) })),
      .init("warnings", .number(warnings)), .init("codes", SummaryJSON.codes(codes)),
      .init("unchecked", .array(unchecked.map { .string($0) })),
    ]
    if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0) }))) }
    if let key { members.append(.init("key", .string(key))) }
    if !calls.isEmpty {
      let byDestination = calls.map { destination, calls in
        JSONValue.Member(destination, .object(calls.map { .init($0.key, .string($0.call)) }))
      }
      members.append(.init("calls", .object(byDestination)))
    }
    return .object(members)
  }
}

extension RunSummary.Destination {
  package var json: JSONValue {
    var members = Outcome.allCases.map { JSONValue.Member($0.rawValue, .number(counts[$0])) }
    if let verified { members.append(.init("verified", verified.json)) }
    return .object(members)
  }
}

extension VerifyCounts {
  fileprivate var json: JSONValue {
    .object([
      .init("records", .number(records)), .init("drifted", .number(drifted)), .init("missing", .number(missing)),
      .init("resent", .number(resent)), .init("not_read", .number(notRead)),
    ])
  }
}

extension RunSummary.Location {
  package var json: JSONValue {
    .object([
      .init("id", .string(id)), .init("status", .string(status.rawValue)), .init("exit_code", .number(Int(exitCode.rawValue))),
      .init("read", .number(read)), .init("requests", .number(requests)),
    ])
  }
}
