import Core
package import Extract

extension ExtractProblem {
  /// The ledger line of what was not fetched. `mapping` nil: no mapping reads the entity itself.
  package func line(run: String, mapping: String?, time: String) -> LedgerLine {
    var line = LedgerLine(code.slug, severity: severity, stage: .extract, message: "\(entity): \(message)")
    line.run = run
    line.mapping = mapping
    line.record = record
    if status != nil || traceId != nil { line.http = .init(status: status, trace: traceId) }
    line.time = time
    return line
  }
}

extension LeftOut {
  /// The ledger line of what the pipeline excludes. `file` lists it; nil in snapshots that have no list.
  package func line(count: Int, file: String?, run: String, mapping: String, time: String) -> LedgerLine {
    let list = file.map { "; \($0) lists them" } ?? ""
    var line = LedgerLine(
      ProblemCode.notExtracted.slug, severity: .note, stage: .extract, message: sentence(count) + list)
    line.run = run
    line.mapping = mapping
    line.count = count
    line.at = file.map { .init(file: $0) }
    line.time = time
    return line
  }
}
