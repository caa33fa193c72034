package import Control
package import Core

/// A finished run, judged by the gates that the pipeline has today.
package struct GatesReport: Sendable {
  package var run: String
  package var pipeline: String
  package var status: RunStatus
  /// As in the summary of a run.
  package var gates: [GateResult]

  package var exitCode: ExitCode { gates.contains(where: \.stops) ? .gateFailed : .done }

  package var json: JSONValue {
    Redactor.process.redacted(
      .object([
        .init("run", .string(run)), .init("pipeline", .string(pipeline)), .init("status", .string(status.rawValue)),
        .init("passed", .bool(exitCode == .done)), .init("exit_code", .number(Int(exitCode.rawValue))),
        .init("gates", .array(gates.map(\.json))),
      ]))
  }
}
