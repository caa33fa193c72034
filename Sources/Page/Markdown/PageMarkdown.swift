import Core

/// The short form of the page, for a pull request: the verdict, the identity, the gates, the most frequent exceptions, and the differences
/// from the last run.
package enum PageMarkdown {
  private static let mostProblems = 10
  private static let mostChanges = 10
  private static let mostRows = 50

  package static func text(of page: ReportPage) -> String {
    var text = "# \(escaped(page.title))\n\n"
    for one in page.verdict.unmasked { text += "> **Not masked:** \(escaped(one.text))\n\n" }
    text += "**\(escaped(page.verdict.heading)).** \(escaped(page.verdict.summary))\n\n\(escaped(page.verdict.whoMaySign))\n"
    text += list("Reasons", page.verdict.reasons.map(\.text))
    text += list("Open conditions", page.verdict.conditions.map(\.text))
    text += identity(page) + gates(page) + exceptions(page) + lastRun(page)
    for run in page.runs { text += "\nRun `\(run)`" }
    return text + "\n\nDigest of the page: `\(page.digest)`\n"
  }

  private static func list(_ heading: String, _ sentences: [String]) -> String {
    guard !sentences.isEmpty else { return "" }
    var text = "\n## \(heading)\n\n"
    for sentence in sentences.prefix(mostRows) { text += "- \(prose(sentence))\n" }
    if sentences.count > mostRows { text += "- and \(PageText.count(sentences.count - mostRows)) more\n" }
    return text
  }

  private static func identity(_ page: ReportPage) -> String {
    let isOne = page.runs.count == 1
    return table(
      IdentitySection.title, (isOne ? [] : ["Run"]) + ["Mapping", "Destination", "Where the records went"],
      (page.identity.rows + page.identity.totals).map { row in
        (isOne ? [] : [row.run ?? "all runs"]) + [row.mapping, row.destination, row.equation]
      })
  }

  private static func gates(_ page: ReportPage) -> String {
    table(
      GatesSection.title, ["Gate", "Limit", "Actual", "Margin", "Outcome"],
      page.gates.gates.map { gate in
        [
          gate.subject, gate.limit.map { "\(gate.isMaximum ? "at most" : "at least") \(PageText.number($0)) \(gate.unit)" } ?? "",
          gate.actual.map { PageText.number($0) } ?? "not known", gate.margin.map { PageText.number($0) } ?? "",
          gate.outcome == .failed && gate.severity == "warning" ? "failed (warning)" : gate.outcome.rawValue,
        ]
      })
  }

  private static func exceptions(_ page: ReportPage) -> String {
    let problems = page.exceptions.groups.flatMap { group in group.problems.rows.map { (group, $0) } }
      .sorted { ($0.1.severity == "error" ? 1 : 0, $0.1.count) > ($1.1.severity == "error" ? 1 : 0, $1.1.count) }
    return table(
      ExceptionsSection.title, ["Count", "Code", "Severity", "Field", "How to fix it", "First records"],
      problems.prefix(mostProblems).map { group, problem in
        [
          PageText.count(problem.count), problem.code, problem.severity,
          [problem.mapping, problem.field].compactMap(\.self).joined(separator: "."), group.title,
          problem.examples.joined(separator: ", "),
        ]
      })
  }

  private static func lastRun(_ page: ReportPage) -> String {
    page.lastRun.comparisons.map { comparison in
      guard let previous = comparison.previous else { return "" }
      return table(
        "Differences from run \(previous)", ["Figure", "Mapping", "Destination", "Before", "Now", "Change"],
        comparison.changes.rows.prefix(mostChanges).map { change in
          [
            change.figure, change.mapping ?? "", change.destination ?? "", change.before.map(PageText.number) ?? "",
            change.now.map(PageText.number) ?? "", change.change.map { ($0 > 0 ? "+" : "") + PageText.number($0) } ?? "",
          ]
        })
    }.joined()
  }

  private static func table(_ heading: String, _ columns: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    func line(_ cells: [String]) -> String { "| " + cells.map(escaped).joined(separator: " | ") + " |\n" }
    var text = "\n## \(escaped(heading))\n\n" + line(columns) + "|" + columns.map { _ in " --- |" }.joined() + "\n"
    for row in rows.prefix(mostRows) { text += line(row) }
    if rows.count > mostRows { text += "\nand \(PageText.count(rows.count - mostRows)) more rows\n" }
    return text
  }

  /// A sentence of the page: its commands stay code.
  private static func prose(_ sentence: String) -> String {
    let parts = sentence.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      let isCommand = index % 2 == 1 && index < parts.count - 1 && part.hasPrefix("waybill ")
      if isCommand { return "`\(part)`" }
      let isAfterCommand = index > 0 && index % 2 == 0 && parts[index - 1].hasPrefix("waybill ")
      return (index > 0 && !isAfterCommand ? "\\`" : "") + escaped(String(part))
    }.joined()
  }

  /// Text from data must not become markup, links or mentions.
  static func escaped(_ text: String) -> String {
    var out = ""
    for character in VisibleText.escaped(text) {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "#", "~": out += "\\\(character)"
      case "&": out += "&amp;"
      case "@": out += "&#64;"
      default: out.append(character)
      }
    }
    return out
  }
}
