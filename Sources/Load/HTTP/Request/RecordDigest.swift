package import Core
import Crypto
import Records
import Values

/// Digests of target records, which tell whether a record has changed since the destination accepted it, and in which fields.
///
/// They are over the fields that are sent, sorted by path, whatever the order of the columns: a mapping whose lines were reordered
/// resends nothing. A value counts as it is written in JSON, so that `1` and `"1"` differ, and so do null and a field that is not
/// sent. One for each task: it reuses its memory, and allocates for each record, not for each field.
package struct RecordDigest: ~Copyable {
  private struct Field {
    /// `["address","city"]` and a colon.
    var label: [UInt8]
    var hash: UInt64
    var column: Int
    var omitsNull: Bool
  }

  /// By path.
  private let fields: [Field]
  private let writesMissing: Bool
  private let fingerprint: [UInt8]
  private var text = ByteArena(capacity: 4 * 1024)
  private var hashes = ByteArena(capacity: 1024)

  /// - Parameters:
  ///   - nulls: as in the body of the request.
  ///   - fingerprint: of everything else that decides what the destination will have.
  package init(_ columns: [LoadColumn], nulls: BodyDocument.Nulls = .asMapped, fingerprint: [UInt8] = []) {
    fields = columns.indices
      .map { index in
        let label = Self.label(of: columns[index].path)
        return Field(
          label: label, hash: FieldHashes.hash(ofPath: label.span), column: index,
          omitsNull: nulls == .asMapped ? columns[index].omitsNull : nulls == .omit)
      }
      .sorted { $0.label.lexicographicallyPrecedes($1.label) }
    writesMissing = nulls == .write
    self.fingerprint = Array("\(fingerprint.count):".utf8) + fingerprint + "\n".utf8
  }

  fileprivate static func label(of path: [String]) -> [UInt8] {
    Array("\(JSONValue.array(path.map { .string($0) }).text):".utf8)
  }

  package struct Result: Sendable, Hashable {
    /// SHA-256.
    package var digest: [UInt8]
    /// To be compared with those of another version of the record: see `FieldHashes`.
    package var fields: [UInt8]
  }

  package mutating func result(of cells: UnsafeBufferPointer<Cell>) -> Result {
    text.reset()
    text.begin()
    hashes.reset()
    hashes.begin()
    hashes.append(FieldHashes.version)
    let fingerprint = fingerprint
    text.append(fingerprint.span)
    for index in fields.indices {
      let cell = cells[fields[index].column]
      let isSent = cell.kind == .missing ? writesMissing : cell.kind != .null || !fields[index].omitsNull
      guard isSent else { continue }
      // A line of text cannot be taken for another one: JSON as it is written here has no line breaks.
      let label = fields[index].label
      text.append(label.span)
      let start = text.pendingCount
      JSONRecordEncoder.encode(cell, into: &text)
      hashes.append(word: fields[index].hash)
      hashes.append(word: text.withPending { Hash64.of($0[start..<$0.count].span, seed: fields[index].hash) })
      text.append(UInt8(ascii: "\n"))
    }
    var digest = SHA256()
    text.withPending { digest.update(bufferPointer: UnsafeRawBufferPointer($0.buffer)) }
    return Result(digest: Array(digest.finalize()), fields: Array(hashes.finish().buffer))
  }
}

/// Hashes of a record's fields: for each field that is sent, 16 bytes with the hash of its path, then of its value. The value is 0
/// if the destination did not apply it, and 1 if the field was left out and the destination keeps an old value. The first byte is
/// the version of the format.
package enum FieldHashes {
  static let version: UInt8 = 1
  static let width = 16

  static func hash(ofPath label: Span<UInt8>) -> UInt64 { Hash64.of(label) }

  // MARK: Values that were not applied

  /// Instead of hashes: the destination had the record, and Waybill has not written it yet.
  static let ofOthers: [UInt8] = [0]

  /// The hashes of a record, with marks for the values that the destination does not have as they were sent.
  ///
  /// - Parameters:
  ///   - columns: those that it did not apply.
  ///   - kept: those that the record leaves out, and that the destination keeps.
  package static func marking(_ columns: [LoadColumn], kept: [LoadColumn] = [], in fields: [UInt8]) -> [UInt8] {
    guard table(fields) != nil else { return fields }
    let paths = Set(columns.map { hash(of: $0) })
    var marked = fields
    for start in stride(from: 1, to: fields.count, by: width) where paths.contains(word(fields, start)) {
      for index in start + 8..<start + width { marked[index] = 0 }
    }
    for path in kept.map({ hash(of: $0) }) { marked += bytes(of: path) + bytes(of: keptMark) }
    return marked
  }

  /// The indices of the columns that have a value in the earlier version of a record and are left out of the later one. Without
  /// those that were already marked as kept.
  package static func omitted(from earlier: [UInt8], in later: [UInt8], columns: [LoadColumn]) -> [Int] {
    // Most records leave out nothing: the same fields, in the same order.
    if earlier.count == later.count, hasSamePaths(earlier, later) { return [] }
    guard let old = table(earlier), let new = table(later) else { return [] }
    guard old.keys.contains(where: { new[$0] == nil }) else { return [] }
    return columns.indices.filter { index in
      let path = hash(of: columns[index])
      guard let value = old[path], new[path] == nil else { return false }
      return value != keptMark && value != hash(ofNullAt: path)
    }
  }

  private static func hasSamePaths(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    for start in stride(from: 1, to: one.count - width + 1, by: width) {
      for index in start..<start + 8 where one[index] != other[index] { return false }
    }
    return true
  }

  /// The indices of the columns that the destination does not have as they were sent. Fast if there are none.
  package static func marked(in fields: [UInt8], columns: [LoadColumn]) -> (notApplied: [Int], kept: [Int]) {
    guard fields.first == version, (fields.count - 1).isMultiple(of: width) else { return ([], []) }
    var (notApplied, kept): (Set<UInt64>, Set<UInt64>) = ([], [])
    for start in stride(from: 1, to: fields.count, by: width) {
      switch word(fields, start + 8) {
      case 0: notApplied.insert(word(fields, start))
      case keptMark: kept.insert(word(fields, start))
      default: continue
      }
    }
    if notApplied.isEmpty, kept.isEmpty { return ([], []) }
    return (
      columns.indices.filter { notApplied.contains(hash(of: columns[$0])) },
      columns.indices.filter { kept.contains(hash(of: columns[$0])) }
    )
  }

  private static let keptMark: UInt64 = 1

  private static func hash(of column: LoadColumn) -> UInt64 { hash(ofPath: RecordDigest.label(of: column.path).span) }

  private static func hash(ofNullAt path: UInt64) -> UInt64 { Hash64.of(Array("null".utf8).span, seed: path) }

  private static func bytes(of word: UInt64) -> [UInt8] { withUnsafeBytes(of: word.littleEndian) { Array($0) } }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The hash of each field's value, by that of its path.
  private static func table(_ bytes: [UInt8]) -> [UInt64: UInt64]? {
    guard bytes.first == version, (bytes.count - 1).isMultiple(of: width) else { return nil }
    return Dictionary(
      stride(from: 1, to: bytes.count, by: width).map { (word(bytes, $0), word(bytes, $0 + 8)) },
      uniquingKeysWith: { _, last in last })
  }
}
