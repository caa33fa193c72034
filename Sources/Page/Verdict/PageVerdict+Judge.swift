import Core

/// The verdict follows from the numbers of the page alone.
extension PageVerdict {
  /// - Parameters:
  ///   - page: with all sections but the verdict and the signatures.
  ///   - findings: serious ones first.
  package static func judge(_ page: ReportPage, findings: [Finding], unmasked: [Unmasked]) -> PageVerdict {
    var verdict = PageVerdict()
    verdict.findings = findings
    verdict.unmasked = unmasked
    var judge = VerdictReasons(page)
    judge.judge()
    verdict.reasons = judge.reasons
    verdict.conditions = judge.conditions
    for finding in findings {
      let reason = Reason(
        run: finding.run, kind: finding.kind, text: finding.text, mapping: finding.mapping, field: finding.field,
        business: finding.business, section: finding.section)
      if finding.weight == .serious { verdict.reasons.append(reason) } else { verdict.conditions.append(reason) }
    }
    for one in unmasked {
      verdict.conditions.append(Reason(run: one.run, kind: "unmasked", text: one.text, mapping: one.mapping, section: "verdict"))
    }
    verdict.standing = !verdict.reasons.isEmpty ? .notReady : verdict.conditions.isEmpty ? .ready : .conditional
    verdict.describe(page)
    return verdict
  }

  private mutating func describe(_ page: ReportPage) {
    switch standing {
    case .ready:
      heading = "Ready to sign"
      whoMaySign = "The integration engineer, the operator and the data owner may sign, each for their part."
    case .conditional:
      heading = "Ready to sign with \(PageText.count(conditions.count, "open condition"))"
      whoMaySign =
        "Those who accept the open conditions may sign: the integration engineer, the operator and the data owner, each "
        + "for their part."
    case .notReady:
      heading = "Not ready: \(PageText.count(reasons.count, "reason"))"
      whoMaySign = "Nobody may sign this page. Fix the causes, run again, and sign the page of that run."
    }
    let rows = page.identity.rows
    var sentences = rows.prefix(Self.mostSentences).map { row in
      let several = page.runs.count > 1 ? "Run \(row.run ?? ""): " : ""
      let rest = row.outcomes.filter { count in
        count.count > 0 && !Outcome.loaded.contains { $0.rawValue == count.name }
      }.map { "\(PageText.count($0.count)) \($0.name)" }
      let end = rest.isEmpty ? "" : "; \(PageText.list(rest))"
      return "\(several)\(row.mapping) at '\(row.destination)': \(PageText.count(row.arrived)) of "
        + "\(PageText.count(row.read, "record")) arrived\(end)."
    }
    if rows.count > Self.mostSentences { sentences.append("\(PageText.count(rows.count - Self.mostSentences)) more are below.") }
    if rows.isEmpty { sentences.append("No records have been accounted for.") }
    summary = sentences.joined(separator: " ")
  }

  private static let mostSentences = 8
}
