import Core
import Foundation
import Testing

@testable import Values

@Suite struct IdentityMarkTests {
  /// The first 32 digits of SHA-256, as `printf TEXT | sha256sum` prints them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb924"), ("abc", "ba7816bf8f01cfea414140de5dae2223"),
    ("message digest", "f7846f55cf23e14eebeab5b4e1550cad"),
    ("é", "4a99557e4033c3539de2eb65472017ca"), ("e\u{301}", "bf12767b0f2a56b2190075bae8169f65"),
  ])
  func `a mark is the first half of SHA-256, in every process and version`(text: String, expected: String) {
    let mark = IdentityMark(of: text)
    func digits(_ word: UInt64) -> String {
      String(repeating: "0", count: word.leadingZeroBitCount / 4) + String(word, radix: 16)
    }
    #expect((word(mark.high) + word(mark.low)) == expected)
    func word(_ value: UInt64) -> String { value == 0 ? "0000000000000000" : digits(value) }
  }

  @Test func `marks of many IDs are different`() {
    var marks: Set<IdentityMark> = []
    for number in 0..<20_000 { marks.insert(IdentityMark(of: "contact-\(number)")) }
    #expect(marks.count == 20_000)
  }

  @Test func `a set of identities is stored as the same bytes, whatever the order in which they came`() throws {
    var (one, other) = (IdentitySet(), IdentitySet())
    let ids = (0..<500).map { "id \($0)" }
    let news = ids.map { one.insert($0) } + ids.reversed().map { other.insert($0) }
    #expect(news.allSatisfy { $0 } && ids.allSatisfy { one.contains($0) })
    let isNew = one.insert("id 3")
    #expect(!isNew && !one.contains("id 500") && one.count == 500)
    let stored = try JSONEncoder().encode(one)
    #expect(try JSONEncoder().encode(other) == stored)
    #expect(try JSONDecoder().decode(IdentitySet.self, from: stored) == one)
  }

  @Test func `a mark is stored as its digits, and nothing else is read as one`() throws {
    let mark = IdentityMark(high: 0xAB, low: 1)
    let stored = try JSONEncoder().encode([mark])
    #expect(String(decoding: stored, as: UTF8.self) == #"["00000000000000ab0000000000000001"]"#)
    #expect(try JSONDecoder().decode([IdentityMark].self, from: stored) == [mark])
    for text in [#"["ab"]"#, #"["00000000000000xb0000000000000001"]"#, "[7]"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode([IdentityMark].self, from: Data(text.utf8)) }
    }
  }

  @Test func `two IDs that only look the same are two`() {
    var set = IdentitySet()
    let news = ["é", "e\u{301}"].map { set.insert($0) }
    #expect(news == [true, true])
  }
}
