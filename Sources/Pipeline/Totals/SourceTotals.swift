import Core
import Files
import Load
import Report
import Transform

/// What a mapping has read, from its item log and its input.
enum SourceTotals {
  private static let keyMemory = 16 << 20

  /// - Parameters:
  ///   - base: the path of the mapping's item log, without its extension.
  ///   - source: the input; nil: it cannot be read any more.
  ///   - scratch: a private folder.
  /// - Throws: `OperationFailure`, `CancellationError`.
  static func of(
    _ base: String, _ source: SourceColumns?, digestKey: [UInt8], scratch: String
  ) throws -> ControlTotalsDocument.Source {
    var totals = try items(of: base, scratch: scratch)
    // A replay takes only some of the records.
    guard let source, !source.isSelected else { return totals }
    var digest = SetDigest(key: digestKey)
    var records = 0
    var input = try source.open()
    let batch = RecordBatch()
    while try input.fill(batch) {
      try Task.checkCancellation()
      for item in batch.items { digest.add(UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])) }
      records += batch.items.count
    }
    totals.records = records
    totals.digest = digest.text
    return totals
  }

  /// Keys of records that have none do not count.
  private static func items(of base: String, scratch: String) throws -> ControlTotalsDocument.Source {
    let keys = KeySet(limit: keyMemory, folder: scratch)
    var reader = try ItemLogReader(base)
    var items = 0
    while let (_, key) = try reader.next() {
      items += 1
      guard var key else { continue }
      let digest = key.withUTF8 { bytes in bytes.baseAddress.map { KeyDigest.of(Text(start: $0, count: bytes.count)) } }
      if let digest { _ = try keys.insert(digest) }
    }
    return .init(items: items, distinctKeys: keys.count)
  }
}
