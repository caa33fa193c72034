package import Core
import Files

/// What became of the staged records of a mapping at one destination: a file in the run's folder of the destination.
///
///     DESTINATION/MAPPING.fates   one entry of 16 bytes per report, little-endian:
///                                 ordinal u64, outcome u8, 0 u8, code u16, attempt u32
///
/// Entries are in the order in which they were reported; for a record with several, the last one counts.
package enum FateLog {
  package static let entryBytes = 16
}

/// Writes a fate log.
package final class FateLogWriter {
  private let file: OutputFile
  private var buffer: [UInt8] = []

  private static let flushBytes = 64 * 1024

  /// - Throws: `OperationFailure`.
  package init(path: String) throws { file = try OutputFile(path: path, mode: 0o600) }

  /// - Throws: `OperationFailure`.
  package func append(_ ordinal: UInt64, _ outcome: LoadOutcome) throws {
    append(ordinal, 8)
    buffer.append(outcome.outcome.storedCode)
    buffer.append(0)
    // 0 stands for none.
    append(UInt64(outcome.code.map { $0.rawValue + 1 } ?? 0), 2)
    append(UInt64(outcome.attempt), 4)
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
