import Core
import Testing

@testable import Values

struct NumberWriterTests {
  private func write(_ number: String, _ writer: NumberWriter) -> String {
    var arena = ByteArena(capacity: 16)
    let bytes = Array(number.utf8)
    if let refusal = writer.write(bytes.span, into: &arena) { return "\(refusal)" }
    return arena.finish().string
  }

  @Test(arguments: [
    ("1.10", NumberWriter(), "1.10"), ("1.0", NumberWriter(), "1.0"), ("1e2", NumberWriter(), "100"),
    ("-0.0", NumberWriter(), "0.0"),
    ("1.7040672E12", NumberWriter(), "1704067200000"), ("1e-3", NumberWriter(), "0.001"),
    ("1e99", NumberWriter(), "tooManyDigits"),
    ("7", NumberWriter(decimals: 2), "7.00"), ("7.1", NumberWriter(decimals: 2), "7.10"),
    ("7.100", NumberWriter(decimals: 2), "7.10"),
    ("2.675", NumberWriter(decimals: 2), "2.68"), ("-0.004", NumberWriter(decimals: 2), "0.00"),
    ("9.99", NumberWriter(decimals: 1), "10.0"),
    ("2.5", NumberWriter(decimals: 0), "2"), ("7.0", NumberWriter(decimals: 0), "7"),
    ("-1234567.5", NumberWriter(decimals: 2, decimalMark: ",", groupMark: "."), "-1.234.567,50"),
    ("123", NumberWriter(groupMark: ","), "123"), ("1234", NumberWriter(groupMark: "\u{202F}"), "1\u{202F}234"),
    ("123456789", NumberWriter(groupMark: ",", grouping: .indian), "12,34,56,789"),
    ("1.5", NumberWriter(decimalMark: ","), "1,5"),
  ])
  func `a number is written with its decimals and marks`(number: String, writer: NumberWriter, expected: String) {
    #expect(write(number, writer) == expected)
  }

  @Test(
    arguments: [
      ("1.0", "1"), ("1e2", "100"), ("-0.0", "0"), ("-0", "0"), ("100E-2", "1"), ("-12.50e2", "-1250"),
      ("1.7040672E12", "1704067200000"),
      ("12345678901234567890.0", "12345678901234567890"), ("1E400", "1E400"), ("1e63", "1" + String(repeating: "0", count: 63)),
      ("1e-1", nil), ("1.5", nil), ("x", nil),
    ] as [(String, String?)])
  func `a whole number is written as an integer`(text: String, expected: String?) {
    var arena = ByteArena(capacity: 16)
    arena.begin()
    let bytes = Array(text.utf8)
    #expect((Numbers.whole(bytes.span, into: &arena) ? arena.finish().string : nil) == expected)
  }
}
