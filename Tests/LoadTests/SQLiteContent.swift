import Core
import Files
import GRDB

/// What a database has, for comparisons.
enum SQLiteContent {
  /// `column=type:value …` for each row, in the order of the first column; empty if there is no file.
  static func text(of table: String, in path: String) throws -> String {
    guard FilePath.exists(path) else { return "" }
    return try read(path) { database in
      let columns = try database.columns(in: table).map(\.name)
      let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(table)) ORDER BY 1")
      return "\(columns.joined(separator: "|"))\n"
        + rows.map { row in row.databaseValues.map(text).joined(separator: "|") + "\n" }.joined()
    }
  }

  static func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.inDatabase(body)
  }

  static func execute(_ path: String, _ sql: String) throws { try read(path) { try $0.execute(sql: sql) } }

  private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

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
