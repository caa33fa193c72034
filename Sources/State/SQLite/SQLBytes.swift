import Core
import FoundationEssentials
import GRDB

/// Bytes as a value of a column. Write them as `CAST(? AS BLOB)`: GRDB passes an empty `Data` as null, whereas a cast empty
/// text becomes an empty blob.
struct SQLBytes: DatabaseValueConvertible {
  var bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(_ text: String) { bytes = Array(text.utf8) }
  init(_ name: Name) { bytes = Array(name.text.utf8) }

  var databaseValue: DatabaseValue { bytes.isEmpty ? "".databaseValue : Data(bytes).databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> SQLBytes? {
    guard case .blob(let data) = value.storage else { return nil }
    return SQLBytes(Array(data))
  }
}

extension Row {
  func bytes(_ column: String) throws -> [UInt8] {
    let value: SQLBytes = try value(column)
    return value.bytes
  }

  func optionalBytes(_ column: String) throws -> [UInt8]? {
    let value: SQLBytes? = try optional(column)
    return value?.bytes
  }

  /// A text that is stored as a blob.
  func text(_ column: String) throws -> String {
    guard let text = String(validating: try bytes(column), as: UTF8.self) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a value of the column '\(column)' is not valid UTF-8")
    }
    return text
  }

  func optionalName(_ column: String) throws -> Name? {
    let value: SQLBytes? = try optional(column)
    return value == nil ? nil : Name(try text(column))
  }
}
