/// An input whose first bytes can be examined before it is read.
package struct PeekedInput: ByteInput {
  private var input: any ByteInput
  /// What was taken from `input` and not read yet.
  private var head: [UInt8] = []
  private var position = 0
  /// Why `input` ended early; thrown once the bytes before it have been read.
  private var failure: (any Error)?

  package init(_ input: any ByteInput) { self.input = input }

  /// Its first `count` bytes; fewer if it has fewer, or fails before. Only before the first `read`.
  package mutating func peek(_ count: Int) -> [UInt8] {
    while head.count < count, failure == nil {
      let wanted = count - head.count
      var received = 0
      let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
        guard let base = buffer.baseAddress else { return }
        do { received = try input.read(into: base, count: wanted) } catch { failure = error }
        initialized = received
      }
      if received == 0 { break }
      head += piece
    }
    return Array(head.prefix(count))
  }

  /// Skips the next `count` bytes, which `peek` has returned.
  package mutating func skip(_ count: Int) { position += count }

  package mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    guard position < head.count else {
      if let failure { throw failure }
      return try input.read(into: buffer, count: count)
    }
    let size = min(count, head.count - position)
    head.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { buffer.update(from: base + position, count: size) }
    }
    position += size
    return size
  }
}
