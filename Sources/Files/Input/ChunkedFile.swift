import Glibc

/// Reads a file in chunks.
package struct ChunkedFile: ~Copyable {
  private let descriptor: Int32

  package init?(path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
  }

  deinit { _ = Self.closing(descriptor) }

  /// Nil at the end, and if reading fails.
  package func next() -> [UInt8]? {
    let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    return chunk.isEmpty ? nil : chunk
  }

  private static func closing(_ descriptor: Int32) -> Int32 { close(descriptor) }
}
