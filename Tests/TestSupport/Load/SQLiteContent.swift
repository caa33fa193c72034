import Core
import Files
package import GRDB

/// What a database has, for comparisons.
package enum SQLiteContent {
  /// The names of the columns, then the rows in the order of the first column, as `'text'|1|2.5|null`; empty if there is no
  /// file.
  package static func text(of table: String, in path: String) throws -> String {
    guard FilePath.exists(path) else { return "" }
    return try read(path) { database in
      let columns = try database.columns(in: table).map(\.name)
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(table)) ORDER BY 1")
      return "\(columns.joined(separator: "|"))\n"
        + rows.map { row in row.databaseValues.map(text).joined(separator: "|") + "\n" }.joined()
    }
  }

  /// Over a connection that is closed at the end.
  package static func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.inDatabase(body)
  }

  package static func execute(_ path: String, _ sql: String) throws { try read(path) { try $0.execute(sql: sql) } }

  private static func quoted(_ name: String) -> String {
    let mark = UInt8(ascii: "\"")
    return String(decoding: [mark] + name.utf8.flatMap { $0 == mark ? [mark, mark] : [$0] } + [mark], as: UTF8.self)
  }

  private static func text(_ value: DatabaseValue) -> String {
    switch value.storage {
    case .null: "null"
    case .int64(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): "'\(value)'"
    case .blob: "blob"
    }
  }
}
