import Core

/// A column of a table, as it is created.
struct SQLiteColumn: Sendable {
  /// How a table keeps the values of a column. The raw values are the types of STRICT tables.
  enum Storage: String, Sendable {
    case integer = "INTEGER"
    case real = "REAL"
    case text = "TEXT"
    /// Each value keeps its own type.
    case any = "ANY"

    /// By what the target schema allows besides null. Booleans are 0 and 1; lists and objects are JSON texts.
    init(_ types: JSONTypes) {
      switch types.subtracting(.null) {
      case .integer, .boolean: self = .integer
      case .number, [.integer, .number]: self = .real
      case .string, .array, .object, [.array, .object]: self = .text
      default: self = .any
      }
    }
  }

  let name: String
  let storage: Storage
  let isKey: Bool

  /// `"address.city" TEXT NOT NULL`; the key's columns are never null.
  var declaration: String { "\(SQLiteName.quoted(name)) \(storage.rawValue)\(isKey ? " NOT NULL" : "")" }
}

/// Names of tables and columns.
enum SQLiteName {
  /// Byte by byte: a quotation mark followed by a combining mark is one `Character`, but still quotes in SQL.
  static func quoted(_ name: String) -> String {
    let mark = UInt8(ascii: "\"")
    return String(decoding: [mark] + name.utf8.flatMap { $0 == mark ? [mark, mark] : [$0] } + [mark], as: UTF8.self)
  }

  /// Names that differ only in the case of ASCII letters are one name to SQLite.
  static func folded(_ name: String) -> Name {
    Name(String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self))
  }
}
