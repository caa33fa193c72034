package import Core

/// What a run did, in the numbers that trends and comparisons need. It is read from what the state database keeps of the run, so it stays
/// after the run's folder has been removed.
///
///     let figures = RunFigures(record)
///     figures.total(of: .rejected)
///     figures.mappings.first?.codes["email-invalid"]
package struct RunFigures: Sendable, Equatable {
  /// What a run covers. Only whole runs are comparable without reservations.
  package enum Kind: String, Sendable, CaseIterable {
    /// It published everything that the source has.
    case whole
    /// It was meant to, but ended before it had published everything.
    case incomplete
    case narrowed
    /// It published and sent nothing; its outcomes are predictions.
    case dry
    case replay
    /// It loaded target records in place of a source.
    case load
  }

  package struct Mapping: Sendable, Equatable {
    package var name: Name
    /// What its source key is: `contact id`. Nil: the run did not record it.
    package var key: String?
    package var read = 0
    /// In the order of the pipeline file.
    package var destinations: [Destination] = []
    package var warnings = 0
    /// Problems by code.
    package var codes: [Name: Int] = [:]

    package init(
      _ name: Name, key: String? = nil, read: Int = 0, destinations: [Destination] = [], warnings: Int = 0,
      codes: [Name: Int] = [:]
    ) {
      (self.name, self.key, self.read, self.destinations) = (name, key, read, destinations)
      (self.warnings, self.codes) = (warnings, codes)
    }
  }

  package struct Destination: Sendable, Equatable {
    package var name: Name
    package var outcomes: OutcomeCounts

    package init(_ name: Name, _ outcomes: OutcomeCounts) { (self.name, self.outcomes) = (name, outcomes) }
  }

  package struct Gate: Sendable, Equatable {
    package enum Verdict: String, Sendable, CaseIterable {
      case passed, failed
      /// It failed, and is only a warning.
      case warning
      /// It failed, and the user who started the run accepted that.
      case accepted
      /// It says nothing about this run: it was narrowed, for example.
      case notEnforced = "not-judged"
    }

    package var name: Name
    /// What it judges besides the run: `contacts`, `contacts email`. Empty: all of the run.
    package var subject: String
    package var limit: Double?
    package var actual: Double?
    package var unit: String
    package var verdict: Verdict

    package init(
      _ name: Name, subject: String = "", limit: Double? = nil, actual: Double? = nil, unit: String = "percent",
      _ verdict: Verdict
    ) {
      (self.name, self.subject, self.limit, self.actual) = (name, subject, limit, actual)
      (self.unit, self.verdict) = (unit, verdict)
    }
  }

  package var run: String
  package var pipeline: String
  /// Nil: the run ended before that was known.
  package var location: String?
  package var status: RunStatus
  package var exitCode: Int?
  /// RFC 3339, UTC.
  package var started: String
  package var finished: String?
  package var snapshot: String?
  package var kind = Kind.incomplete
  /// How it was narrowed, for people; nil: it was not.
  package var narrowing: String?
  package var replayOf: String?
  /// Nil: the run left no summary, because its process was killed or has not ended.
  package var mappings: [Mapping]?
  package var gates: [Gate] = []
  /// Requests to GHL.
  package var requests = 0
  /// Of its stages, in their order.
  package var stages: [(name: String, seconds: Double)] = []
  /// SHA-256 of each file that defines the run, by its path in the project; nil: the run did not record them.
  package var definitions: [Name: String]?

  package init(run: String, pipeline: String, status: RunStatus, started: String) {
    (self.run, self.pipeline, self.status, self.started) = (run, pipeline, status, started)
  }

  package var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }

  /// It was meant to cover everything, and read to the end of the source. What was not published is `pending`.
  package var coversAll: Bool {
    guard mappings?.isEmpty == false else { return false }
    return kind == .whole || kind == .incomplete && [.done, .partial, .gateFailed].contains(status)
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.run.isExactly(right.run) && left.pipeline.isExactly(right.pipeline) && left.location == right.location
      && left.status == right.status && left.exitCode == right.exitCode && left.started == right.started
      && left.finished == right.finished && left.snapshot == right.snapshot && left.kind == right.kind
      && left.narrowing == right.narrowing && left.replayOf == right.replayOf && left.mappings == right.mappings
      && left.gates == right.gates && left.requests == right.requests && left.definitions == right.definitions
      && left.stages.elementsEqual(right.stages) { $0.name == $1.name && $0.seconds == $1.seconds }
  }
}

// MARK: Totals

extension RunFigures {
  package var read: Int { (mappings ?? []).reduce(0) { $0 + $1.read } }
  package var warnings: Int { (mappings ?? []).reduce(0) { $0 + $1.warnings } }

  /// Over all mappings; a record counts once for each destination.
  package func total(of outcomes: Outcome...) -> Int { total(of: outcomes) }
  package func total(of outcomes: [Outcome]) -> Int { (mappings ?? []).reduce(0) { $0 + $1.total(of: outcomes) } }

  /// Of a code, by mapping, in the order of the pipeline file.
  package func counts(of code: Name) -> [(mapping: Name, count: Int)] {
    (mappings ?? []).map { ($0.name, $0.codes[code] ?? 0) }
  }

  package var codes: Set<Name> { (mappings ?? []).reduce(into: []) { $0.formUnion($1.codes.keys) } }

  /// Only what concerns this mapping; gates of all of the run are left out.
  package func only(_ mapping: Name) -> RunFigures {
    var figures = self
    figures.mappings = mappings?.filter { $0.name == mapping }
    figures.gates = gates.filter { $0.subject.isExactly(mapping.text) || $0.subject.hasPrefix(mapping.text + " ") }
    return figures
  }
}

extension RunFigures.Mapping {
  /// A record counts once for each destination.
  package func total(of outcomes: [Outcome]) -> Int {
    destinations.reduce(0) { sum, destination in sum + outcomes.reduce(0) { $0 + destination.outcomes[$1] } }
  }
}
