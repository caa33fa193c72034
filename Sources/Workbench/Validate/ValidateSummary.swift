package import Core
import Report
package import Schema

/// The summary of `waybill validate`, in the form of that of `transform`.
package struct ValidateSummary: Sendable, Equatable, JobSummary {
  package var status: RunStatus = .running
  package var exitCode: ExitCode = .done
  /// As the user named it.
  package var schema: String
  package var counts = BatchValidator.Counts()
  /// The source's notes about the input as a whole.
  package var notes: [InputNote] = []
  package var seconds = 0.0
  /// What people should know: why it failed, or why hardly anything was valid.
  package var messages: [String] = []

  var unaccounted: Int { counts.unaccounted }
  var failed: Int { counts.invalid }

  package init(schema: String) { self.schema = schema }

  package var json: JSONValue {
    var codes: [String: Int] = [:]
    for (code, count) in counts.codes.merging(counts.warnings, uniquingKeysWith: +) { codes[code.slug, default: 0] += count }
    var members: [JSONValue.Member] = [
      .init("status", .string(status.rawValue)), .init("exit_code", .number(Int(exitCode.rawValue))),
      .init("schema", .string(schema)), .init("read", .number(counts.read)), .init("valid", .number(counts.valid)),
      .init("invalid", .number(counts.invalid)), .init("warnings", .number(counts.warnings.values.reduce(0, +))),
      .init("codes", SummaryJSON.codes(codes)),
      .init("unaccounted", .number(unaccounted)),
      .init("durations", .object([.init("validate", SummaryJSON.seconds(seconds))])),
    ]
    if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0.text) }))) }
    if !messages.isEmpty { members.append(.init("messages", .array(messages.map { .string($0) }))) }
    return .object(members)
  }
}
