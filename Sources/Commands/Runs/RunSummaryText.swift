import Control
import Core
import Extract

/// A run's `summary.json` for people: a table per mapping and destination, the most frequent problems, gates, requests.
enum RunSummaryText {
  /// `merged`, `created` and so on have columns only if they are not all zero.
  private static let alwaysShown: Set<Outcome> = [.written, .filtered, .rejected, .pending]

  /// - Parameters:
  ///   - width: cells of the terminal; nil: without limit.
  ///   - hasMessages: everything, and also why it did not end with `done`, and its notes; `run` reports them as they are, and what is in
  ///     order is folded, so that it fits on a screen.
  static func text(of summary: JSONValue, fitting width: Int? = nil, hasMessages: Bool = false) -> String {
    var text = "run \(word(summary["run"]))  \(word(summary["pipeline"]))  \(word(summary["status"]))"
    if let code = summary["exit_code"]?.intValue, code != 0 { text += " (exit code \(code))" }
    text += verdict(of: forecast(summary) ?? summary["entities"]) + "\n"
    if let started = summary["started"]?.stringValue {
      text += "\(started) to \(summary["finished"]?.stringValue ?? "…")" + durations(summary["durations"]) + "\n"
    }
    if let origin = summary["narrowed"]?["replay"]?.stringValue {
      text += "replay of \(origin)\n"
    } else if let narrowing = summary["narrowed"].flatMap({ Narrowing($0) }) {
      text += "narrowed: \(narrowing.text)\(hasPublished(summary) ? "" : "; nothing was published")\n"
    }
    if let input = summary["input"]?.stringValue {
      text += "loaded from \(input == "-" ? "standard input" : VisibleText.escaped(input))\n"
    }
    if summary["forecast"] != nil { text += "dry run: nothing was published or sent; this is what a run would do\n" }
    // A run that ended before anything was read has nothing but zeros.
    let hasRead = (summary["entities"]?.objectValue ?? []).contains { $0.value["read"]?.intValue != 0 }
    let table =
      hasRead || summary["status"]?.stringValue == RunStatus.done.rawValue
      ? table(of: shown(forecast(summary) ?? summary["entities"], isWhole: hasMessages), fitting: width) : ""
    if !table.isEmpty { text += "\n" + table }
    if let replay = summary["replay"] { text += replayText(replay) }
    if let unaccounted = summary["unaccounted"]?.intValue, unaccounted != 0 {
      text +=
        "\nUNACCOUNTED: \(Wording.count(unaccounted)). Outcomes do not add up to what was read; this is a bug in waybill.\n"
    }
    // Blocks without tables need no blank lines between them.
    let isDense = !hasMessages && isDense(summary["entities"])
    func separator(after text: String) -> String { isDense && text.utf8.count > body ? "" : "\n" }
    let body = text.utf8.count
    for line in [
      VerifiedText.text(of: summary["entities"]), codes(summary["entities"], isWhole: hasMessages, fitting: width),
      leftOut(summary),
      requests(summary["requests"]),
    ]
    where !line.isEmpty {
      text += separator(after: text) + line
    }
    if hasMessages { text += why(summary) }
    let gates =
      hasMessages ? gates(summary["gates"], fitting: width) : foldedGates(summary["gates"], fitting: width)
    if !gates.isEmpty { text += (gates.hasPrefix("GATE") ? "\n" : separator(after: text)) + gates }
    // The tables fit already.
    return width.map { CellText.prose(text, to: $0) } ?? text
  }

  private static func shown(_ entities: JSONValue?, isWhole: Bool) -> JSONValue? { isWhole ? entities : folded(entities) }

  /// The entities of a dry run, with the outcomes that a run would have; nil for another run.
  static func forecast(_ summary: JSONValue) -> JSONValue? {
    guard let forecast = summary["forecast"], let entities = summary["entities"]?.objectValue else { return nil }
    return .object(
      entities.map { entity in
        guard let predicted = forecast[entity.name]?.objectValue, let members = entity.value.objectValue else { return entity }
        return .init(
          entity.name,
          .object(
            members.map { member in
              guard member.name == "destinations" else { return member }
              let destinations = (member.value.objectValue ?? []).map { one in
                predicted.first { $0.name.isExactly(one.name) } ?? one
              }
              return .init(member.name, .object(destinations))
            }))
      })
  }

