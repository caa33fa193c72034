/// Bytes from a file, a pipe or a decompressor.
package protocol ByteInput {
  /// Reads up to `count` bytes; 0 at the end. Throws `InputFailure`.
  mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int
}

/// An input that cannot be opened or read.
package struct InputFailure: Error, Sendable, CustomStringConvertible {
  package let path: String
  package let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var description: String { "cannot read \(path): \(reason)" }
}
