import Files

/// The bytes of a JSON text, read in pieces, and the place of the next one.
struct JSONBytes {
  private var input: any ByteInput
  private let memory = Memory()
  private let chunk: UnsafeMutableBufferPointer<UInt8>
  private var count = 0
  private var position = 0
  private var hasEnded = false
  private(set) var line = 1
  private(set) var offset = 0

  private final class Memory {
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    deinit { chunk.deallocate() }
  }

  init(_ input: any ByteInput) {
    self.input = input
    chunk = memory.chunk
  }

  /// Whether there is another byte; reads the next chunk if the current one is used up.
  ///
  /// - Throws: as the input.
  mutating func refill() throws -> Bool {
    guard position == count else { return true }
    guard !hasEnded, let base = chunk.baseAddress else { return false }
    count = try input.read(into: base, count: chunk.count)
    position = 0
    hasEnded = count == 0
    return !hasEnded
  }

  /// The next byte; there must be one.
  var next: UInt8 { chunk[position] }

  /// What is left of the current chunk.
  var rest: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: chunk[position..<count]) }

  /// Skips bytes of the current chunk, counting lines.
  mutating func advance(_ count: Int) {
    var breaks = 0
    for index in position..<position + count { breaks &+= chunk[index] == 0x0A ? 1 : 0 }
    line += breaks
    position += count
    offset += count
  }

  /// After a failure in the middle of an element: the place before it.
  mutating func back(toLine line: Int, offset: Int) { (self.line, self.offset) = (line, offset) }

  /// Skips a byte order mark; false if there is none, which leaves the place undefined.
  mutating func skipMark() throws -> Bool {
    for expected in UnicodeForm.utf8.mark {
      guard try refill(), next == expected else { return false }
      advance(1)
    }
    return true
  }

  /// The next byte that is not white space, nor of a byte order mark; nil at the end.
  mutating func skipSpace() throws -> UInt8? {
    while try refill() {
      switch next {
      case 0x20, 0x0A, 0x0D, 0x09: advance(1)
      case 0xEF where offset == 0: for _ in 0..<3 where try refill() { advance(1) }
      default: return next
      }
    }
    return nil
  }
}
