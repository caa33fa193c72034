import Core
import Testing

@testable import Transform

@Suite struct ProblemLogTests {
  private func copied(_ text: String, _ privacy: Privacy) -> String {
    var log = ProblemLog()
    var text = text
    return text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return "" }
      let slice = log.copy(Text(start: base, count: bytes.count), as: privacy)
      return log.text(slice)
    }
  }

  @Test(arguments: Privacy.allCases)
  func `a long value is kept only as far as its policy shows it`(privacy: Privacy) {
    let long = String(repeating: "ä", count: 3000) + "z"
    let kept = copied(long, privacy)
    switch privacy {
    case .hash: #expect(kept == long)
    case .last4: #expect(long.hasSuffix(kept) && kept.hasSuffix("ääz") && kept.utf8.count <= 64)
    case .show, .mask, .never: #expect(long.hasPrefix(kept) && kept.count >= 400)
    }
    #expect(copied("short", privacy) == "short")
    #expect(copied("", privacy) == "")
  }

  @Test func `text is cut between characters`() {
    for count in 1020...1030 {
      let text = String(repeating: "x", count: count) + "\u{1F600}\u{1F600}"
      #expect(text.hasPrefix(copied(text, .show)))
      #expect(text.hasSuffix(copied(text, .last4)))
    }
  }
}
