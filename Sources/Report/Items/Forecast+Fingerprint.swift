import Core
import Values

extension Forecast {
  /// A hash of everything that is predicted, with the values as they are.
  var fingerprint: UInt64 {
    var members: [JSONValue] = [
      .string(key.text), .string(outcome.rawValue), .string(change?.rawValue ?? ""), .bool(isMissing), .bool(isResent),
      .string(problem?.code.slug ?? ""), .string(String(basis, radix: 16)),
    ]
    for field in fields + drift {
      let old: JSONValue =
        switch field.old {
        case .absent: .array([])
        case .notKept: .array([.null])
        case .value(let value): .array([value, .null])
        }
      members.append(.array([.array(field.path.map { .string($0) }), old, .array(field.new.map { [$0] } ?? [])]))
    }
    return Hash64.of(Array(JSONValue.array(members).text.utf8).span)
  }
}
