import Core
import Testing

@testable import Values

/// The quick ways must say what the thorough ones say, or say nothing.
@Suite struct FastPathTests {
  @Test("a canonical moment is what the reader makes of it, at every day, and for every wrong character")
  func moments() {
    let reader = DateTimeReader(formats: [.iso], zone: nil)
    var arena = ByteArena()
    func agree(_ text: String) {
      let bytes = Array(text.utf8)
      guard let seconds = CanonicalDateTime.seconds(of: bytes.span) else { return }
      arena.reset()
      arena.begin()
      guard case .value(let expected, nil) = reader.read(bytes.span, into: &arena) else {
        Issue.record("\(text) passed")
        return
      }
      #expect(seconds == expected, "\(text)")
      #expect(arena.finish().string == text)
    }
    func text(_ date: CivilDate) -> String {
      func pad(_ value: Int, _ width: Int) -> String {
        String(repeating: "0", count: width - String(value).count) + String(value)
      }
      return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T12:34:56.789Z"
    }
    var passed = 0
    for days in stride(from: -719_000, to: 2_930_000, by: 97) {
      let text = text(CivilDate(days: days))
      agree(text)
      if CanonicalDateTime.seconds(of: Array(text.utf8).span) != nil { passed += 1 }
    }
    #expect(passed > 37_000)
    let model = Array("2024-02-29T23:59:59.999Z".utf8)
    for index in model.indices {
      for byte in UInt8(0)..<128 {
        var changed = model
        changed[index] = byte
        agree(String(decoding: changed, as: UTF8.self))
      }
    }
    for wrong in ["2023-02-29T00:00:00.001Z", "2024-13-01T00:00:00.001Z", "2024-01-01T24:00:00.001Z", "2024-01-01T00:00:00.000Z"]
    {
      let seconds = CanonicalDateTime.seconds(of: Array(wrong.utf8).span)
      #expect(seconds == nil)
    }
  }

  @Test(
    "a plain address is one that the thorough check takes and leaves as it is",
    arguments: [
      "ada@example.com", "a.b+c@x-y.example.org", "Ada@example.com", "ada@Example.com", "ada@example", "a..b@x.com", ".a@x.com",
      "a.@x.com", "@x.com", "ada@", "a b@x.com", "a@x.c-", "a@-x.com", "a@x..com", "a@1.2", "a@x.1", "a@x.co1", "ü@x.com",
      "a@ü.com", "a@@x.com", "", "a", "\"a\"@x.com", "a@[1.2.3.4]", "!#$%&'*+-/=?^_`{|}~@x.com", "a@x.com.", "a,b@x.com",
    ])
  func addresses(text: String) {
    let bytes = Array(text.utf8)
    var arena = ByteArena()
    arena.begin()
    let refusal = Email.normalise(bytes.span, into: &arena)
    let isUnchanged = refusal == nil && arena.finish().string == text
    let isASCII = bytes.allSatisfy { $0 < 0x80 } && !text.contains("\"") && !text.contains("[")
    let passes = PlainEmail.passes(bytes.span)
    #expect(passes == (isUnchanged && isASCII))
  }

  @Test("lengths of plain addresses are bounded as those of others")
  func lengths() {
    func passes(_ local: Int, _ label: Int) -> Bool {
      let text = String(repeating: "a", count: local) + "@" + String(repeating: "b", count: label) + ".com"
      return PlainEmail.passes(Array(text.utf8).span)
    }
    #expect(passes(64, 63))
    #expect(!passes(65, 63))
    #expect(!passes(64, 64))
    let long = "a@" + String(repeating: "bbbbbbbbb.", count: 25) + "com"
    #expect(long.utf8.count == 255)
    let passesLong = PlainEmail.passes(Array(long.utf8).span)
    #expect(!passesLong)
  }
}
