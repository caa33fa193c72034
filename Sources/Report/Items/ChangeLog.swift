package import Core
import Files
import Records

/// What a dry run predicts for the staged records of a mapping at one destination: a file in the run's folder of the destination. It
/// has no values that may not be shown.
///
///     DESTINATION/MAPPING.changes   the bytes `changes 1` and a line break, then one entry per record, little-endian:
///                                   ordinal u64, outcome u8, fingerprint u64, length u32, and so many bytes of JSON
///
/// The fingerprint is a hash of the prediction with the values that may not be shown. The JSON is an object with what else is known: `{"key":"c1","fields":[…]}`. Removals have the ordinal 2^64 - 1.
enum ChangeLog {
  static let header = Array("changes 1\n".utf8)
  static let headBytes = 21
  static let removal = UInt64.max
}

/// Writes a change log.
final class ChangeLogWriter {
  private let file: OutputFile
  private var buffer = ChangeLog.header

  private static let flushBytes = 64 * 1024

  /// - Throws: `OperationFailure`.
  init(path: String) throws { file = try OutputFile(path: path, mode: 0o600) }

  /// - Throws: `OperationFailure`.
  func append(_ ordinal: UInt64, _ outcome: Outcome, fingerprint: UInt64 = 0, _ details: JSONValue) throws {
    let bytes = Array(details.text.utf8)
    append(ordinal, 8)
    buffer.append(outcome.storedCode)
    append(fingerprint, 8)
    append(UInt64(bytes.count), 4)
    buffer += bytes
    if buffer.count >= Self.flushBytes { try flush() }
  }

  private func append(_ number: UInt64, _ count: Int) {
    for shift in 0..<count { buffer.append(UInt8(truncatingIfNeeded: number >> (UInt64(shift) * 8))) }
  }

  private func flush() throws {
    try file.write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// - Throws: `OperationFailure`.
  func commit() throws {
    try flush()
    try file.commit()
  }
}

/// Reads a change log, which may have been compressed since. The entries need not be in the order of the records, so what is read
/// before its turn waits in memory.
package final class ChangeLogReader {
  package struct Entry {
    package var outcome: Outcome
    package var fingerprint: UInt64
    package var details: JSONValue
  }

  private var input: BufferedInput
  private let path: String
  private var early: [UInt64: Entry] = [:]
  private(set) package var removals: [JSONValue] = []

  /// - Throws: `OperationFailure`.
  package init(path: String) throws {
    self.path = path
    input = BufferedInput(try KeptFile.input(path))
    guard try Array(input.take(ChangeLog.header.count)) == ChangeLog.header else { throw damaged() }
  }

  /// The entry of a record; nil if there is none. To be called for each record, in order.
  ///
  /// - Throws: `OperationFailure` if the log is damaged.
  package func entry(of ordinal: UInt64) throws -> Entry? {
    if let entry = early.removeValue(forKey: ordinal) { return entry }
    while let (number, entry) = try next() {
      if number == ordinal { return entry }
      early[number] = entry
    }
    return nil
  }

  /// Reads the rest, after which `removals` has all of them.
  ///
  /// - Throws: as `entry`.
  package func finish() throws { while try next() != nil {} }

  private func next() throws -> (ordinal: UInt64, entry: Entry)? {
    while true {
      let head = Array(try input.take(ChangeLog.headBytes))
      if head.isEmpty { return nil }
      guard head.count == ChangeLog.headBytes, let outcome = Outcome(storedCode: head[8]) else { throw damaged() }
      func number(_ range: Range<Int>) -> UInt64 { head[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
      let length = Int(number(17..<21))
      let bytes = try input.take(length)
      guard bytes.count == length, let details = try? JSONReader.read(Array(bytes)) else { throw damaged() }
      let ordinal = number(0..<8)
      guard ordinal == ChangeLog.removal else {
        return (ordinal, Entry(outcome: outcome, fingerprint: number(9..<17), details: details))
      }
      removals.append(details)
    }
  }

  private func damaged() -> OperationFailure { OperationFailure(.fault, "\(path) cannot be read back: run again") }
}