  /// What became of the open records of another run.
  private static func replayText(_ replay: JSONValue) -> String {
    func count(_ name: String) -> Int { replay[name]?.intValue ?? 0 }
    let parts = [("superseded", "superseded"), ("newer_open", "open in a later run"), ("indistinct", "not replayable")].compactMap
    {
      count($0.0) > 0 ? "\(Wording.count(count($0.0))) \($0.1)" : nil
    }
    let open = Wording.count(count("open"), "open record")
    let selected = (["\(Wording.count(count("selected"))) to replay"] + parts).joined(separator: ", ")
    var text = "\n\(open): \(selected)\n" + (replay["corrections"].map { correctionsText($0) } ?? "")
    if let resolved = replay["resolved"]?.intValue {
      text += "resolved in run \(word(replay["of"])): \(Wording.count(resolved)) of \(Wording.count(count("open")))\n"
    }
    return text
  }

  /// What people have corrected in a table of the rejects.
  private static func correctionsText(_ corrections: JSONValue) -> String {
    func count(_ value: JSONValue, _ name: String) -> Int { value[name]?.intValue ?? 0 }
    let columns = (corrections["columns"]?.arrayValue ?? []).map { "\(word($0["column"])) \(Wording.count(count($0, "rows")))" }
    let text =
      "corrected in \(word(corrections["file"])): \(Wording.count(count(corrections, "corrected"))) of "
      + Wording.count(count(corrections, "rows"), "row")
    return columns.isEmpty ? "\(text)\n" : "\(text) (\(columns.joined(separator: ", ")))\n"
  }

  /// The messages, the errors in the pipeline's files, the notes.
  private static func why(_ summary: JSONValue) -> String {
    func texts(_ name: String) -> [String] { (summary[name]?.arrayValue ?? []).compactMap(\.stringValue) }
    let errors = (summary["diagnostics"]?.arrayValue ?? []).map { error in
      let place = ["file", "line", "column"].map { word(error[$0]) }.joined(separator: ":")
      let hint = error["hint"]?.stringValue.map { " (\($0))" } ?? ""
      return "\(place): \(word(error["severity"])): \(word(error["code"])): \(word(error["message"]))\(hint)"
    }
    let lines = texts("messages") + errors + texts("notes")
    return lines.isEmpty ? "" : "\n" + lines.map { VisibleText.escaped($0) + "\n" }.joined()
  }

  static func table(of entities: JSONValue?, fitting width: Int?) -> String {
    let mappings = entities?.objectValue ?? []
    func count(_ value: JSONValue, _ outcome: Outcome) -> Int { value[outcome.rawValue]?.intValue ?? 0 }
    let destinations = mappings.flatMap { $0.value["destinations"]?.objectValue ?? [] }
    func occurs(_ outcome: Outcome) -> Bool { destinations.contains { count($0.value, outcome) > 0 } }
    // Files are written; APIs have words of their own.
    let isOnlySent = !occurs(.written) && [.created, .updated, .unchanged, .failed].contains(where: occurs)
    let outcomes = Outcome.allCases.filter { outcome in
      occurs(outcome) || alwaysShown.contains(outcome) && !(outcome == .written && isOnlySent)
    }
    var table = TextTable(
      [.init("MAPPING"), .init("DESTINATION"), .init("READ", isNumber: true)]
        + outcomes.map { .init($0.rawValue.uppercased(), isNumber: true) } + [.init("WARNINGS", isNumber: true)])
    for mapping in mappings {
      let destinations = mapping.value["destinations"]?.objectValue ?? []
      let read = Wording.count(mapping.value["read"]?.intValue ?? 0)
      let warnings = Wording.count(mapping.value["warnings"]?.intValue ?? 0)
      for (index, destination) in destinations.enumerated() {
        // Values of the mapping, rather than of a destination, are shown once.
        table.add(
          [
            index == 0 ? mapping.name : "", destination.name,
            // Only the sum of several mappings has one for each destination.
            destination.value["read"]?.intValue.map { Wording.count($0) } ?? read,
          ]
            + outcomes.map { Wording.count(count(destination.value, $0)) } + [index == 0 ? warnings : ""])
      }
      if destinations.isEmpty { table.add([mapping.name, "", read] + outcomes.map { _ in "" } + [warnings]) }
    }
    return table.text(fitting: width)
  }

