import Graphics

/// The verdict in words, and who may sign.
extension PageWriter {
  mutating func verdict() {
    let verdict = page.verdict
    begin("verdict", "Verdict")
    markup.element("div", ["class": "verdict \(Self.mark(verdict.standing).rawValue)"]) { markup in
      markup.element("p", ["class": "standing"]) { markup in
        markup.element("span", ["class": "sign", "aria-hidden": "true"], text: Self.mark(verdict.standing).sign)
        markup.literal(" ")
        markup.value(verdict.heading)
      }
      markup.element("p") { Self.prose(verdict.summary, &$0) }
      markup.element("p", ["class": "who"]) { markup in
        markup.element("b", text: "Who may sign: ")
        Self.prose(verdict.whoMaySign, &markup)
      }
    }
    markup.newline()
    reasons("What blocks signing", verdict.reasons, .bad)
    reasons("Open conditions", verdict.conditions, .warning)
    findings(verdict.findings)
    end()
  }

  private static func mark(_ standing: PageVerdict.Standing) -> PageMark {
    switch standing {
    case .ready: .good
    case .conditional: .warning
    case .notReady: .bad
    }
  }

  private mutating func reasons(_ title: String, _ reasons: [PageVerdict.Reason], _ mark: PageMark) {
    guard !reasons.isEmpty else { return }
    heading(title)
    let showsRuns = showsRuns
    markup.element("ol", ["class": "reasons \(mark.rawValue)"]) { markup in
      for reason in reasons.prefix(PageLimits.sentences) {
        markup.element("li") { markup in
          if showsRuns, let run = reason.run { markup.element("b", value: "\(run): ") }
          Self.prose(reason.text, &markup)
          Self.place(reason.mapping, reason.field, reason.business, &markup)
          Self.link(reason.section, &markup)
        }
        markup.newline()
      }
    }
    omitted(reasons.count - PageLimits.sentences, nil)
  }

  private mutating func findings(_ findings: [PageVerdict.Finding]) {
    guard !findings.isEmpty else { return }
    heading("What to check")
    let showsRuns = showsRuns
    markup.element("ol", ["class": "reasons findings"]) { markup in
      for finding in findings.prefix(PageLimits.sentences) {
        markup.element("li") { markup in
          Self.status(finding.weight == .serious ? "Serious" : "Notable", finding.weight == .serious ? .bad : .warning, &markup)
          markup.literal(" ")
          if showsRuns { markup.element("b", value: "\(finding.run): ") }
          Self.prose(finding.text, &markup)
          Self.place(finding.mapping, finding.field, finding.business, &markup)
          markup.literal(" ")
          markup.element("span", ["class": "advice"]) { Self.prose(finding.advice, &$0) }
          Self.link(finding.section, &markup)
        }
        markup.newline()
      }
    }
    omitted(findings.count - PageLimits.sentences, nil)
  }

  private static func place(_ mapping: String?, _ field: String?, _ business: String?, _ markup: inout Markup) {
    let parts = [("mapping", mapping), ("field", field), ("business", business)]
      .compactMap { kind, name in name.map { (kind, $0) } }
    guard !parts.isEmpty else { return }
    markup.literal(" ")
    markup.element("span", ["class": "place"]) { markup in
      markup.literal("(")
      for (index, (kind, name)) in parts.enumerated() {
        if index > 0 { markup.literal(", ") }
        markup.text("\(kind) ")
        markup.element("code", value: name)
      }
      markup.literal(")")
    }
  }

  private static func link(_ section: String, _ markup: inout Markup) {
    guard let title = sectionTitles[section] else { return }
    markup.literal(" ")
    markup.element("a", ["class": "see", "href": "#\(section)"], text: "See “\(title)”")
  }

  /// By the name that the section has in the JSON, which is also its id.
  static let sectionTitles: [String: String] = [
    "scope": ScopeSection.title, "gates": GatesSection.title, "identity": IdentitySection.title,
    "source_counts": SourceCountsSection.title, "target_counts": TargetCountsSection.title,
    "control_totals": ControlTotalsSection.title, "key_differences": KeyDifferencesSection.title,
    "exceptions": ExceptionsSection.title, "reject_reach": RejectReachSection.title,
    "completeness": CompletenessSection.title, "value_changes": ValueChangesSection.title,
    "crosstabs": CrosstabsSection.title, "duplicates": DuplicatesSection.title, "quality": QualitySection.title,
    "relations": RelationsSection.title, "unmapped": UnmappedSection.title, "last_run": LastRunSection.title,
    "sample": SampleSection.title, "resources": ResourcesSection.title, "reproduction": ReproductionSection.title,
    "signatures": SignaturesSection.title, "trends": TrendsSection.title, "calendar": CalendarSection.title,
  ]
}
