import Core
import Testing

/// Bytes as hexadecimal digits.
@Suite struct HexadecimalTests {
  @Test func `every byte comes back`() {
    let bytes = (0...255).map { UInt8($0) }
    let text = Hexadecimal.text(of: bytes)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
    #expect(Hexadecimal.bytes(of: text) == bytes)
    #expect(Hexadecimal.bytes(of: text.uppercased()) == bytes)
    #expect(Hexadecimal.bytes(of: "") == [])
  }

  @Test(arguments: ["0", "abc", "0g", "g0", "0x", " 00", "00 ", "é0", "\u{0}\u{0}", "٠٠", "/0", ":0", "@0", "`0", "G0"])
  func `anything else is refused`(_ text: String) { #expect(Hexadecimal.bytes(of: text) == nil) }
}
