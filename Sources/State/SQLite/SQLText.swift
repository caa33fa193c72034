import FoundationEssentials
import GRDB

/// A text that may contain U+0000, as keys in JSON may. GRDB passes texts only up to their first U+0000.
///
/// Write it as `CAST(? AS TEXT)`, and read it as `CAST(column AS BLOB)`: SQLite itself keeps and compares all of its bytes.
struct SQLText: DatabaseValueConvertible {
  var text: String

  init(_ text: String) { self.text = text }

  var databaseValue: DatabaseValue { text.utf8.contains(0) ? Data(text.utf8).databaseValue : text.databaseValue }

  static func fromDatabaseValue(_ value: DatabaseValue) -> SQLText? {
    switch value.storage {
    case .blob(let data): String(validating: data, as: UTF8.self).map { SQLText($0) }
    case .string(let text): SQLText(text)
    default: nil
    }
  }
}
