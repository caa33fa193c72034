import CZlib
import Core
package import Files

/// The content of gzip data (RFC 1952), piece by piece; consecutive members are read as one. Zero bytes after a member, as
/// tapes and disk blocks leave them, are skipped. Anything else there is refused, and so is data without any member.
package final class GzipInput: ByteInput {
  private var input: any ByteInput
  private let path: String
  private let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isBetweenMembers = true
  private var hasMember = false
  private var hasEnded = false

  /// - Throws: `OperationFailure` if there is not enough memory for the decompressor.
  package init(_ input: any ByteInput, path: String) throws {
    self.input = input
    self.path = path
    stream.initialize(to: z_stream())
    // 16: with a gzip header and trailer.
    guard inflateInit2_(stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw OperationFailure.reading(path, "not enough memory to decompress it")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  package func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    guard count > 0 else { return 0 }
    let room = UInt32(clamping: count)
    stream.pointee.next_out = buffer
    stream.pointee.avail_out = room
    while stream.pointee.avail_out == room {
      if stream.pointee.avail_in == 0 { try refill() }
      if hasEnded, stream.pointee.avail_in == 0 {
        guard isBetweenMembers else { throw OperationFailure.reading(path, "the compressed data is truncated") }
        guard hasMember else { throw OperationFailure.reading(path, "it is empty, which is not valid gzip data") }
        return 0
      }
      if isBetweenMembers, hasMember, try !skipPadding() { continue }
      isBetweenMembers = false
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: continue
      case Z_STREAM_END:
        isBetweenMembers = true
        hasMember = true
        guard inflateReset(stream) == Z_OK else { throw OperationFailure.reading(path, "it cannot be decompressed") }
      case Z_MEM_ERROR: throw OperationFailure.reading(path, "not enough memory to decompress it")
      default:
        // What has content also had the header of gzip data.
        let reason = stream.pointee.total_out == 0 ? "it is not gzip data, or is damaged" : "the compressed data is damaged"
        throw OperationFailure.reading(path, reason)
      }
    }
    return Int(room - stream.pointee.avail_out)
  }

  /// Skips zero bytes after a member. False if no other byte has arrived yet.
  private func skipPadding() throws -> Bool {
    while stream.pointee.avail_in > 0, let next = stream.pointee.next_in {
      guard next.pointee == 0 else {
        // The first byte of every member.
        guard next.pointee == 0x1F else {
          throw OperationFailure.reading(path, "something that is not gzip data follows the compressed data")
        }
        return true
      }
      stream.pointee.next_in = next + 1
      stream.pointee.avail_in -= 1
    }
    return false
  }

  private func refill() throws {
    guard !hasEnded, let base = chunk.baseAddress else { return }
    let received = try input.read(into: base, count: chunk.count)
    hasEnded = received == 0
    stream.pointee.next_in = base
    stream.pointee.avail_in = UInt32(received)
  }
}
