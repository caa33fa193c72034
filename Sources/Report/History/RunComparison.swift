package import Core

/// The differences between two runs: counts per mapping, outcome and code, verdicts of gates, and the files that define the runs.
///
///     let comparison = RunComparison(before: lastNight, after: tonight)
///     guard comparison.obstacles.isEmpty else { … }
///     comparison.newCodes
package struct RunComparison: Sendable, Equatable {
  /// Why differences between the runs say little about the data.
  package enum Obstacle: Sendable, Equatable {
    case pipeline(before: String, after: String)
    case location(before: String?, after: String?)
    /// A run that does not cover everything that the source has.
    case kind(run: String, RunFigures.Kind, narrowing: String?)
    /// A run without a summary.
    case noFigures(run: String)
    /// A mapping names records by another key: none of them can be recognized.
    case key(mapping: Name, before: String, after: String)
  }

  /// Nil: the run does not have it.
  package struct Change: Sendable, Equatable {
    package var before: Int?
    package var after: Int?

    package init(_ before: Int?, _ after: Int?) { (self.before, self.after) = (before, after) }

    package var difference: Int { (after ?? 0) - (before ?? 0) }
    /// Of `before`; nil if that is zero.
    package var percent: Double? {
      guard let before, before > 0 else { return nil }
      return Double(difference) * 100 / Double(before)
    }
  }

  package struct OutcomeChange: Sendable, Equatable {
    package var destination: Name
    package var outcome: Outcome
    package var change: Change
  }

  package struct CodeChange: Sendable, Equatable {
    package var mapping: Name
    package var code: Name
    package var change: Change
  }

  package struct Mapping: Sendable, Equatable {
    package var name: Name
    package var read: Change
    package var warnings: Change
    /// Those that occur in one of the runs, in the order of destinations and outcomes.
    package var outcomes: [OutcomeChange]
    /// Those that occur in one of the runs; the greatest difference first.
    package var codes: [CodeChange]
  }

  package struct Gate: Sendable, Equatable {
    package var name: Name
    package var subject: String
    package var before: RunFigures.Gate?
    package var after: RunFigures.Gate?

    package var hasOtherVerdict: Bool { before?.verdict != after?.verdict }
    package var hasOtherLimit: Bool {
      guard let before, let after else { return false }
      return before.limit != after.limit || !before.unit.isExactly(after.unit)
    }
  }

  /// A file that differs between the runs.
  package struct Definition: Sendable, Equatable {
    package var name: Name
    /// SHA-256.
    package var before: String?
    package var after: String?
  }

  package let before: RunFigures
  package let after: RunFigures
  /// Empty: the runs are comparable.
  package let obstacles: [Obstacle]
  /// Of both runs: in the order of the later one, then those that it no longer has.
  package let mappings: [Mapping]
  /// Of both runs, in the same order.
  package let gates: [Gate]
  /// Only those that differ; nil: one of the runs did not record them.
  package let definitions: [Definition]?

  package init(before: RunFigures, after: RunFigures) {
    (self.before, self.after) = (before, after)
    obstacles = Self.obstacles(before, after)
    let (old, new) = (before.mappings ?? [], after.mappings ?? [])
    mappings = Self.pairs(old, new, \.name).map { Self.mapping($0, $1) }
    gates = Self.pairs(Self.numbered(before.gates), Self.numbered(after.gates), \.name).compactMap { old, new in
      (new ?? old).map { Gate(name: $0.gate.name, subject: $0.gate.subject, before: old?.gate, after: new?.gate) }
    }
    definitions = before.definitions.flatMap { old in
      after.definitions.map { new in
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
          .map { Definition(name: $0, before: old[$0], after: new[$0]) }
      }
    }
  }

  package var isComparable: Bool { obstacles.isEmpty }

  /// Codes that only the later run has.
  package var newCodes: [CodeChange] { mappings.flatMap(\.codes).filter { ($0.change.before ?? 0) == 0 } }
  /// Codes that only the earlier run has.
  package var goneCodes: [CodeChange] { mappings.flatMap(\.codes).filter { ($0.change.after ?? 0) == 0 } }

  // MARK: Finding differences

  private static func mapping(_ old: RunFigures.Mapping?, _ new: RunFigures.Mapping?) -> Mapping {
    let name = (new ?? old)?.name ?? ""
    let outcomes = pairs(old?.destinations ?? [], new?.destinations ?? [], \.name).flatMap { before, after in
      Outcome.allCases.compactMap { outcome -> OutcomeChange? in
        let change = Change(before?.outcomes[outcome], after?.outcomes[outcome])
        guard let name = (after ?? before)?.name, (change.before ?? 0) != 0 || (change.after ?? 0) != 0 else { return nil }
        return OutcomeChange(destination: name, outcome: outcome, change: change)
      }
    }
    let codes = Set((old?.codes ?? [:]).keys).union((new?.codes ?? [:]).keys).sorted().map { code in
      CodeChange(
        mapping: name, code: code, change: Change(old.map { $0.codes[code] ?? 0 }, new.map { $0.codes[code] ?? 0 }))
    }.filter { $0.change.before ?? 0 != 0 || $0.change.after ?? 0 != 0 }
    return Mapping(
      name: name, read: Change(old?.read, new?.read), warnings: Change(old?.warnings, new?.warnings), outcomes: outcomes,
      codes: codes.sorted { left, right in
        let (first, second) = (left.change.difference.magnitude, right.change.difference.magnitude)
        return first == second ? left.code < right.code : first > second
      })
  }

  /// Elements with the same name: in the order of the new ones, then the old ones that have no new one.
  private static func pairs<Element>(
    _ old: [Element], _ new: [Element], _ name: (Element) -> Name
  ) -> [(old: Element?, new: Element?)] {
    let earlier = Dictionary(old.map { (name($0), $0) }) { first, _ in first }
    let names = Set(new.map(name))
    return new.map { (earlier[name($0)], $0) } + old.filter { !names.contains(name($0)) }.map { ($0, nil) }
  }

  /// A gate may have several groups of limits: the first group of one run belongs to the first of the other.
  private static func numbered(_ gates: [RunFigures.Gate]) -> [(name: Name, gate: RunFigures.Gate)] {
    var counts: [Name: Int] = [:]
    return gates.map { gate in
      let name = Name("\(gate.name.text)\u{0}\(gate.subject)")
      counts[name, default: 0] += 1
      return (Name("\(name.text)\u{0}\(counts[name] ?? 0)"), gate)
    }
  }

  private static func obstacles(_ before: RunFigures, _ after: RunFigures) -> [Obstacle] {
    var found: [Obstacle] = []
    if !before.pipeline.isExactly(after.pipeline) { found.append(.pipeline(before: before.pipeline, after: after.pipeline)) }
    if before.location.map({ Name($0) }) != after.location.map({ Name($0) }) {
      found.append(.location(before: before.location, after: after.location))
    }
    for run in [before, after] {
      if run.mappings == nil {
        found.append(.noFigures(run: run.run))
      } else if !run.coversAll {
        found.append(.kind(run: run.run, run.kind, narrowing: run.narrowing))
      }
    }
    for (old, new) in pairs(before.mappings ?? [], after.mappings ?? [], \.name) {
      guard let old, let key = old.key, let other = new?.key, !key.isExactly(other) else { continue }
      found.append(.key(mapping: old.name, before: key, after: other))
    }
    return found
  }
}
