package import Core
import Files

/// What became of the staged records of a mapping at one destination: a file in the run's folder of the destination.
///
///     DESTINATION/MAPPING.fates   the bytes `fates 2` and a line break, then one entry of 24 bytes per report, little-endian:
///                                 ordinal u64, outcome u8, 0 u8, code u16, attempt u32, place u64
///
/// Entries are in the order in which they were reported; for a record with several, the last one counts. The place is where the line
/// that explains the outcome begins in the run's ledger, in bytes, plus 1; 0: there is none.
///
/// Run folders before version 5 have no first line, and entries of 16 bytes, without a place.
package enum FateLog {
  package static let entryBytes = 24
  static let header = Array("fates 2\n".utf8)
  static let entryBytesOfVersion1 = 16
}

/// Writes a fate log.
package final class FateLogWriter {
  private let file: OutputFile
  private var buffer = FateLog.header

  private static let flushBytes = 64 * 1024

  /// - Throws: `OperationFailure`.
  package init(path: String) throws { file = try OutputFile(path: path, mode: 0o600) }

  /// - Parameter place: of the ledger line that explains it.
  /// - Throws: `OperationFailure`.
  package func append(_ ordinal: UInt64, _ outcome: LoadOutcome, place: Int? = nil) throws {
    append(ordinal, 8)
    buffer.append(outcome.outcome.storedCode)
    buffer.append(0)
    // 0 stands for none.
    append(UInt64(outcome.code.map { $0.rawValue + 1 } ?? 0), 2)
    append(UInt64(outcome.attempt), 4)
    append(UInt64(place.map { $0 + 1 } ?? 0), 8)
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
  package func commit() throws {
    try flush()
    try file.commit()
  }
}
