import Core

/// The lines of a run's ledger, counted by mapping, severity, code and field; and the first lines of a group.
struct LedgerFigures {
  struct Group {
    var mapping: String
    var severity: String
    var code: String
    var field: String?
    var count: Int
  }

  struct Example {
    var record: String?
    var message: String
    var line: Int?
  }

  private let run: String
  private let runs: any RunStore
  /// The most frequent first.
  let groups: [Group]

  /// - Throws: `OperationFailure`.
  init(run: String, in runs: any RunStore) throws(OperationFailure) {
    (self.run, self.runs) = (run, runs)
    groups = try runs.groups(of: LedgerQuery(run: run), by: [.mapping, .severity, .code, .field]).map { group in
      Group(
        mapping: group.values[0]?.text ?? "", severity: group.values[1]?.text ?? "", code: group.values[2]?.text ?? "",
        field: group.values[3]?.text, count: group.count)
    }
  }

  var lines: Int { groups.reduce(0) { $0 + $1.count } }

  /// The first lines of a group. The state finds the lines of a code by an index; other groups with the same code are skipped, up to
  /// `mostLines` lines.
  func examples(of group: Group, limit: Int = 3) throws -> [Example] {
    struct Enough: Error {}
    var found: [Example] = []
    var seen = 0
    let query = LedgerQuery(
      run: run, mapping: group.mapping, severity: Severity(rawValue: group.severity), code: group.code, field: group.field)
    do {
      try runs.ledger(query) { entry in
        seen += 1
        if group.field == nil, entry.field != nil {
          if seen > Self.mostLines { throw Enough() }
          return
        }
        let line = try? JSONReader.read(Array(entry.text.utf8))
        found.append(Example(record: entry.record, message: line?["message"]?.stringValue ?? "", line: entry.line))
        if found.count >= limit || seen > Self.mostLines { throw Enough() }
      }
    } catch is Enough {}
    return found
  }

  private static let mostLines = 10_000

  /// How many errors of a repair group have been resolved by later runs, by code. What could not be fetched is never resolved.
  func resolvedErrors() throws -> [Name: Int] {
    func counts(_ query: LedgerQuery) throws -> [Name: Int] {
      try runs.groups(of: query, by: [.code]).reduce(into: [:]) { found, group in
        if let code = group.values[0] { found[code] = group.count }
      }
    }
    var resolved: [Name: Int] = [:]
    for group in groups where group.severity.isExactly(Severity.error.rawValue) {
      resolved[Name(group.code), default: 0] += group.count
    }
    guard !resolved.isEmpty else { return [:] }
    let unfetched = try counts(LedgerQuery(run: run, stage: .extract, severity: .error))
    let open = try counts(LedgerQuery(run: run, severity: .error, isOpen: true))
    for code in resolved.keys { resolved[code, default: 0] -= (unfetched[code] ?? 0) + (open[code] ?? 0) }
    return resolved.filter { $0.value > 0 }
  }
}
