import CZlib
import Core
import Files

/// Compresses files that are kept but rarely read.
package enum GzipFile {
  private static let pieceSize = 256 * 1024

  /// Writes the content of the gzip data at `path` to `target`, completely or not at all; only the owner may read it.
  ///
  /// - Throws: `OperationFailure`, and `CancellationError` between pieces.
  package static func expand(_ path: String, to target: String) throws {
    let input = try GzipInput(FileInput(path: path), path: path)
    let output = try OutputFile(path: target, mode: 0o600)
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: pieceSize)
    defer { piece.deallocate() }
    guard let base = piece.baseAddress else { return }
    while true {
      try Task.checkCancellation()
      let count = try input.read(into: base, count: pieceSize)
      if count == 0 { break }
      try output.write(Text(start: base, count: count))
    }
    try output.commit()
  }

  /// Writes the content of `path` to `target` as gzip data, completely or not at all; only the owner may read it.
  ///
  /// - Throws: `OperationFailure`, and `CancellationError` between pieces.
  package static func compress(_ path: String, to target: String) throws {
    var input: any ByteInput = try FileInput(path: path)
    let output = try OutputFile(path: target, mode: 0o600)
    let pieces = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * pieceSize)
    defer { pieces.deallocate() }
    guard let read = pieces.baseAddress else { return }
    let packed = read + pieceSize
    var stream = z_stream()
    // The fastest level, because such files are written in every run. 16: with a gzip header and trailer.
    guard
      deflateInit2_(
        &stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw OperationFailure.reading(path, "not enough memory to compress it") }
    defer { deflateEnd(&stream) }
    var flush = Z_NO_FLUSH
    while flush != Z_FINISH {
      try Task.checkCancellation()
      let count = try input.read(into: read, count: pieceSize)
      flush = count == 0 ? Z_FINISH : Z_NO_FLUSH
      stream.next_in = read
      stream.avail_in = UInt32(count)
      repeat {
        stream.next_out = packed
        stream.avail_out = UInt32(pieceSize)
        deflate(&stream, flush)
        try output.write(Text(start: packed, count: pieceSize - Int(stream.avail_out)))
      } while stream.avail_out == 0
    }
    try output.commit()
  }
}
