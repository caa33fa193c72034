import Core
import Values

extension Forecast {
  /// A hash of what is predicted and what that rests on, with the values as they are. What earlier runs have staged does not count:
  /// it only shows what was there, and may be gone by the time the prediction is compared.
  var fingerprint: UInt64 {
    var members: [JSONValue] = [
      .string(key.text), .string(outcome.rawValue), .bool(isMissing), .string(problem?.code.slug ?? ""),
      .string(String(basis, radix: 16)),
    ]
    let read: [Field] =
      switch evidence {
      case .read: fields
      case .known: []
      case .readExcept(let columns): fields.filter { $0.column.map { !columns.contains($0) } ?? true }
      }
    for field in read + drift {
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
