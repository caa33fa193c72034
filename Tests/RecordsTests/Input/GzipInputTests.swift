import Core
import Testing

@testable import Records

@Suite struct GzipInputTests {
  /// A member of gzip data whose content is stored as it is.
  private static func member(_ text: String) -> [UInt8] {
    let content = Array(text.utf8)
    func little(_ value: UInt32, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var checksum: UInt32 = ~0
    for byte in content {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    let count = UInt32(content.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(count, 2) + little(~count, 2) + content + little(~checksum, 4)
      + little(count, 4)
  }

  private func read(_ bytes: [UInt8], piece: Int) throws -> String {
    let input = try GzipInput(MemoryInput(bytes, pieceSize: piece), path: "x.gz")
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 5)
    defer { buffer.deallocate() }
    var found: [UInt8] = []
    while true {
      let count = try input.read(into: buffer, count: 5)
      guard count > 0 else { return String(decoding: found, as: UTF8.self) }
      found += UnsafeBufferPointer(start: buffer, count: count)
    }
  }

  private static let zeros: [UInt8] = Array(repeating: 0, count: 700)

  @Test(arguments: [
    (member("a,b\n"), "a,b\n"), (member(""), ""), (member("one ") + member("two"), "one two"),
    (member("one") + zeros, "one"), (member("one") + [0], "one"), (member("one ") + zeros + member("two") + zeros, "one two"),
    (member("") + zeros + member("x"), "x"),
  ])
  func `members are read as one, and zeros behind them are passed over`(bytes: [UInt8], expected: String) throws {
    for piece in [1, 3, 100_000] { #expect(try read(bytes, piece: piece) == expected) }
  }

  @Test(
    arguments: [
      ([], "it is empty"), (zeros, "no gzip data"), (zeros + member("x"), "no gzip data"), (Array("a,b\n".utf8), "no gzip data"),
      (member("x") + [1], "follows the compressed data"), (member("x") + zeros + Array("y".utf8), "follows the compressed data"),
      (member("x") + [0x1F], "ends in the middle"), (member("x") + zeros + [0x1F, 0x8B], "ends in the middle"),
      (member("x") + [0x1F, 0x00, 0x00], "no gzip data"),
    ] as [([UInt8], String)])
  func `what is not gzip data is refused, with the file's name`(bytes: [UInt8], reason: String) {
    for piece in [1, 3, 100_000] {
      let failure = #expect(throws: InputFailure.self) { try read(bytes, piece: piece) }
      #expect(failure?.path == "x.gz")
      #expect(failure?.reason.contains(reason) == true, "\(failure?.reason ?? "")")
    }
  }

  @Test func `data that ends too soon never reads as whole`() {
    let bytes = Self.member("some text of a file\n")
    for count in 0..<bytes.count {
      for piece in [1, 100] {
        #expect(throws: InputFailure.self, "\(count) bytes") { try read(Array(bytes.prefix(count)), piece: piece) }
      }
    }
  }

  @Test func `a damaged checksum is damage`() {
    var bytes = Self.member("some text")
    bytes[bytes.count - 6] ^= 1
    #expect(throws: InputFailure.self) { try read(bytes, piece: 100) }
  }
}