  /// The five most frequent, of all mappings.
  private static func codes(_ entities: JSONValue?, isWhole: Bool, fitting width: Int?) -> String {
    var rows: [(mapping: String, code: String, count: Int)] = []
    for mapping in entities?.objectValue ?? [] {
      for code in mapping.value["codes"]?.objectValue ?? [] {
        rows.append((mapping.name, code.name, code.value.intValue ?? 0))
      }
    }
    guard !rows.isEmpty else { return "" }
    rows.sort { ($1.count, $0.code, $0.mapping) < ($0.count, $1.code, $1.mapping) }
    if !isWhole, let line = line(of: rows, in: entities) { return line }
    var table = TextTable([.init("MOST FREQUENT"), .init("MAPPING"), .init("COUNT", isNumber: true)])
    for row in rows.prefix(5) { table.add([row.code, row.mapping, Wording.count(row.count)]) }
    let rest = rows.count - 5
    return table.text(fitting: width) + (rest > 0 ? "and \(Wording.count(rest, "more code")): waybill ledger\n" : "")
  }

  static func gates(_ gates: JSONValue?, fitting width: Int?) -> String {
    let gates = gates?.arrayValue ?? []
    var table = TextTable([
      .init("GATE"), .init("MAPPING"), .init("LIMIT", isNumber: true), .init("ACTUAL", isNumber: true), .init("VERDICT"),
    ])
    for gate in gates {
      table.add([
        GateText.name(gate), GateText.place(gate), GateText.amount(gate["limit"], gate["unit"]),
        GateText.amount(gate["actual"], gate["unit"]), GateText.verdict(gate),
      ])
    }
    return table.text(fitting: width)
  }

  private static func hasPublished(_ summary: JSONValue) -> Bool {
    (summary["entities"]?.objectValue ?? []).contains { mapping in
      (mapping.value["destinations"]?.objectValue ?? []).contains { destination in
        Outcome.loaded.contains { destination.value[$0.rawValue]?.intValue ?? 0 > 0 }
      }
    }
  }

  private static func requests(_ requests: JSONValue?) -> String {
    var quota = Quota()
    quota.made = requests?["made"]?.intValue ?? 0
    quota.retried = requests?["retried"]?.intValue ?? 0
    quota.throttled = requests?["throttled"]?.intValue ?? 0
    quota.remaining = requests?["quota_remaining"]?.intValue
    return quota.made > 0 ? Wording.requests(quota) + "\n" : ""
  }

  /// Summaries of version 1 have only the number, not what was done with these contacts.
  private static func leftOut(_ summary: JSONValue) -> String {
    let counts = LeftOut.allCases.compactMap { reason -> String? in
      guard let count = summary["left_out"]?[reason.rawValue]?.intValue, count > 0 else { return nil }
      return reason.sentence(count) + "\n"
    }
    guard counts.isEmpty, let count = summary["outside_businesses"]?.intValue, count > 0 else { return counts.joined() }
    return "\(Wording.count(count, "contact")) belong\(count == 1 ? "s" : "") to no business\n"
  }

  private static func durations(_ durations: JSONValue?) -> String {
    let parts = (durations?.objectValue ?? []).compactMap { member in
      member.value.doubleValue.map { "\(member.name) \(Wording.duration($0))" }
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }

  private static func word(_ value: JSONValue?) -> String { LedgerPrinter.text(value) }
}
