import Graphics

/// What the page is about, and what the pipeline demands of it.
extension PageWriter {
  mutating func scope() {
    section("scope", page.scope, isEmpty: page.scope.runs.isEmpty) { writer in
      for run in writer.page.scope.runs.prefix(PageLimits.rows) { writer.scope(run) }
    }
  }

  private mutating func scope(_ run: ScopeSection.Run) {
    if showsRuns { heading("Run \(run.run)") }
    markup.element("p", ["class": run.narrowed == nil ? "whole" : "narrowed"]) { markup in
      if let narrowed = run.narrowed {
        Self.status("Narrowed:", .warning, &markup)
        markup.literal(" ")
        markup.value(narrowed)
      } else {
        Self.status("Not narrowed: the run covers everything in its source.", .good, &markup)
      }
    }
    var facts: [(String, PageCell)] = [
      ("Pipeline", .text(run.pipeline)),
      ("Status", .text(run.status + (run.exitCode.map { ", exit code \($0)" } ?? ""))),
      ("Location", .text(run.location.map { id in run.locationName.map { "\($0) (\(id))" } ?? id }, or: "not recorded")),
      ("Country and time zone", .text([run.country, run.timezone].compactMap { $0 }.joined(separator: ", "))),
      ("Started", .time(run.started)), ("Finished", .time(run.finished)), ("Snapshot", .code(run.snapshot)),
      ("Source read", .text(window(run), or: "not recorded")),
    ]
    if let isComplete = run.snapshotIsComplete {
      facts.append(
        ("Read to its end", isComplete ? .status("yes", .good) : .status("no: the source was not read to its end", .bad)))
    }
    if let input = run.input { facts.append(("Input", .code(input))) }
    if let shard = run.shard { facts.append(("Shard", .text(shard))) }
    if let replay = run.replayOf { facts.append(("Replay of", .code(replay))) }
    if run.isDryRun { facts.append(("Dry run", .status("nothing was written to the destinations", .warning))) }
    facts.append(("Destinations", .list(run.destinations)))
    table("What run \(run.run) is about", facts.filter { $0.1.isWorthARow }) {
      $0
        .cell("Fact") { .text($0.0) }
        .cell("Value") { $0.1 }
    }
    table("Mappings of run \(run.run)", run.mappings) {
      $0
        .text("Mapping") { $0.name }
        .cell("Version") { .text($0.version) }
        .code("File") { $0.file }
        .code("SHA-256") { $0.digest }
    }
    lines("Messages of the run", run.messages)
    lines("Notes of the run", run.notes)
  }

  private func window(_ run: ScopeSection.Run) -> String? {
    guard let start = run.windowStart else { return run.windowEnd.map { "until \(PageTime.shown($0))" } }
    return "\(PageTime.shown(start)) to \(run.windowEnd.map { PageTime.shown($0) } ?? "not recorded")"
  }

  private mutating func lines(_ title: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    markup.element("p", ["class": "lead"], text: "\(title):")
    markup.element("ul") { markup in
      for text in texts.prefix(PageLimits.sentences) { markup.element("li", value: text) }
    }
    omitted(texts.count - PageLimits.sentences, nil)
  }

  mutating func gates() {
    section("gates", page.gates, isEmpty: page.gates.gates.isEmpty, none: "The pipeline has no gates.") { writer in
      let gates = writer.page.gates.gates
      let failed = gates.count { $0.outcome == .failed }
      let accepted = gates.count { $0.outcome == .accepted }
      let open = gates.count { $0.outcome == .notJudged || $0.outcome == .unknown }
      var parts = [
        "\(NumberText.count(gates.count - failed - accepted - open)) of \(NumberText.count(gates.count, "gate")) passed"
      ]
      if failed > 0 { parts.append("\(NumberText.count(failed)) failed") }
      if accepted > 0 { parts.append("\(NumberText.count(accepted)) failed and accepted") }
      if open > 0 { parts.append("\(NumberText.count(open)) without a judgment") }
      writer.paragraph(parts.joined(separator: ", ") + ".")
      writer.table("Gates with limit, actual value and margin", gates) {
        $0
          .run { $0.run }
          .code("Gate") { $0.gate }
          .cell("Result") { Self.result($0) }
          .optionalText("Mapping") { $0.mapping }
          .optionalText("Destination") { $0.destination }
          .optionalCode("Field") { $0.field }
          .number("Limit") { gate in .number(Self.limit(gate)) }
          .number("Actual") { gate in gate.actual.map { .number(Self.value($0, gate.unit)) } ?? .faint("not known") }
          .number("Margin") { gate in gate.margin.map { .number(Self.margin($0, gate.unit)) } ?? .faint("–") }
          .optional("Remarks") { .text(Self.remarks($0)) }
      }
    }
  }

  /// What else there is to say: the records behind a percentage, the run that it is compared with, the author's words.
  private static func remarks(_ gate: GatesSection.Gate) -> String? {
    var remarks: [String] = []
    if let reason = gate.reason { remarks.append(reason) }
    if let count = gate.count, let of = gate.of { remarks.append("\(NumberText.count(count)) of \(NumberText.count(of))") }
    if let run = gate.comparedWith {
      remarks.append("compared with \(run)" + (gate.comparedCount.map { ": \(NumberText.count($0))" } ?? ""))
    }
    if let stage = gate.stage { remarks.append("judged by \(stage)") }
    if let message = gate.message { remarks.append("“\(message)”") }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }

  private static func result(_ gate: GatesSection.Gate) -> PageCell {
    switch gate.outcome {
    case .passed: .status("passed", .good)
    case .failed: gate.severity == "warning" ? .status("failed (warning)", .warning) : .status("failed", .bad)
    case .accepted: .status("failed, accepted", .warning)
    case .notJudged: .status("not judged", .open)
    case .unknown: .status("not known", .open)
    }
  }

  private static func limit(_ gate: GatesSection.Gate) -> String {
    guard let limit = gate.limit else { return "–" }
    return (gate.isMaximum ? "at most " : "at least ") + value(limit, gate.unit)
  }

  private static func value(_ number: Double, _ unit: String) -> String {
    switch unit {
    case "percent": NumberText.percent(number)
    case "seconds": PageTime.duration(number)
    default: NumberText.decimal(number)
    }
  }

  private static func margin(_ number: Double, _ unit: String) -> String {
    switch unit {
    case "percent": NumberText.change(number) + " points"
    case "seconds": (number < 0 ? "−" : "+") + PageTime.duration(abs(number))
    default: NumberText.change(number)
    }
  }
}

extension PageCell {
  /// A fact without anything to say is left out of a list of facts; one that was not recorded is not.
  fileprivate var isWorthARow: Bool {
    switch self {
    case .text(let text), .code(let text): !text.isEmpty
    case .list(let texts): !texts.isEmpty
    case .faint(let text): text != "–"
    default: true
    }
  }
}
