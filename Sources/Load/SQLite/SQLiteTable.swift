import Core

/// The table of a part: what is created where there is none.
///
///     CREATE TABLE "people" ("id" INTEGER NOT NULL, "address.city" TEXT, PRIMARY KEY ("id")) STRICT
struct SQLiteTable: Sendable {
  let name: String
  let columns: [SQLiteColumn]
  /// Indices of columns.
  let key: [Int]

  /// SQLite's own limit, minus the columns that a part has besides those of its records.
  private static let maximumColumns = 2000 - SQLiteStaging.ownColumns

  /// - Throws: `OperationFailure` if SQLite cannot have such a table.
  init(_ part: LoadPart, name: String, path: String) throws(OperationFailure) {
    func refusal(_ reason: String, _ remedy: String) -> OperationFailure {
      OperationFailure(.wrongFile, "'\(part.mapping)' cannot be loaded into a table in \(path): \(reason): \(remedy)")
    }
    guard !name.isEmpty, !name.utf8.contains(0), !SQLiteName.folded(name).text.hasPrefix(exactly: "sqlite_") else {
      throw refusal("a table cannot be named '\(name)'", "choose another name under `table`")
    }
    guard !part.key.isEmpty else {
      throw refusal("the mapping has no target key", "name the fields that identify a target record under `target.key`")
    }
    guard part.columns.count <= Self.maximumColumns else {
      throw refusal(
        "it has \(part.columns.count) fields, but a table can have at most \(Self.maximumColumns)",
        "split the mapping")
    }
    var names: [Name: String] = [:]
    for column in part.columns {
      guard !column.name.utf8.contains(0) else {
        throw refusal("a field name contains the character U+0000", "rename the field")
      }
      if let other = names.updateValue(column.name, forKey: SQLiteName.folded(column.name)) {
        throw refusal("'\(other)' and '\(column.name)' would be the same column", "rename one of the fields")
      }
    }
    self.name = name
    key = part.key
    columns = part.columns.enumerated().map { index, column in
      SQLiteColumn(name: column.name, storage: .init(column.types), isKey: part.key.contains(index))
    }
  }

  var quotedName: String { SQLiteName.quoted(name) }
  func quoted(_ column: Int) -> String { SQLiteName.quoted(columns[column].name) }

  /// `("id", "part")`
  var quotedKey: String { "(\(key.map { quoted($0) }.joined(separator: ", ")))" }

  /// The indices of the columns that are not part of the key.
  var values: [Int] { columns.indices.filter { !columns[$0].isKey } }

  var creation: String {
    let columns = columns.map(\.declaration) + ["PRIMARY KEY \(quotedKey)"]
    return "CREATE TABLE main.\(quotedName) (\(columns.joined(separator: ", "))) STRICT"
  }
}
