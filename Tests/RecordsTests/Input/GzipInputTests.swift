import Core
import Files
import Testing

@testable import Records

@Suite struct GzipInputTests {
  enum Part: Sendable {
    /// Gzip data with this content.
    case member(String)
    case zeros(Int)
    case bytes([UInt8])
  }

  private static func file(_ parts: [Part]) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in parts {
      switch part {
      case .member(let text): bytes += member(text)
      case .zeros(let count): bytes += Array(repeating: 0, count: count)
      case .bytes(let other): bytes += other
      }
    }
    return bytes
  }

  /// A member with uncompressed content.
  private static func member(_ text: String) -> [UInt8] { member(Array(text.utf8)) }

  static func member(_ content: [UInt8]) -> [UInt8] {
    var checksum: UInt32 = ~0
    for byte in content {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    let count = UInt32(content.count)
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
    bytes += little(count, 2)
    bytes += little(~count, 2)
    bytes += content
    bytes += little(~checksum, 4)
    bytes += little(count, 4)
    return bytes
  }

  private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
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

  private static let good: [([Part], String)] = [
    ([.member("a,b\n")], "a,b\n"), ([.member("")], ""), ([.member("one "), .member("two")], "one two"),
    ([.member("one"), .zeros(700)], "one"), ([.member("one"), .zeros(1)], "one"),
    ([.member("one "), .zeros(700), .member("two"), .zeros(3)], "one two"), ([.member(""), .zeros(9), .member("x")], "x"),
  ]

  @Test(arguments: good)
  func `members are read as one, and zeros after them are skipped`(parts: [Part], expected: String) throws {
    for piece in [1, 3, 100_000] { #expect(try read(Self.file(parts), piece: piece) == expected) }
  }

  private static let bad: [([Part], String)] = [
    ([], "it is empty"), ([.zeros(700)], "it is not gzip data"), ([.zeros(3), .member("x")], "it is not gzip data"),
    ([.bytes([0x61, 0x2C, 0x62])], "it is not gzip data"), ([.member("x"), .bytes([1])], "follows the compressed data"),
    ([.member("x"), .zeros(700), .bytes([0x79])], "follows the compressed data"),
    ([.member("x"), .bytes([0x1F])], "is truncated"),
    ([.member("x"), .zeros(9), .bytes([0x1F, 0x8B])], "is truncated"),
    ([.member("x"), .bytes([0x1F, 0, 0])], "it is not gzip data"),
  ]

  @Test(arguments: bad)
  func `data that is not gzip is refused, with the file's name`(parts: [Part], reason: String) {
    for piece in [1, 3, 100_000] {
      let failure = #expect(throws: OperationFailure.self) { try read(Self.file(parts), piece: piece) }
      #expect(failure?.description.contains("x.gz") == true)
      #expect(failure?.description.contains(reason) == true, "\(failure?.description ?? "")")
    }
  }

  @Test func `truncated data never reads as complete`() {
    let bytes = Self.member("some text of a file\n")
    for count in 0..<bytes.count {
      for piece in [1, 100] {
        #expect(throws: OperationFailure.self, "\(count) bytes") { try read(Array(bytes.prefix(count)), piece: piece) }
      }
    }
  }

  @Test func `a wrong checksum is reported as damage`() {
    var bytes = Self.member("some text")
    bytes[bytes.count - 6] ^= 1
    #expect(throws: OperationFailure.self) { try read(bytes, piece: 100) }
  }
}
