package import Core
import Values

/// Hashes of a record's fields: for each field that is sent, 16 bytes with the hash of its path, then of its value. The value is 0
/// if the destination did not apply it, and 1 if the field was left out and the destination keeps an old value. The first byte is
/// the version of the format.
package enum FieldHashes {
  static let version: UInt8 = 1
  static let width = 16

  static func hash(ofPath label: Span<UInt8>) -> UInt64 { Hash64.of(label) }

  // MARK: Changes

  /// A field that differs between two versions of a record.
  struct Change: Hashable {
    /// Of the field's path, as `hash(of:)` makes it.
    var path: UInt64
    /// The hash of the value; nil: the version does not have the field.
    var old: UInt64?
    var new: UInt64?

    /// The destination did not apply the earlier value, or kept an even older one: what it has is not known.
    var isMarked: Bool { old == FieldHashes.notAppliedMark || old == FieldHashes.keptMark }
  }

  /// What differs between two versions of a record, in the order of the later one, followed by what only the earlier one has. A field
  /// that was not applied always counts as different, because the hash of its value is gone.
  ///
  /// - Returns: nil if one of them is not a list of hashes.
  static func changes(from earlier: [UInt8], to later: [UInt8]) -> [Change]? {
    guard let old = table(earlier), let new = table(later) else { return nil }
    let added = paths(in: later).compactMap { path in
      let change = Change(path: path, old: old[path], new: new[path])
      return change.old == change.new ? nil : change
    }
    let removed = paths(in: earlier).compactMap { path in
      // What the destination kept was removed before.
      new[path] == nil && old[path] != keptMark ? Change(path: path, old: old[path], new: nil) : nil
    }
    return added + removed
  }

  private static func paths(in fields: [UInt8]) -> [UInt64] {
    var seen: Set<UInt64> = []
    return stride(from: 1, to: fields.count, by: width).map { word(fields, $0) }.filter { seen.insert($0).inserted }
  }

  // MARK: Values that were not applied

  /// Instead of hashes: the destination had the record, and Waybill has not written it yet.
  static let ofOthers: [UInt8] = [0]

  /// Instead of hashes: as `ofOthers`, after Waybill has changed the record and has put it back.
  static let putBack: [UInt8] = [3]

  /// Whether Waybill has not written what the destination has.
  static func isOfOthers(_ fields: [UInt8]) -> Bool { fields == ofOthers || fields == putBack }

  /// Instead of hashes: the destination had the record with other values, and `conflict: adopt` leaves it as it is.
  static let adopted: [UInt8] = [2]

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

  /// The hashes of the fields at the paths only.
  static func keeping(_ paths: [[String]], in fields: [UInt8]) -> [UInt8] {
    guard let table = table(fields) else { return [] }
    let kept = paths.map { hash(of: $0) }.compactMap { path in table[path].map { bytes(of: path) + bytes(of: $0) } }
    return kept.isEmpty ? [] : [version] + kept.joined()
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
      case notAppliedMark: notApplied.insert(word(fields, start))
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

  private static let notAppliedMark: UInt64 = 0
  private static let keptMark: UInt64 = 1

  static func hash(of path: [String]) -> UInt64 { hash(ofPath: RecordDigest.label(of: path).span) }

  private static func hash(of column: LoadColumn) -> UInt64 { hash(of: column.path) }

  static func isMark(_ hash: UInt64) -> Bool { hash == notAppliedMark || hash == keptMark }

  static func isNull(_ hash: UInt64, at path: UInt64) -> Bool { hash == self.hash(ofNullAt: path) }

  private static func hash(ofNullAt path: UInt64) -> UInt64 { Hash64.of(Array("null".utf8).span, seed: path) }

  private static func bytes(of word: UInt64) -> [UInt8] { withUnsafeBytes(of: word.littleEndian) { Array($0) } }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The hash of each field's value, by that of its path.
  static func table(_ bytes: [UInt8]) -> [UInt64: UInt64]? {
    guard bytes.first == version, (bytes.count - 1).isMultiple(of: width) else { return nil }
    return Dictionary(
      stride(from: 1, to: bytes.count, by: width).map { (word(bytes, $0), word(bytes, $0 + 8)) },
      uniquingKeysWith: { _, last in last })
  }
}
