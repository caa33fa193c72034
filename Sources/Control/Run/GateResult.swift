package import Core

/// How a gate was judged.
package struct GateResult: Sendable, Hashable, Codable {
  package enum Severity: String, Sendable, Hashable, CaseIterable, Codable {
    /// Nothing is published when it fails.
    case error
    /// It is reported, and the run continues.
    case warning
  }

  package enum Unit: String, Sendable, Hashable, Codable { case records, percent, requests, seconds, totals }

  /// Which side of the limit is good.
  package enum Bound: String, Sendable, Hashable, Codable {
    /// At least the limit.
    case min
    /// At most the limit.
    case max
  }

  /// The earlier run's count that this one is compared with.
  package struct Last: Sendable, Hashable, Codable {
    package var run: String
    package var count: Int

    package init(run: String, count: Int) {
      self.run = run
      self.count = count
    }
  }

  package var gate: String
  /// The mapping whose items were judged; nil: all of the run.
  package var mapping: String?
  /// The destination whose outcomes were judged; nil: the gate is not about one.
  package var destination: String?
  /// The target field whose values were judged.
  package var field: String?
  /// The code of the problems that were counted.
  package var code: String?
  /// The stage whose result was judged: with `load` and `compare`, the records were published before that.
  package var stage: Stage
  package var limit: Double
  /// Nil if unknown.
  package var actual: Double?
  package var unit: Unit
  /// Nil in facts of earlier versions.
  package var bound: Bound?
  package var passed: Bool
  package var severity: Severity
  /// False: reported only, for the `reason`.
  package var isJudged = true
  /// Why it is not judged, for people; nil in facts of earlier versions, in which the run was narrowed.
  package var reason: String?
  /// It failed, and the user who started the run accepts that.
  package var isAccepted = false
  /// What `actual` is a share of, if that is an earlier run.
  package var last: Last?
  /// The figures behind a share.
  package var count: Int?
  package var of: Int?
  /// What the author of the pipeline says when it fails.
  package var message: String?

  package init(
    gate: String, mapping: String? = nil, stage: Stage, limit: Double, actual: Double? = nil, unit: Unit, passed: Bool,
    severity: Severity, isJudged: Bool = true, isAccepted: Bool = false, last: Last? = nil
  ) {
    self.gate = gate
    self.mapping = mapping
    self.stage = stage
    self.limit = limit
    self.actual = actual
    self.unit = unit
    self.passed = passed
    self.severity = severity
    self.isJudged = isJudged
    self.isAccepted = isAccepted
    self.last = last
  }

  /// The run ends with the exit code of a failed gate; one that is judged before the load keeps everything from being published.
  package var stops: Bool { isJudged && !passed && !isAccepted && severity == .error }

  /// It passed, or its failure was accepted.
  package var isSettled: Bool { isJudged && (passed || isAccepted) }
}
