import Core
import GRDBSQLite
import Records

/// Binds cells to the parameters of a statement, without a copy: the bytes of a text must stay where they are until the
/// statement has been executed.
///
/// Calls SQLite's own functions, because GRDB takes a `String`, which costs an allocation for each text and ends at the first
/// U+0000.
struct CellBinder: ~Copyable {
  private let statement: OpaquePointer
  /// What is made for one record: lists and objects as JSON, digits.
  private var made = ByteArena(capacity: 4096)

  init(_ statement: OpaquePointer) { self.statement = statement }

  /// Forgets what was made for the previous record.
  mutating func beginRecord() { made.reset() }

  func bind(_ parameter: Int, _ integer: Int64) { sqlite3_bind_int64(statement, Int32(parameter), integer) }
  func bindNull(_ parameter: Int) { sqlite3_bind_null(statement, Int32(parameter)) }

  /// SQLite's code if that failed: a text that is too long.
  func bind(_ parameter: Int, _ text: Text) -> Int32 {
    text.start.withMemoryRebound(to: CChar.self, capacity: text.count) { start in
      sqlite3_bind_text64(statement, Int32(parameter), start, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
    }
  }

  /// `1` for true, `0` for false.
  mutating func bindDigits(_ parameter: Int, _ values: some Sequence<Bool>) -> Int32 {
    made.begin()
    for value in values { made.append(UInt8(ascii: value ? "1" : "0")) }
    return bind(parameter, made.finish())
  }

  /// False if the value is a number that `storage` cannot hold.
  mutating func bind(_ parameter: Int, _ cell: Cell, as storage: SQLiteColumn.Storage, code: inout Int32) -> Bool {
    switch cell.kind {
    case .missing, .null, .blocked: bindNull(parameter)
    case .true: bind(parameter, 1)
    case .false: bind(parameter, 0)
    case .string, .date, .datetime: code = bind(parameter, cell.text)
    case .list, .object:
      made.begin()
      JSONRecordEncoder.encode(cell, into: &made)
      code = bind(parameter, made.finish())
    case .integer, .decimal, .number:
      switch ExactNumber(cell, as: storage) {
      case .integer(let value): bind(parameter, value)
      case .real(let value): sqlite3_bind_double(statement, Int32(parameter), value)
      case nil: return false
      }
    }
    return true
  }
}
