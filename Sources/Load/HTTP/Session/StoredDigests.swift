import Core
import Records

/// Digests of records that the destination has, as if they were to be sent: equal to those of our records with the same values.
final class StoredDigests {
  private var walker = RecordWalker()
  private var digests: RecordDigest
  private let cells: UnsafeMutableBufferPointer<Cell>

  /// - Parameter columns: nil: those of the part.
  init(_ plan: PartPlan, columns: [LoadColumn]? = nil) {
    let columns = columns ?? plan.columns
    digests = plan.digests(of: columns)
    for (slot, column) in columns.enumerated() { walker.addPath(column.path.map { .member($0) }, slot: slot) }
    cells = .allocate(capacity: max(1, columns.count))
    cells.initialize(repeating: .missing)
  }

  deinit { cells.deallocate() }

  /// What the journal stores about a record found in a list of the destination's records.
  func adopted(_ key: Name, _ stored: StoredRecord) -> AdoptedRecord {
    AdoptedRecord(
      key: key, remoteID: stored.remoteID, entityTag: stored.entityTag, digest: stored.record.flatMap { result(of: $0) }?.digest,
      fields: FieldHashes.ofOthers)
  }

  /// Nil if it cannot be compared.
  func result(of record: JSONValue) -> RecordDigest.Result? {
    let text = Array(record.text.utf8)
    let bytes = text + [UInt8](repeating: 0, count: RecordWalker.padding)
    return bytes.withUnsafeBufferPointer { bytes in
      guard walker.indexRecord(UnsafeBufferPointer(rebasing: bytes[..<text.count])) == nil,
        walker.walk(0..<text.count, into: cells) == nil
      else { return nil }
      return digests.result(of: UnsafeBufferPointer(cells))
    }
  }
}
