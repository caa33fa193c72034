package import Core

/// Members that several summaries have.
package enum SummaryJSON {
  package static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
  package static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
  /// As `waybill check --json` prints them, in the order of file and line.
  package static func diagnostics(_ diagnostics: Diagnostics) -> [JSONValue] {
    diagnostics.sorted.map { diagnostic in
      .object(
        [.init("severity", .string(diagnostic.severity.rawValue)), .init("message", .string(diagnostic.message))]
          + members(of: diagnostic, file: diagnostics.shownPath(diagnostic.place.file)))
    }
  }

  /// Its code, place and hint. `file`: as it may be shown.
  package static func members(of diagnostic: Diagnostic, file: String) -> [JSONValue.Member] {
    let place = diagnostic.place
    var members: [JSONValue.Member] = [
      .init("code", .string(diagnostic.code.rawValue)), .init("file", .string(file)),
      .init("line", .number(place.line)),
      .init("column", .number(place.column)), .init("length", .number(place.length)),
    ]
    if let hint = diagnostic.hint { members.append(.init("hint", .string(hint))) }
    return members
  }

  /// To the millisecond.
  package static func seconds(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
  package static func codes(_ codes: [String: Int]) -> JSONValue {
    .object(codes.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
  }
}
