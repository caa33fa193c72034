import Core

/// The lines of an input, one at a time.
package struct LineReader: ~Copyable {
  package struct Line {
    /// From 1.
    package var number: Int
    /// Without its line break.
    package var bytes: ArraySlice<UInt8>
    /// False for a last line without a line break.
    package var isTerminated: Bool
  }

  private static let pieceSize = 64 * 1024

  private var input: any ByteInput
  private let name: String
  private let longest: Int
  private var buffer: [UInt8] = []
  /// Where the next line begins in `buffer`.
  private var start = 0
  private var count = 0
  private var hasEnded = false

  /// - Parameters:
  ///   - name: of the input, in failures.
  ///   - longest: how many bytes a line may have.
  package init(_ input: any ByteInput, name: String, longest: Int = 1 << 20) {
    self.input = input
    self.name = name
    self.longest = longest
  }

  /// Nil at the end.
  ///
  /// - Throws: `OperationFailure`: `wrongFile` if a line is too long, or the input cannot be read.
  package mutating func next() throws -> Line? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return try line(start..<end, isTerminated: true)
      }
      searched = buffer.count
      if hasEnded {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return try line(start..<buffer.count, isTerminated: false)
      }
      if buffer.count - start > longest { throw tooLong }
      if start > 0 {
        buffer.removeFirst(start)
        searched -= start
        start = 0
      }
      try refill()
    }
  }

  private mutating func line(_ range: Range<Int>, isTerminated: Bool) throws -> Line {
    guard range.count <= longest else { throw tooLong }
    count += 1
    return Line(number: count, bytes: buffer[range], isTerminated: isTerminated)
  }

  private var tooLong: OperationFailure {
    OperationFailure(.wrongFile, "\(name): line \(count + 1) has more than \(longest) bytes")
  }

  private mutating func refill() throws {
    var piece = [UInt8](repeating: 0, count: Self.pieceSize)
    let received = try piece.withUnsafeMutableBufferPointer { piece in
      try piece.baseAddress.map { try input.read(into: $0, count: piece.count) } ?? 0
    }
    if received == 0 { hasEnded = true }
    buffer += piece[..<received]
  }
}
