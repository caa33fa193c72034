import Files

/// Reads from an input in chunks of any size.
struct BufferedInput {
  private var input: any ByteInput
  private var buffer: [UInt8] = []
  private var position = 0

  private static let chunk = 256 * 1024

  init(_ input: any ByteInput) { self.input = input }

  /// The next `count` bytes; fewer at the end. A count that is too large, from a damaged file, takes no more memory than the file.
  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    while buffer.count - position < count {
      var more = [UInt8](repeating: 0, count: Self.chunk)
      let size = try more.withUnsafeMutableBufferPointer { bytes in
        try bytes.baseAddress.map { try input.read(into: $0, count: bytes.count) } ?? 0
      }
      if size == 0 { break }
      buffer.removeFirst(position)
      position = 0
      buffer += more[..<size]
    }
    let end = position + min(buffer.count - position, count)
    defer { position = end }
    return buffer[position..<end]
  }
}
