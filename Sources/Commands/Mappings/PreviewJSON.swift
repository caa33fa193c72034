import Core
import Pipeline
import Report
import Transform
import Workbench

/// Previewed records as JSON.
enum PreviewJSON {
  static func json(of item: PreviewItem) -> JSONValue { .object(members(of: item)) }

  /// One result of `--watch`: a line of its own.
  static func json(of result: PreviewSession.Result) -> JSONValue {
    let counts = result.counts
    let codes = counts.slugs.sorted { $0.key < $1.key }
    var members: [JSONValue.Member] = [
      .init("result", .number(result.number)), .init("compiled", .bool(result.failure == nil)),
      .init("read", .number(counts.read)), .init("written", .number(counts.written)),
      .init("filtered", .number(counts.filtered)), .init("merged", .number(counts.merged)),
      .init("rejected", .number(counts.rejected)),
      .init("warnings", .number(counts.warnings)),
      .init("codes", .object(codes.map { .init($0.key, .number($0.value)) })),
      .init("changed", result.changed.map { .number($0) } ?? .null),
      .init("milliseconds", .number((result.milliseconds * 10).rounded() / 10)),
      .init("diagnostics", .array(SummaryJSON.diagnostics(result.diagnostics.withoutNotes))),
    ]
    if !result.notes.isEmpty { members.append(.init("notes", .array(result.notes.map { .string($0) }))) }
    if let failure = result.failure { members.append(.init("failure", .string(failure.description))) }
    let records = result.items.map { shown -> JSONValue in
      var members = Self.members(of: shown.item)
      members.append(.init("changed", .bool(shown.isChanged)))
      let was = shown.was.sorted { $0.key < $1.key }
      if !was.isEmpty {
        members.append(.init("was", .object(was.map { .init($0.key.text, $0.value.map { .string($0) } ?? .null) })))
      }
      return .object(members)
    }
    return .object(members + [.init("records", .array(records))])
  }

  /// A target field with the paths that it depends on; null where there is nothing.
  private static func field(_ field: PreviewItem.Field) -> JSONValue {
    func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return .object([
      .init("field", .string(field.name)), .init("reads", .object(field.reads.map { .init($0.path, text($0.text)) })),
      .init("value", text(field.text)),
    ])
  }

  private static func members(of item: PreviewItem) -> [JSONValue.Member] {
    func object(_ pairs: [PreviewItem.Pair]) -> JSONValue { .object(pairs.map { .init($0.name, .string($0.text)) }) }
    var members: [JSONValue.Member] = []
    if let key = item.key { members.append(.init("record", .string(key))) }
    return members + [
      .init("line", .number(item.line)), .init("outcome", .string(item.outcome.rawValue)), .init("source", object(item.source)),
      .init("target", object(item.target)), .init("fields", .array(item.fields.map(field))),
      .init("unread", object(item.unread)),
      .init(
        "problems",
        .array(
          item.problems.map { problem in
            .object([
              .init("severity", .string(problem.severity.rawValue)), .init("code", .string(problem.code)),
              .init("field", problem.field.map { .string($0) } ?? .null), .init("message", .string(problem.message)),
            ])
          })),
    ]
  }
}
