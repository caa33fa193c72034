package import Core

/// Members that several summaries have.
package enum SummaryJSON {
  package static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
  package static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
  /// To the millisecond.
  package static func seconds(_ value: Double) -> JSONValue { .number((value * 1000).rounded() / 1000) }
  package static func codes(_ codes: [String: Int]) -> JSONValue {
    .object(codes.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
  }
}
