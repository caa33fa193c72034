import Core
import Report

extension LastRunSection {
  private static let mostChanges = 60

  mutating func add(_ run: RunMaterial) {
    guard let previous = run.previous else {
      comparisons.append(Comparison(run: run.id, previous: nil, previousStarted: nil, remarks: []))
      missing.append(
        .init(run: run.id, text: "There is no earlier complete run of the same pipeline and location to compare it with."))
      return
    }
    let comparison = RunComparison(before: previous.figures, after: run.figures)
    var remarks = comparison.obstacles.map { $0.text.prefix(1).uppercased() + $0.text.dropFirst() + "." }
    if let definitions = comparison.definitions, !definitions.isEmpty {
      remarks.append("These files differ between the runs: \(PageText.list(definitions.map(\.name.text))).")
    }
    var changes: [Change] = []
    func add(_ figure: String, _ mapping: Name, at destination: Name? = nil, _ change: RunComparison.Change) {
      guard change.difference != 0 || (change.before == nil) != (change.after == nil) else { return }
      changes.append(
        Change(
          figure: figure, mapping: mapping.text, destination: destination?.text, before: change.before.map { Double($0) },
          now: change.after.map { Double($0) }, change: Double(change.difference), changePercent: change.percent,
          unit: "records"))
    }
    for mapping in comparison.mappings {
      add("read", mapping.name, mapping.read)
      for outcome in mapping.outcomes { add(outcome.outcome.rawValue, mapping.name, at: outcome.destination, outcome.change) }
      add("warnings", mapping.name, mapping.warnings)
      for code in mapping.codes { add("code \(code.code.text)", mapping.name, code.change) }
    }
    for gate in comparison.gates where gate.hasOtherVerdict {
      let subject = gate.subject.isEmpty ? "" : " of \(gate.subject)"
      remarks.append(
        "The gate \(gate.name.text)\(subject) was \(gate.before?.verdict.rawValue ?? "not there"), and is now "
          + "\(gate.after?.verdict.rawValue ?? "not there").")
    }
    let sorted = changes.enumerated().sorted { left, right in
      let (one, other) = (abs(left.element.change ?? 0), abs(right.element.change ?? 0))
      return one == other ? left.offset < right.offset : one > other
    }
    comparisons.append(
      Comparison(
        run: run.id, previous: previous.figures.run, previousStarted: previous.figures.started, remarks: remarks,
        changes: PageList(
          sorted.map(\.element), limit: Self.mostChanges,
          command: PageText.command(["waybill", "runs", "compare", previous.figures.run, run.id]))))
  }
}
