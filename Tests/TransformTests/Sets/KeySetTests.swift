import Core
import Files
import Testing

@testable import Transform

@Suite struct KeySetTests {
  private func digest(_ number: UInt64) -> KeyDigest {
    let text = Array("\(number)".utf8)
    return text.withUnsafeBufferPointer { bytes in
      KeyDigest.of(Text(start: bytes.baseAddress!, count: bytes.count))
    }
  }

  private struct Draw: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  @Test(
    "it answers as Swift's dictionary does, however little memory it has", arguments: [1024, 4096, 20_000, 1 << 20], [1, 2, 3])
  func agrees(limit: Int, seed: UInt64) throws {
    var draw = Draw(state: seed)
    let keys = KeySet(limit: limit, folder: SpillFolder.standard)
    var model: [UInt64: UInt64] = [:]
    for step in 0..<20_000 {
      let number = UInt64.random(in: 0..<15_000, using: &draw)
      if step % 3 == 0 {
        #expect(try keys.value(of: digest(number)) == model[number])
        continue
      }
      #expect(try keys.insert(digest(number), value: UInt64(step)) == model[number])
      if model[number] == nil { model[number] = UInt64(step) }
    }
    #expect(keys.count == model.count)
    for number in 0..<UInt64(15_000) { #expect(try keys.value(of: digest(number)) == model[number]) }
    #expect(keys.hasSpilled == (limit < 100_000))
  }

  @Test("keys that crowd one place of the table are kept as well", arguments: [1024, 1 << 20])
  func crowded(limit: Int) throws {
    let keys = KeySet(limit: limit, folder: SpillFolder.standard)
    for number in 1...UInt64(3000) {
      #expect(try keys.insert(KeyDigest(high: .max, low: number), value: number) == nil)
    }
    for number in 1...UInt64(3000) {
      #expect(try keys.insert(KeyDigest(high: .max, low: number), value: 0) == number)
    }
    #expect(try keys.value(of: KeyDigest(high: .max, low: 3001)) == nil)
    #expect(keys.count == 3000)
  }

  @Test("an unwritable folder is reported when it is needed")
  func failure() throws {
    let keys = KeySet(limit: 1024, folder: "/nowhere")
    #expect(throws: OperationFailure.self) {
      for number in 0..<UInt64(1000) { _ = try keys.insert(digest(number)) }
    }
  }

  @Test(
    "the digest is the published one",
    arguments: [
      ([UInt8](), [0xA3, 0x81, 0x7F, 0x04, 0xBA, 0x25, 0xA8, 0xE6, 0x6D, 0xF6, 0x72, 0x14, 0xC7, 0x55, 0x02, 0x93]),
      ([0], [0xDA, 0x87, 0xC1, 0xD8, 0x6B, 0x99, 0xAF, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9B, 0x22, 0xFC, 0x45]),
    ] as [([UInt8], [UInt8])])
  func published(message: [UInt8], expected: [UInt8]) {
    let hash = SipHash.hash(message.span, key: (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908))
    let bytes =
      (0..<8).map { UInt8(truncatingIfNeeded: hash.0 >> (8 * $0)) }
      + (0..<8).map { UInt8(truncatingIfNeeded: hash.1 >> (8 * $0)) }
    #expect(bytes == expected)
  }
}
