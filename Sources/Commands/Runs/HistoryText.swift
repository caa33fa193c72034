import Core
import Report

/// The figures of runs for people, one row for each, the latest first:
///
///     STARTED           STATUS   READ  LOADED  REJECTED  FAILED  WARNINGS  GATES   TIME
///     2026-07-25 02:00  partial   120     118         2       0         1  2 of 3  12 s
///         read +3 (+2.6 %), rejected +2; new: email-invalid
///         run 20260725T020000000Z-00kq2m
struct HistoryText {
  let rows: [HistoryRow]

  /// - Parameter width: cells of the terminal; nil: without limit.
  func text(fitting width: Int?) -> String {
    let hasPipelines = Set(rows.map { Name($0.run.pipeline) }).count > 1
    let hasLocations = Set(rows.compactMap { $0.run.location.map { Name($0) } }).count > 1
    var table = TextTable(
      [
        .init("STARTED"), .init("STATUS"), .init("READ", isNumber: true), .init("LOADED", isNumber: true),
        .init("REJECTED", isNumber: true), .init("FAILED", isNumber: true), .init("WARNINGS", isNumber: true), .init("GATES"),
        .init("TIME"), .init("RUN"),
      ] + (hasPipelines ? [.init("PIPELINE")] : []) + (hasLocations ? [.init("LOCATION")] : []) + [.sentence("CHANGES")])
    for row in rows {
      let run = row.run
      let counts =
        run.mappings == nil
        ? ["", "", "", "", ""]
        : [
          run.read, run.total(of: Outcome.loaded), run.total(of: .rejected), run.total(of: .failed), run.warnings,
        ].map { Wording.count($0) }
      table.add(
        [row.started, run.status.rawValue] + counts
          + [Self.gates(run.gates), run.stages.isEmpty ? "" : Wording.duration(run.seconds), run.run]
          + (hasPipelines ? [run.pipeline] : []) + (hasLocations ? [run.location ?? ""] : []) + [Self.changes(row)])
    }
    return table.text(fitting: width)
  }

  /// `passed`, or how many of the gates failed.
  private static func gates(_ gates: [RunFigures.Gate]) -> String {
    let judged = gates.filter { $0.verdict != .notEnforced }
    let failed = judged.filter { $0.verdict == .failed }.count
    if judged.isEmpty { return "" }
    if failed > 0 { return "\(failed) FAILED" }
    let others = judged.filter { $0.verdict != .passed }.count
    return others > 0 ? "\(others) \(others == 1 ? "warning" : "warnings")" : "passed"
  }

  /// What differs from the run before it, or why they are not compared.
  static func changes(_ row: HistoryRow) -> String {
    let run = row.run
    guard run.mappings != nil else { return "no summary: the run was killed, or has not ended" }
    guard run.coversAll else { return run.kind == .incomplete ? "" : "not compared: the run \(run.kind.text(run.narrowing))" }
    guard let previous = row.previous else {
      if run.location == nil { return "not compared: the location it read is not known" }
      return run.kind == .whole ? "the first whole run" : "no earlier whole run"
    }
    let counts: [(String, RunComparison.Change)] = [
      ("read", .init(previous.read, run.read)),
      ("loaded", .init(previous.total(of: Outcome.loaded), run.total(of: Outcome.loaded))),
      ("rejected", .init(previous.total(of: .rejected), run.total(of: .rejected))),
      ("failed", .init(previous.total(of: .failed), run.total(of: .failed))),
      ("warnings", .init(previous.warnings, run.warnings)),
    ]
    let changed = counts.filter { $0.1.difference != 0 }.map { "\($0.0) \(ChangeWording.text($0.1))" }
    let comparison = RunComparison(before: previous, after: run)
    let codes = [("new", comparison.newCodes), ("gone", comparison.goneCodes)].compactMap { title, codes -> String? in
      let names = Set(codes.map(\.code)).sorted().map(\.text)
      if names.isEmpty { return nil }
      let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
      return "\(title): \(names.prefix(3).joined(separator: ", "))\(rest)"
    }
    let parts = (changed.isEmpty ? [] : [changed.joined(separator: ", ")]) + codes
    return parts.isEmpty ? "as in the run before" : parts.joined(separator: "; ")
  }
}

/// Differences of counts for people.
enum ChangeWording {
  /// `+12 (+1.2 %)`, `-3`; `same` if there is none.
  static func text(_ change: RunComparison.Change) -> String {
    let difference = change.difference
    guard difference != 0 else { return "same" }
    let sign = difference > 0 ? "+" : ""
    guard let percent = change.percent else { return sign + Wording.count(difference) }
    let share = (percent.magnitude * 10).rounded() / 10
    let amount = share < 100 ? Wording.tenths(share) : Wording.count(Int(share.rounded()))
    let text = share < 0.1 ? "<0.1" : (difference > 0 ? "+" : "-") + amount
    return "\(sign)\(Wording.count(difference)) (\(text) %)"
  }
}
