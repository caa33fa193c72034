package import Core
import Report
package import Transform

/// The summary of `waybill transform`: what became of one input.
package struct TransformSummary: Sendable, Equatable, JobSummary {
  package var status: RunStatus = .running
  package var exitCode: ExitCode = .done
  package var mapping: String
  package var counts = TransformCounts()
  /// Records that were transformed, and whose file did not appear.
  package var pending = 0
  package var unchecked: [String] = []
  package var seconds = 0.0
  /// What was noticed in files besides the input, each with its name.
  package var otherNotes: [String] = []
  /// What people should know: why it failed, that the input was empty.
  package var messages: [String] = []

  /// Items without an outcome; 0, or there is a fault.
  package var unaccounted: Int { counts.unaccounted - pending }

  var failed: Int { counts.rejected }

  package init(mapping: String) { self.mapping = mapping }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("status", .string(status.rawValue)), .init("exit_code", .number(Int(exitCode.rawValue))),
      .init("mapping", .string(mapping)), .init("read", .number(counts.read)), .init("written", .number(counts.written)),
      .init("filtered", .number(counts.filtered)), .init("merged", .number(counts.merged)),
      .init("rejected", .number(counts.rejected)),
      .init("pending", .number(pending)),
      .init("warnings", .number(counts.warnings)), .init("codes", SummaryJSON.codes(counts.slugs)),
      .init("unchecked", .array(unchecked.map { .string($0) })), .init("unaccounted", .number(unaccounted)),
      .init("durations", .object([.init("transform", SummaryJSON.seconds(seconds))])),
    ]
    let notes = counts.inputNotes.map(\.text) + otherNotes
    if !notes.isEmpty { members.append(.init("notes", .array(notes.map { .string($0) }))) }
    if !messages.isEmpty { members.append(.init("messages", .array(messages.map { .string($0) }))) }
    return .object(members)
  }
}
