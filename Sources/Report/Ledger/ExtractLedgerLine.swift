package import Core
package import Extract

/// Ledger lines for what was not fetched.
package enum ExtractLedgerLine {
  /// What the pipeline excludes. `file` lists it; nil in snapshots that have no list.
  package static func json(
    _ reason: LeftOut, count: Int, file: String?, run: String, mapping: String, time: String
  ) -> JSONValue {
    let list = file.map { "; \($0) lists them" } ?? ""
    var members: [JSONValue.Member] = [
      .init("run", .string(run)), .init("mapping", .string(mapping)), .init("stage", .string(Stage.extract.rawValue)),
      .init("severity", .string(Severity.note.rawValue)), .init("code", .string(ProblemCode.notExtracted.slug)),
      .init("message", .string(reason.sentence(count) + list)), .init("count", .number(count)),
    ]
    if let file { members.append(.init("at", .object([.init("file", .string(file))]))) }
    members.append(.init("time", .string(time)))
    return .object(members)
  }

  package static func json(_ problem: ExtractProblem, run: String, mapping: String?, time: String) -> JSONValue {
    var members: [JSONValue.Member] = [.init("run", .string(run))]
    if let mapping { members.append(.init("mapping", .string(mapping))) }
    if let record = problem.record { members.append(.init("record", .string(record))) }
    members += [
      .init("stage", .string(Stage.extract.rawValue)), .init("severity", .string(problem.severity.rawValue)),
      .init("code", .string(problem.code.slug)), .init("message", .string("\(problem.entity): \(problem.message)")),
    ]
    var answer: [JSONValue.Member] = []
    if let status = problem.status { answer.append(.init("status", .number(status))) }
    if let trace = problem.traceId { answer.append(.init("trace_id", .string(trace))) }
    if !answer.isEmpty { members.append(.init("http", .object(answer))) }
    members.append(.init("time", .string(time)))
    return .object(members)
  }
}
