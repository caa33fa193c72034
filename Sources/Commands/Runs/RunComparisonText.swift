import Core
import Report

/// The differences between two runs, for people.
///
///     before  20260724T020000000Z-00aa2m  nightly  done     2026-07-24T02:00:00Z
///     after   20260725T020000000Z-00kq2m  nightly  partial  2026-07-25T02:00:00Z
///
///     MAPPING   DESTINATION  COUNT     BEFORE  AFTER  CHANGE
///     contacts               read         120    117  -3 (-2.5 %)
struct RunComparisonText {
  private let comparison: RunComparison

  init(_ comparison: RunComparison) { self.comparison = comparison }

  /// - Parameter width: cells of the terminal; nil: without limit.
  func text(fitting width: Int?) -> String {
    let sections = [
      runs.text(fitting: width), obstacles(width), counts.text(fitting: width), codes.text(fitting: width),
      listedCodes(width), gates.text(fitting: width), definitions(width), costs(width),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var runs: TextTable {
    var table = TextTable("", "RUN", "PIPELINE", "STATUS", "STARTED", "LOCATION", "SNAPSHOT")
    for (title, run) in [("before", comparison.before), ("after", comparison.after)] {
      let mark = run.coversAll || run.kind == .incomplete ? "" : ", \(run.kind.rawValue)"
      table.add([
        title, run.run, run.pipeline, run.status.rawValue + mark, run.started, run.location ?? "", run.snapshot ?? "",
      ])
    }
    return table
  }

  private func obstacles(_ width: Int?) -> String {
    comparison.obstacles.map { CellText.message("not comparable: \(VisibleText.escaped($0.text))", to: width) + "\n" }.joined()
  }

  private var counts: TextTable {
    var table = TextTable([
      .init("MAPPING"), .init("DESTINATION"), .init("COUNT"), .init("BEFORE", isNumber: true), .init("AFTER", isNumber: true),
      .init("CHANGE"),
    ])
    for mapping in comparison.mappings {
      func add(_ destination: String, _ count: String, _ change: RunComparison.Change) {
        table.add([mapping.name.text, destination, count] + Self.cells(change))
      }
      add("", "read", mapping.read)
      for outcome in mapping.outcomes { add(outcome.destination.text, outcome.outcome.rawValue, outcome.change) }
      add("", "warnings", mapping.warnings)
    }
    return table
  }

  private var codes: TextTable {
    var table = TextTable([
      .init("CODE"), .init("MAPPING"), .init("BEFORE", isNumber: true), .init("AFTER", isNumber: true), .init("CHANGE"),
    ])
    for code in comparison.mappings.flatMap(\.codes) where code.change.difference != 0 {
      table.add([code.code.text, code.mapping.text] + Self.cells(code.change))
    }
    return table
  }

  private func listedCodes(_ width: Int?) -> String {
    [("new codes", comparison.newCodes), ("gone codes", comparison.goneCodes)].compactMap { title, codes -> String? in
      let names = Set(codes.map(\.code)).sorted().map { VisibleText.escaped($0.text) }
      return names.isEmpty ? nil : CellText.message("\(title): \(names.joined(separator: ", "))", to: width) + "\n"
    }.joined()
  }

  private var gates: TextTable {
    var table = TextTable("GATE", "OF", "BEFORE", "AFTER", "CHANGE")
    for gate in comparison.gates {
      let change = gate.hasOtherVerdict ? "other verdict" : gate.hasOtherLimit ? "other limit" : "same"
      table.add([gate.name.text, gate.subject, Self.text(gate.before), Self.text(gate.after), change])
    }
    return table
  }

  /// `passed: 1.2, limit 2 percent`
  private static func text(_ gate: RunFigures.Gate?) -> String {
    guard let gate else { return "no such gate" }
    guard let limit = gate.limit else { return gate.verdict.rawValue }
    let actual = gate.actual.map { JSONValue.number(($0 * 100).rounded() / 100).text } ?? "?"
    return "\(gate.verdict.rawValue): \(actual), limit \(JSONValue.number(limit).text) \(gate.unit)"
  }

  private func definitions(_ width: Int?) -> String {
    guard let changed = comparison.definitions else {
      return "whether the mappings changed is not known: an earlier version made one of the runs, or it ended too early\n"
        .wrapped(to: width)
    }
    guard !changed.isEmpty else { return "the pipeline and its mappings are the same\n" }
    let names = changed.map { file in
      VisibleText.escaped(file.name.text) + (file.before == nil ? " (new)" : file.after == nil ? " (gone)" : "")
    }
    return "changed files: \(names.joined(separator: ", "))\n".wrapped(to: width)
  }

  private func costs(_ width: Int?) -> String {
    let (before, after) = (comparison.before, comparison.after)
    var text = "time: \(Wording.duration(before.seconds)) before, \(Wording.duration(after.seconds)) after\n"
    if before.requests > 0 || after.requests > 0 {
      text += "requests to GHL: \(Wording.count(before.requests)) before, \(Wording.count(after.requests)) after\n"
    }
    return text
  }

  private static func cells(_ change: RunComparison.Change) -> [String] {
    let change = (
      change.before.map { Wording.count($0) } ?? "none", change.after.map { Wording.count($0) } ?? "none",
      change.before == nil ? "new" : change.after == nil ? "gone" : ChangeWording.text(change)
    )
    return [change.0, change.1, change.2]
  }
}

extension String {
  /// A line of our own, broken between words.
  fileprivate func wrapped(to width: Int?) -> String {
    CellText.message(hasSuffix("\n") ? String(dropLast()) : self, to: width) + "\n"
  }
}
