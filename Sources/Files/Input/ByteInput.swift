/// Bytes from a file, a pipe or a decompressor.
package protocol ByteInput {
  /// Reads up to `count` bytes; 0 at the end. Throws `OperationFailure`.
  mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int
}

extension ByteInput {
  /// The bytes from here to the end; nil if there are more than `maximumBytes`. Throws `OperationFailure`.
  package mutating func readAll(atMost maximumBytes: Int = .max) throws -> [UInt8]? {
    let pieceSize = 64 * 1024
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: pieceSize)
    defer { piece.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try read(into: piece, count: pieceSize)
      guard count > 0 else { return bytes }
      guard count <= maximumBytes - bytes.count else { return nil }
      bytes.append(contentsOf: UnsafeBufferPointer(start: piece, count: count))
    }
  }
}
