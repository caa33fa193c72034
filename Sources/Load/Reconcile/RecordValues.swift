import Core

/// The values of one record by column; nil: it does not have the field.
///
/// In a database: `[["ada@example.com"],[],[12.5]]`, so that a field that is missing is not one that is null.
enum RecordValues {
  /// - Parameter record: a JSON object.
  static func values(of record: JSONValue, _ columns: [LoadColumn]) -> [JSONValue?] {
    if columns.count > mostLookedUp, case .object(let members) = record {
      let byName = Dictionary(members.map { (Name($0.name), $0.value) }, uniquingKeysWith: { $1 })
      return columns.map { column in
        guard let first = column.path.first else { return record }
        var value = byName[Name(first)]
        for name in column.path.dropFirst() { value = value?[name] }
        return value
      }
    }
    return columns.map { column in
      var value: JSONValue? = record
      for name in column.path { value = value?[name] }
      return value
    }
  }

  /// With more columns, a search through all members for each of them takes longer than a table of the members.
  private static let mostLookedUp = 32

  static func bytes(_ values: [JSONValue?]) -> [UInt8] {
    JSONValue.array(values.map { .array($0.map { [$0] } ?? []) }).bytes
  }

  /// - Throws: `JSONReader.Failure` if `bytes` has not written it.
  static func read(_ bytes: [UInt8]) throws -> [JSONValue?] {
    try JSONReader.read(bytes).arrayValue?.map { $0.arrayValue?.first } ?? []
  }
}
