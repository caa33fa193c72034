import Core

/// What `--code` names: one of our slugs, or the ID of a rule, which only the ledgers know.
enum LedgerCode {
  /// - Parameter ids: the IDs of the runs, newest first.
  /// - Throws: `OperationFailure` 64 if it is neither.
  static func check(_ code: String?, of ids: [String], in runs: any RunStore) throws {
    let slugs = ProblemCode.allCases.map(\.slug)
    guard let code, !slugs.contains(exactly: code) else { return }
    for id in ids where try !runs.ledger(LedgerQuery(run: id, code: code, limit: 1)).isEmpty { return }
    let recorded = try ids.first.map { try runs.values(of: .code, in: $0) } ?? []
    let hint = NearestName.hint(code, in: recorded + slugs) ?? "`waybill ledger` shows the ones that occur"
    let place = ids.count == 1 ? "the ledger of run \(ids[0])" : "the ledger of any run"
    throw OperationFailure(.usage, "--code \(code): there is no such code in \(place); \(hint)")
  }
}
