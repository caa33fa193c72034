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

  static func label(of path: [String]) -> [UInt8] {
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
