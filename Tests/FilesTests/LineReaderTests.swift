import Core
import Testing

@testable import Files

/// The lines of an input.
@Suite struct LineReaderTests {
  private static func lines(_ text: String, piece: Int, longest: Int = 8) throws -> [String] {
    var reader = LineReader(MemoryInput(Array(text.utf8), pieceSize: piece), name: "x", longest: longest)
    var lines: [String] = []
    while let line = try reader.next() {
      #expect(line.number == lines.count + 1)
      lines.append(String(decoding: line.bytes, as: UTF8.self) + (line.isTerminated ? "|" : ""))
    }
    #expect(try reader.next() == nil)
    return lines
  }

  @Test(arguments: [
    ("", []), ("\n", ["|"]), ("a", ["a"]), ("a\n", ["a|"]), ("a\nb", ["a|", "b"]), ("\n\nab\n", ["|", "|", "ab|"]),
    ("12345678\n12345678", ["12345678|", "12345678"]), ("a\r\nb\n", ["a\r|", "b|"]), ("é\u{0}\n", ["é\u{0}|"]),
  ])
  func `lines are the same however the input is cut`(_ text: String, _ expected: [String]) throws {
    for piece in [1, 2, 3, 7, 100] { #expect(try Self.lines(text, piece: piece) == expected) }
  }

  @Test func `many lines need no more memory than the longest`() throws {
    let text = String(repeating: "1234567\n", count: 100_000)
    #expect(try Self.lines(text, piece: .max) == [String](repeating: "1234567|", count: 100_000))
  }

  @Test(arguments: ["123456789", "123456789\n", "a\n123456789\n", String(repeating: "1", count: 1_000_000)])
  func `a line that is too long is refused`(_ text: String) {
    for piece in [1, 100_000] {
      let failure = #expect(throws: OperationFailure.self) { try Self.lines(text, piece: piece) }
      #expect(failure?.code == .wrongFile)
      #expect(failure?.description == "x: line \(text.hasPrefix("a") ? 2 : 1) has more than 8 bytes")
    }
  }
}
