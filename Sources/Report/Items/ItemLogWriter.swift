import Core
import Files
package import Transform

/// Writes an item log, batch by batch.
package final class ItemLogWriter {
  private let items: OutputFile
  private let keys: OutputFile
  private var stagedBytes = 0
  /// The entries of whole batches.
  private var whole = 0

  /// - Parameter base: the path without `.items`.
  /// - Throws: `OperationFailure`.
  package init(_ base: String) throws {
    // The log of an earlier attempt must not be mistaken for what this one has read.
    for path in [ItemLog.itemsPath(base), ItemLog.keysPath(base)] where FileKind.of(path) == .regular { FileRemoval.file(path) }
    keys = try OutputFile(path: ItemLog.keysPath(base), mode: 0o600)
    items = try OutputFile(path: ItemLog.itemsPath(base), mode: 0o600)
  }

  /// The items of a batch whose staged bytes and ledger lines have been written.
  ///
  /// - Parameter ledgerEnds: one per item.
  /// - Throws: `OperationFailure`.
  package func append(_ batch: LaneItems, _ log: ProblemLog, ledgerEnds: [Int]) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.items.count * ItemLog.entryBytes)
    let firstKey = keys.byteCount
    var keyEnd = 0
    for (index, item) in batch.items.enumerated() {
      keyEnd = item.key?.upperBound ?? keyEnd
      let entry = ItemLog.Entry(
        line: item.mark.line, stagedEnd: stagedBytes + item.outputEnd, ledgerEnd: ledgerEnds[index],
        keyEnd: firstKey + keyEnd,
        element: item.mark.element,
        code: item.outcome == .rejected ? log.problems[batch.problems(of: index)].first { $0.severity == .error }?.code : nil,
        outcome: item.outcome, kind: item.mark.element < 0 ? .record : .element)
      entry.append(to: &bytes)
    }
    try keys.write(batch.keys)
    try items.write(bytes)
    stagedBytes += batch.items.last?.outputEnd ?? 0
    whole += batch.items.count
  }

  /// - Throws: `OperationFailure`.
  package func commit() throws {
    try keys.commit()
    try items.commit()
  }

  /// After a failed transform, keeps the complete batches on a best-effort basis.
  package func keepWhole() {
    items.truncate(to: whole * ItemLog.entryBytes)
    try? commit()
  }
}
