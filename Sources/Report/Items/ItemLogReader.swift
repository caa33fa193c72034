import Core
import Records

/// Reads an item log, item by item, in constant memory. Its files may have been compressed since they were written.
package struct ItemLogReader {
  private var items: BufferedInput
  private var keys: BufferedInput
  private let path: String
  private var keyEnd = 0

  /// - Parameter base: the path without `.items`.
  /// - Throws: `OperationFailure`.
  package init(_ base: String) throws {
    path = ItemLog.itemsPath(base)
    items = BufferedInput(try KeptFile.input(path))
    keys = BufferedInput(try KeptFile.input(ItemLog.keysPath(base)))
  }

  /// Nil at the end.
  ///
  /// - Returns: the entry, and its key; nil where it has none.
  /// - Throws: `OperationFailure` if the log is damaged or cut off.
  package mutating func next() throws -> (entry: ItemLog.Entry, key: String?)? {
    let bytes = try items.take(ItemLog.entryBytes)
    if bytes.isEmpty { return nil }
    guard let entry = ItemLog.Entry(bytes), entry.keyEnd >= keyEnd else { throw damaged() }
    let key = try keys.take(entry.keyEnd - keyEnd)
    guard key.count == entry.keyEnd - keyEnd else { throw damaged() }
    keyEnd = entry.keyEnd
    return (entry, key.isEmpty ? nil : String(decoding: key, as: UTF8.self))
  }

  private func damaged() -> OperationFailure { OperationFailure(.fault, "\(path) cannot be read back: run again") }
}
