import Testing

@testable import Files

/// The first bytes of an input.
@Suite struct PrefixInputTests {
  @Test(arguments: [0, 1, 4, 5, 6, 99], [1, 3, 64]) func `it ends after its count`(_ count: Int, _ piece: Int) throws {
    var input = PrefixInput(MemoryInput(Array("12345".utf8), pieceSize: piece), count: count)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    while let base = buffer.baseAddress, case let received = try input.read(into: base, count: 64), received > 0 {
      bytes += buffer[..<received]
    }
    #expect(String(decoding: bytes, as: UTF8.self) == String("12345".prefix(count)))
  }
}
