/// Bytes from a file, a pipe or a decompressor.
package protocol ByteInput {
  /// Reads up to `count` bytes; 0 at the end. Throws `OperationFailure`.
  mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int
}
