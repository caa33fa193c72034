import Core

/// The values of one record by column; nil: it does not have the field.
///
/// In a database: `[["ada@example.com"],[],[12.5]]`, so that a field that is missing is not one that is null.
enum RecordValues {
  /// - Parameter record: a JSON object.
  static func values(of record: JSONValue, _ columns: [LoadColumn]) -> [JSONValue?] {
    columns.map { column in
      var value: JSONValue? = record
      for name in column.path { value = value?[name] }
      return value
    }
  }

  static func bytes(_ values: [JSONValue?]) -> [UInt8] {
    JSONValue.array(values.map { .array($0.map { [$0] } ?? []) }).bytes
  }

  /// - Throws: `JSONReader.Failure` if `bytes` has not written it.
  static func read(_ bytes: [UInt8]) throws -> [JSONValue?] {
    try JSONReader.read(bytes).arrayValue?.map { $0.arrayValue?.first } ?? []
  }
}
