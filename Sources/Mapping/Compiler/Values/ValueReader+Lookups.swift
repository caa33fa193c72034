import Core
import Transform

/// The values that a lookup gives.
struct LookupResult {
  var known: [KnownValue]?
  var isNullable = true
  /// For a lookup over an entity: the privacy of its field, and its name, `user.email`.
  var privacy = Privacy.show
  var field: String?
}

/// `lookup` in a chain.
extension ValueReader {
  /// Records that `facts` reach the lookup, and returns its result.
  mutating func look(
    up index: Int, column: Int, miss: FunctionCall.LookupMiss, otherwise place: SourcePlace, facts: ValueFacts
  ) -> LookupResult {
    guard let loaded = lookups.use(table: index, facts) else { return LookupResult() }
    if let entity = loaded.table.entity, loaded.columns.indices.contains(column) {
      let field = loaded.columns[column]
      let isNullable = field.isNullable || miss == .nullify || miss == .value(.null)
      return LookupResult(
        isNullable: isNullable, privacy: field.privacy, field: "\(entity.entity).\(loaded.table.columns[column])")
    }
    var known: [KnownValue] = []
    var isNullable = false
    for key in loaded.table.keys {
      guard let values = loaded.table.entries[key], values.indices.contains(column) else { continue }
      if values[column] == .null {
        isNullable = true
      } else if let place = loaded.place(ofValueFor: key, column: column) {
        known.append(KnownValue(value: values[column], place: place, what: "lookup '\(loaded.table.name)'"))
      }
    }
    switch miss {
    case .error: return LookupResult(known: known, isNullable: isNullable)
    case .keep: return LookupResult(isNullable: isNullable)
    case .nullify, .value(.null): return LookupResult(known: known)
    case .value(let value):
      return LookupResult(known: known + [KnownValue(value: value, place: place, what: "'else'")], isNullable: isNullable)
    }
  }
}
