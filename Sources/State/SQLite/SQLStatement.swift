import Core
import GRDB
import GRDBSQLite

/// A value of a parameter.
enum SQLValue {
  case null
  case integer(Int64)
  /// A blob.
  case bytes(ArraySlice<UInt8>)
  /// A text that is stored as a blob: compared by its bytes, and it may contain U+0000.
  case text(String)

  static func bytes(_ bytes: [UInt8]) -> SQLValue { .bytes(bytes[...]) }
  static func integer(_ number: Int) -> SQLValue { .integer(Int64(number)) }
  static func optional(_ name: Name?) -> SQLValue { name.map { .text($0.text) } ?? .null }
  static func optional(_ bytes: [UInt8]?) -> SQLValue { bytes.map { .bytes($0[...]) } ?? .null }
}

/// A statement that is executed often: compiled once per connection, with values that go to SQLite and come back without
/// GRDB's intermediate ones, which cost several allocations each.
struct SQLStatement {
  private let statement: Statement
  private let database: Database

  init(_ sql: String, _ database: Database) throws {
    statement = try database.cachedStatement(sql: sql)
    self.database = database
  }

  private var pointer: OpaquePointer { statement.sqliteStatement }

  /// - Returns: how many rows it has written or deleted.
  @discardableResult
  func execute(_ values: [SQLValue]) throws -> Int {
    defer { finish() }
    try bind(values)
    guard try !step() else { throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "a row that nothing reads") }
    return Int(sqlite3_changes(sqlite3_db_handle(pointer)))
  }

  /// - Parameter body: must not execute this statement.
  func forEachRow(_ values: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
    defer { finish() }
    try bind(values)
    while try step() { try body(SQLRow(pointer)) }
  }

  func firstRow<Value>(_ values: [SQLValue], _ body: (SQLRow) throws -> Value) throws -> Value? {
    defer { finish() }
    try bind(values)
    return try step() ? try body(SQLRow(pointer)) : nil
  }

  private func finish() {
    sqlite3_reset(pointer)
    // Bodies may be large.
    sqlite3_clear_bindings(pointer)
  }

  /// True if there is a row.
  private func step() throws -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw failure(code)
    }
  }

  private func failure(_ code: Int32) -> DatabaseError {
    DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
  }

  private func bind(_ values: [SQLValue]) throws {
    for (index, value) in values.enumerated() {
      let code = bind(Int32(index + 1), value)
      if code != SQLITE_OK { throw failure(code) }
    }
  }

  private func bind(_ parameter: Int32, _ value: SQLValue) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(pointer, parameter)
    case .integer(let number): return sqlite3_bind_int64(pointer, parameter, number)
    case .bytes(let bytes): return bytes.withUnsafeBytes { bind(parameter, $0) }
    case .text(var text): return text.withUTF8 { bind(parameter, UnsafeRawBufferPointer($0)) }
    }
  }

  private func bind(_ parameter: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    // An address that is null would be a null.
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return sqlite3_bind_zeroblob(pointer, parameter, 0) }
    // SQLITE_TRANSIENT: SQLite copies the bytes.
    return sqlite3_bind_blob64(
      pointer, parameter, start, UInt64(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
  }
}

/// The row that a statement is at. A value of another type than asked for, as in a damaged file, is thrown as `DatabaseError`
/// with the code `SQLITE_CORRUPT`. Columns count from 0.
struct SQLRow {
  private let pointer: OpaquePointer

  fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

  func integer(_ column: Int32) throws -> Int64 {
    try check(column, SQLITE_INTEGER)
    return sqlite3_column_int64(pointer, column)
  }

  func bytes(_ column: Int32) throws -> [UInt8] {
    try check(column, SQLITE_BLOB)
    guard let start = sqlite3_column_blob(pointer, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
  }

  func optionalBytes(_ column: Int32) throws -> [UInt8]? { isNull(column) ? nil : try bytes(column) }

  /// A text that is stored as a blob.
  func text(_ column: Int32) throws -> String {
    try check(column, SQLITE_BLOB)
    guard let start = sqlite3_column_blob(pointer, column) else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
    guard let text = String(validating: bytes, as: UTF8.self) else { throw damage(column, "is not valid UTF-8") }
    return text
  }

  func optionalName(_ column: Int32) throws -> Name? { isNull(column) ? nil : Name(try text(column)) }

  private func check(_ column: Int32, _ type: Int32) throws {
    guard sqlite3_column_type(pointer, column) == type else { throw damage(column, "has the wrong type") }
  }

  private func damage(_ column: Int32, _ reason: String) -> DatabaseError {
    DatabaseError(
      resultCode: .SQLITE_CORRUPT,
      message: "a value of the column '\(String(cString: sqlite3_column_name(pointer, column)))' \(reason)")
  }
}
