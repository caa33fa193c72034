import Core
import Files

/// Reads an item log, item by item, in constant memory.
package struct ItemLogReader {
  private var items: BufferedInput
  private var keys: BufferedInput
  private let path: String
  private let keyBytes: Int
  private var keyEnd = 0

  /// - Parameter base: the path without `.items`.
  /// - Throws: `OperationFailure`.
  package init(_ base: String) throws {
    path = ItemLog.itemsPath(base)
    items = BufferedInput(try FileInput(path: path))
    keyBytes = FileKind.size(of: ItemLog.keysPath(base)) ?? 0
    keys = BufferedInput(try FileInput(path: ItemLog.keysPath(base)))
  }

  /// Nil at the end.
  ///
  /// - Returns: the entry, and its key; nil where it has none.
  /// - Throws: `OperationFailure` if the log is damaged or cut off.
  package mutating func next() throws -> (entry: ItemLog.Entry, key: String?)? {
    let bytes = try items.take(ItemLog.entryBytes)
    if bytes.isEmpty { return nil }
    guard let entry = ItemLog.Entry(bytes), entry.keyEnd >= keyEnd, entry.keyEnd <= keyBytes else { throw damaged() }
    let key = try keys.take(entry.keyEnd - keyEnd)
    guard key.count == entry.keyEnd - keyEnd else { throw damaged() }
    keyEnd = entry.keyEnd
    return (entry, key.isEmpty ? nil : String(decoding: key, as: UTF8.self))
  }

  private func damaged() -> OperationFailure { OperationFailure(.fault, "\(path) cannot be read back: run again") }
}
