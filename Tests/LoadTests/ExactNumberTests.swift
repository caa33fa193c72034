import Core
import Testing

@testable import Load

@Suite struct ExactNumberTests {
  private func number(_ text: String, as storage: SQLiteColumn.Storage) -> ExactNumber? {
    var text = text
    return text.withUTF8 { bytes in
      let start = bytes.baseAddress.map { Text(start: $0, count: bytes.count) } ?? .empty
      return ExactNumber(Cell(kind: .number, text: start), as: storage)
    }
  }

  @Test(arguments: [
    ("0.1", 0.1), ("-0.10", -0.1), ("1e3", 1000), ("1E+3", 1000), ("123456789012345", 123456789012345), ("0e999", 0),
    ("0.000", 0),
    ("9007199254740992", 9007199254740992), ("0.30000000000000004", 0.30000000000000004),
    ("1.7976931348623157e308", 1.7976931348623157e308),
    ("5e-324", .leastNonzeroMagnitude), ("100000000000000000000000", 1e23),
  ])
  func `a number that survives is a REAL`(text: String, value: Double) {
    #expect(number(text, as: .real) == .real(value))
    #expect(number(text, as: .any) == .real(value))
  }

  @Test(arguments: [
    "9007199254740993", "0.1000000000000000000001", "1e309", "-1e309", "1e-400", "1e99999999999999999999", "1.00000000000000001",
  ])
  func `a number that does not survive is refused`(text: String) { #expect(number(text, as: .real) == nil) }

  @Test(arguments: [
    ("1.0", 1), ("-12e2", -1200), ("0.0", 0), ("9223372036854775807.0", Int64.max), ("-9223372036854775808", .min),
    ("92233720368547758.07e2", .max),
  ])
  func `an integer may be written in any way`(text: String, value: Int64) {
    #expect(number(text, as: .integer) == .integer(value))
  }

  @Test(arguments: ["1.5", "9223372036854775808", "-9223372036854775809", "1e19", "1e-1"])
  func `an INTEGER column refuses any other number`(text: String) { #expect(number(text, as: .integer) == nil) }
}
