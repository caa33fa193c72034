import Core
import Report

extension ExceptionsSection {
  /// Problems of one group that are on the page.
  private static let mostProblems = 15
  /// Problems of a run for which the ledger is searched for examples.
  private static let mostExamples = 80

  mutating func add(_ run: RunMaterial) throws {
    lines += run.ledger.lines
    let resolved = try run.ledger.resolvedErrors()
    var searched = 0
    let actions = run.ledger.groups.reduce(into: [Name: RepairAction]()) { found, group in
      if found[Name(group.code)] == nil { found[Name(group.code)] = RepairAction(slug: group.code) }
    }
    for action in RepairAction.allCases {
      let members = run.ledger.groups.filter { actions[Name($0.code)] == action }
      guard !members.isEmpty else { continue }
      func count(_ severity: Severity) -> Int {
        members.filter { $0.severity.isExactly(severity.rawValue) }.reduce(0) { $0 + $1.count }
      }
      var group = Group(
        run: run.id, repair: action.slug, title: action.title, instruction: action.summary, usualOwner: action.ownerTitle,
        errors: count(.error), warnings: count(.warning), notes: count(.note), resolved: nil)
      if !resolved.isEmpty {
        group.resolved = Set(members.map { Name($0.code) }).reduce(0) { $0 + (resolved[$1] ?? 0) }
      }
      let ordered = members.filter { $0.severity.isExactly("error") } + members.filter { !$0.severity.isExactly("error") }
      var problems: [Problem] = []
      for member in ordered.prefix(Self.mostProblems) {
        let examples = searched < Self.mostExamples ? try run.ledger.examples(of: member) : []
        searched += 1
        problems.append(
          Problem(
            mapping: member.mapping, code: member.code, severity: member.severity, field: member.field, count: member.count,
            examples: examples.compactMap(\.record), message: examples.first?.message))
      }
      group.problems = PageList(
        problems, total: ordered.count,
        command: PageText.command(["waybill", "ledger", run.id, "--group-by", "mapping,severity,code,field"]))
      groups.append(group)
    }
    groups.sort { left, right in
      left.errors == right.errors ? left.lines > right.lines : left.errors > right.errors
    }
  }
}

extension ExceptionsSection.Group {
  fileprivate var lines: Int { errors + warnings + notes }
}
