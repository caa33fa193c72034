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

/// Reads from an input in chunks of any size.
private struct BufferedInput {
  private var input: any ByteInput
  private var buffer: [UInt8] = []
  private var position = 0

  private static let chunk = 256 * 1024

  init(_ input: any ByteInput) { self.input = input }

  /// The next `count` bytes; fewer at the end.
  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    while buffer.count - position < count {
      var more = [UInt8](repeating: 0, count: max(Self.chunk, count))
      let size = try more.withUnsafeMutableBufferPointer { bytes in
        try bytes.baseAddress.map { try input.read(into: $0, count: bytes.count) } ?? 0
      }
      if size == 0 { break }
      buffer.removeFirst(position)
      position = 0
      buffer += more[..<size]
    }
    let end = min(buffer.count, position + count)
    defer { position = end }
    return buffer[position..<end]
  }
}
