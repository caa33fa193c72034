import Core
import GRDB

/// The records of an intent in one blob, so that an intent is one row, however many records it has.
///
/// A byte with the number of the format, 1; then for each record its ordinal, key, digest and hashes of fields. Numbers are
/// LEB128. Bytes have their count before them; that of the key is one more, and 0 if there is no key:
///
///     01  05 04 61 64 61 02 01 01 00        ordinal 5, key "ada", digest 01 01, no hashes
struct StoredRecords {
  struct Entry {
    var ordinal: UInt64
    var key: Range<Int>?
    var digest: Range<Int>
    var fields: Range<Int>
  }

  private static let format: UInt8 = 1

  let bytes: [UInt8]
  /// In the order of the request.
  private(set) var entries: [Entry] = []

  // MARK: Writing

  static func encode(_ records: [IntentRecord]) -> [UInt8] {
    var bytes = [format]
    for record in records {
      append(record.ordinal, to: &bytes)
      if let key = record.key {
        append(UInt64(key.text.utf8.count + 1), to: &bytes)
        bytes.append(contentsOf: key.text.utf8)
      } else {
        bytes.append(0)
      }
      for part in [record.digest, record.fields] {
        append(UInt64(part.count), to: &bytes)
        bytes.append(contentsOf: part)
      }
    }
    return bytes
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  // MARK: Reading

  /// - Throws: `DatabaseError` with the code `SQLITE_CORRUPT`.
  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    guard bytes.first == Self.format else { throw Self.damage }
    var place = 1
    while place < bytes.count {
      let ordinal = try Self.number(bytes, &place)
      let key = try Self.number(bytes, &place)
      entries.append(
        Entry(
          ordinal: ordinal, key: key == 0 ? nil : try Self.range(key - 1, bytes, &place),
          digest: try Self.range(try Self.number(bytes, &place), bytes, &place),
          fields: try Self.range(try Self.number(bytes, &place), bytes, &place)))
    }
  }

  /// - Throws: `DatabaseError` with the code `SQLITE_CORRUPT`.
  func records() throws -> [IntentRecord] {
    try entries.map { entry in
      IntentRecord(
        ordinal: entry.ordinal,
        key: try entry.key.map { range in
          guard let text = String(validating: bytes[range], as: UTF8.self) else { throw Self.damage }
          return Name(text)
        },
        digest: Array(bytes[entry.digest]), fields: Array(bytes[entry.fields]))
    }
  }

  private static var damage: DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the records of an intent cannot be read")
  }

  private static func number(_ bytes: [UInt8], _ place: inout Int) throws -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while place < bytes.count, shift < 64 {
      let byte = bytes[place]
      place += 1
      // The tenth byte has one bit left.
      guard shift < 63 || byte <= 1 else { break }
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    throw damage
  }

  private static func range(_ count: UInt64, _ bytes: [UInt8], _ place: inout Int) throws -> Range<Int> {
    guard count <= UInt64(bytes.count - place) else { throw damage }
    defer { place += Int(count) }
    return place..<place + Int(count)
  }
}
