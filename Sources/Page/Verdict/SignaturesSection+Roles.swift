import Core

extension SignaturesSection {
  /// Signatures expire after this time, because both systems keep changing.
  static let days = 7

  /// - Parameter page: with its verdict.
  init(_ page: ReportPage) {
    let maySign = page.verdict.standing != .notReady
    func conditions(_ sections: Set<String>?) -> [String] {
      page.verdict.conditions.filter { sections?.contains($0.section) ?? true }.map(\.text)
    }
    roles = [
      Role(
        role: "Integration engineer",
        statement: "The mappings, the gates and the destinations named under Scope are those that go live, and their digests are "
          + "those of the reviewed files.", maySign: maySign,
        conditions: conditions(["gates", "value_changes", "completeness", "quality", "exceptions", "verdict"])),
      Role(
        role: "Operator",
        statement:
          "The run covers what Scope says, the destinations have been read back, and the run can be repeated and resumed.",
        maySign: maySign,
        conditions: conditions(["scope", "source_counts", "target_counts", "key_differences", "control_totals"])),
      Role(
        role: "Data owner",
        statement:
          "I have looked at the counts, the exceptions and the sample. What is missing or different is acceptable, as noted.",
        maySign: maySign, conditions: conditions(nil)),
    ]
    let ends = page.scope.runs.compactMap(\.finished).sorted { $0.precedesExactly($1) }
    expires = ends.count == page.scope.runs.count ? ends.first.flatMap { RunTime.text($0, plusDays: Self.days) } : nil
    let until = expires.map { "until \($0)" } ?? "for a run that has ended"
    expiry =
      "A signature holds \(until), and only as long as no later run of the pipeline has loaded records and no file named under "
      + "Reproduction has changed."
  }
}
