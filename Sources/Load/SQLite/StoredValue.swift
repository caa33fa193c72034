import Core
import FoundationEssentials
import GRDB
import Records

/// A value as a table has it.
enum StoredValue {
  /// As `CellBinder` binds it; nil: the record does not have the field.
  static func of(_ cell: Cell, as storage: SQLiteColumn.Storage) -> JSONValue? {
    switch cell.kind {
    case .missing: return nil
    case .null, .blocked: return .null
    case .true: return .number(1)
    case .false: return .number(0)
    case .string, .date, .datetime: return .string(cell.text.string)
    case .list, .object:
      var out = ByteArena(capacity: 256)
      out.begin()
      JSONRecordEncoder.encode(cell, into: &out)
      return .string(out.finish().string)
    case .integer, .decimal, .number:
      switch ExactNumber(cell, as: storage) {
      case .integer(let value): return .number(String(value))
      case .real(let value): return .number(value.description)
      // The load has refused such a record.
      case nil: return .null
      }
    }
  }

  /// Of a query that returns texts as blobs, and blobs as texts.
  static func of(_ value: DatabaseValue) -> JSONValue {
    switch value.storage {
    case .null: .null
    case .int64(let value): .number(String(value))
    // An infinity, which JSON cannot express.
    case .double(let value) where !value.isFinite: .object([.init("real", .string(value.description))])
    case .double(let value): .number(value.description)
    case .blob(let bytes): .string(String(decoding: bytes, as: UTF8.self))
    // Not a text of the same characters.
    case .string(let blob): .object([.init("blob", .string(blob))])
    }
  }
}
