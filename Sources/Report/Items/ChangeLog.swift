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

/// Reads a change log. The entries need not be in the order of the records: of those that come early, only their places are kept in
/// memory or, if the log has been compressed since, the entries themselves.
package final class ChangeLogReader {
  package struct Entry {
    package var outcome: Outcome
    package var fingerprint: UInt64
    package var details: JSONValue
  }

  private enum Early {
    case place(Int)
    case entry(Entry)
  }

  private var walk: Walk
  private let path: String
  /// Nil: the log is compressed.
  private let regions: FileRegions?
  private var early: [UInt64: Early] = [:]

  /// - Throws: `OperationFailure`.
  package init(path: String) throws {
    self.path = path
    regions = FileKind.of(path) == .regular ? try FileRegions(path: path) : nil
    walk = try Walk(path)
  }

  /// The entry of a record; nil if there is none. To be called for each record, in order.
  ///
  /// - Throws: `OperationFailure` if the log is damaged.
  package func entry(of ordinal: UInt64) throws -> Entry? {
    switch early.removeValue(forKey: ordinal) {
    case .entry(let entry)?: return entry
    case .place(let place)?: return try entry(at: place)
    case nil: break
    }
    while let (place, head, details) = try walk.next() {
      if head.ordinal == ordinal { return try Walk.entry(head, details, path) }
      guard !head.isRemoval else { continue }
      early[head.ordinal] = regions == nil ? .entry(try Walk.entry(head, details, path)) : .place(place)
    }
    return nil
  }

  package struct Head {
    package var ordinal: UInt64
    package var outcome: Outcome
    package var fingerprint: UInt64
    var length: Int
    package var isRemoval: Bool { ordinal == ChangeLog.removal }
  }

  /// Reads a whole log, in the order in which it was written.
  ///
  /// - Parameter body: gets the details of the entry, which cost more to read, if it calls for them.
  /// - Throws: `OperationFailure` if the log is damaged; what `body` throws.
  package static func forEach(in path: String, _ body: (Head, () throws -> JSONValue) throws -> Void) throws {
    var walk = try Walk(path)
    while let (_, head, details) = try walk.next() { try body(head) { try Walk.entry(head, details, path).details } }
  }

  private func entry(at place: Int) throws -> Entry? {
    guard let regions else { return nil }
    let head = try Walk.head(try regions.bytes(place..<place + ChangeLog.headBytes), path)
    let start = place + ChangeLog.headBytes
    return try Walk.entry(head, try regions.bytes(start..<start + head.length), path)
  }

  /// The records that the target would lose. Reads the whole log.
  ///
  /// - Throws: `OperationFailure` if the log is damaged; what `body` throws.
  package func forEachRemoval(_ body: (JSONValue) throws -> Void) throws {
    var walk = try Walk(path)
    while let (_, head, details) = try walk.next() {
      if head.isRemoval { try body(try Walk.entry(head, details, path).details) }
    }
  }

  /// From the first entry to the last.
  private struct Walk {
    private var input: BufferedInput
    private let path: String
    private var place = ChangeLog.header.count

    init(_ path: String) throws {
      self.path = path
      input = BufferedInput(try KeptFile.input(path))
      guard try Array(input.take(ChangeLog.header.count)) == ChangeLog.header else { throw Self.damaged(path) }
    }

    mutating func next() throws -> (place: Int, head: Head, details: [UInt8])? {
      let bytes = Array(try input.take(ChangeLog.headBytes))
      if bytes.isEmpty { return nil }
      let head = try Self.head(bytes, path)
      let details = Array(try input.take(head.length))
      guard details.count == head.length else { throw Self.damaged(path) }
      defer { place += bytes.count + details.count }
      return (place, head, details)
    }

    static func head(_ bytes: [UInt8], _ path: String) throws -> Head {
      guard bytes.count == ChangeLog.headBytes, let outcome = Outcome(storedCode: bytes[8]) else { throw damaged(path) }
      func number(_ range: Range<Int>) -> UInt64 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
      return Head(ordinal: number(0..<8), outcome: outcome, fingerprint: number(9..<17), length: Int(number(17..<21)))
    }

    static func entry(_ head: Head, _ details: [UInt8], _ path: String) throws -> Entry {
      guard details.count == head.length, let json = try? JSONReader.read(details) else { throw damaged(path) }
      return Entry(outcome: head.outcome, fingerprint: head.fingerprint, details: json)
    }

    private static func damaged(_ path: String) -> OperationFailure {
      OperationFailure(.fault, "\(path) cannot be read back: run again")
    }
  }
}
