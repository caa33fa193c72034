import Core
import Extract

/// What could not be fetched, as a line of the ledger.
enum ExtractLedgerLine {
  static func json(_ problem: ExtractProblem, run: String, mapping: String?, time: String) -> JSONValue {
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
