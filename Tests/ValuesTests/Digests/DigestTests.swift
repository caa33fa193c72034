import Core
import Testing

@testable import Values

struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func digestsOfTheStandard(text: String, expected: String) {
    #expect(of(text) { SHA256Digest.hex(of: $0) } == expected)
  }

  @Test func piecesGiveTheDigestOfTheWhole() {
    let text = String(repeating: "Größe 李 ", count: 100)
    let bytes = Array(text.utf8)
    for cut in [0, 1, 63, 64, 65, bytes.count] {
      var digest = SHA256Digest()
      digest.update(bytes.span.extracting(0..<cut))
      digest.update(bytes.span.extracting(cut..<bytes.count))
      #expect(digest.finish() == SHA256Digest.hex(of: bytes.span))
    }
  }

  /// RFC 4231, test cases 1 and 2.
  @Test(arguments: [
    ([UInt8](repeating: 0x0B, count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
  ])
  func keyedDigestsOfTheStandard(key: [UInt8], text: String, expected: String) {
    let key = DigestKey(key)
    #expect(of(text) { key.hex(of: $0) } == expected)
    let short = run(text) {
      key.append(16, of: $0, into: &$1)
      return true
    }
    #expect(short.text == String(expected.prefix(16)))
    #expect("\(key)" == "<redacted>")
    #expect(String(reflecting: key) == "<redacted>")
  }

  @Test func randomKeysAreStorable() {
    let (key, bytes) = DigestKey.random()
    #expect(bytes.count == 32)
    #expect(of("x") { key.hex(of: $0) } == of("x") { DigestKey(bytes).hex(of: $0) })
  }

  @Test func hashesOfShortKeysDoNotCollide() {
    var texts: Set<String> = []
    for index in 0..<20_000 {
      texts.formUnion(["\(index)", "key-\(index)", "a-rather-longer-key-\(index)"])
      texts.insert(String(repeating: "x", count: index % 40) + "\(index)")
    }
    let hashes = Set(texts.map { text in of(text) { Hash64.of($0) } })
    #expect(hashes.count == texts.count)
    #expect(of("") { Hash64.of($0) } != of("\0") { Hash64.of($0) })
    #expect(of("abc") { Hash64.of($0) } == of("abc") { Hash64.of($0) })
    #expect(of("abc") { Hash64.of($0, seed: 1) } != of("abc") { Hash64.of($0) })
  }

  @Test func everyByteCountsInAHash() {
    for length in 1...40 {
      let bytes = [UInt8](repeating: 0x61, count: length)
      var seen: Set<UInt64> = [Hash64.of(bytes.span)]
      for position in 0..<length {
        var other = bytes
        other[position] ^= 1
        seen.insert(Hash64.of(other.span))
      }
      #expect(seen.count == length + 1)
    }
  }

  @Test func lowBitsOfHashesAreSpread() {
    var buckets = [Int](repeating: 0, count: 256)
    for index in 0..<25_600 { buckets[Int(of("contact\(index)") { Hash64.of($0) } & 255)] += 1 }
    #expect(buckets.allSatisfy { $0 > 50 && $0 < 160 })
  }
}
