import Core
import Testing

@testable import Values

struct RoundingTests {
  private func rounded(_ text: String, _ places: Int) -> String {
    let bytes = Array(text.utf8)
    var arena = ByteArena(capacity: 16)
    arena.begin()
    switch Rounding.halfEven(bytes.span, places: places, into: &arena) {
    case .same:
      #expect(arena.pendingCount == 0)
      return text
    case .rounded: return arena.finish().string
    case .refused(let refusal): return "\(refusal)"
    }
  }

  @Test(arguments: [
    ("0.5", 0, "0"), ("1.5", 0, "2"), ("2.5", 0, "2"), ("3.5", 0, "4"), ("-0.5", 0, "0"), ("-1.5", 0, "-2"), ("-2.5", 0, "-2"),
    ("2.5000000000000000000000000001", 0, "3"), ("2.4999999999999999999999999999", 0, "2"), ("0.125", 2, "0.12"),
    ("0.135", 2, "0.14"),
    ("2.675", 2, "2.68"), ("1.005", 2, "1.00"), ("1.015", 2, "1.02"), ("9.995", 2, "10.00"), ("0.995", 2, "1.00"),
    ("99.5", 0, "100"),
    ("0.05", 1, "0.0"), ("0.15", 1, "0.2"), ("0.04", 1, "0.0"), ("0.06", 1, "0.1"), ("0.006", 1, "0.0"), ("19.5", 3, "19.5"),
    ("19.50", 3, "19.50"),
    ("19.500", 2, "19.500"), ("7", 2, "7"), ("0", 0, "0"), ("0.000", 0, "0.000"), ("-0.0", 0, "-0.0"), ("1250", -2, "1200"),
    ("1350", -2, "1400"),
    ("1251", -2, "1300"), ("50", -2, "0"), ("51", -2, "100"), ("150", -2, "200"), ("49", -2, "0"), ("4", -2, "0"),
    ("-951", -2, "-1000"),
    ("1200", -2, "1200"), ("1e3", 0, "1e3"), ("1.5e3", 0, "1.5e3"), ("1.25e-1", 1, "0.1"), ("1.2345e2", 1, "123.4"),
    ("1.2355e2", 1, "123.6"),
    ("5e-1", 0, "0"), ("51e-2", 0, "1"), ("1e-400", 2, "0.00"), ("1e-999999999999", 2, "0.00"),
    ("1e999999999999", 2, "1e999999999999"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901.5", 0,
      "12345678901234567890123456789012345678901234567890123456789012345678902"
    ),
    (
      "99999999999999999999999999999999999999999999999999999999999999999999999.5", 0,
      "100000000000000000000000000000000000000000000000000000000000000000000000"
    ),
    ("0.1234567890123456789", 18, "0.123456789012345679"), (".55", 1, "0.6"), ("+2.5", 0, "2"), ("15e299", -300, "tooManyDigits"),
    ("x", 0, "notANumber"), ("", 0, "notANumber"), ("1,5", 0, "notANumber"), ("007.5", 0, "leadingZero"),
  ])
  func aHalfGoesToTheEvenNeighbour(text: String, places: Int, expected: String) { #expect(rounded(text, places) == expected) }

  /// Against whole numbers: thousandths to hundredths, tenths, ones, tens and hundreds.
  @Test func everyThousandthRoundsAsItsWholeNumberDoes() {
    func text(_ thousandths: Int) -> String {
      let digits = String(thousandths.magnitude)
      let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return (thousandths < 0 ? "-" : "") + padded.dropLast(3) + "." + padded.suffix(3)
    }
    for value in -2_600...2_600 {
      for places in -1...2 {
        let unit = [10_000, 1_000, 100, 10][places + 1]
        var quotient = value.magnitude.quotientAndRemainder(dividingBy: UInt(unit))
        if quotient.remainder * 2 > unit || quotient.remainder * 2 == unit && quotient.quotient % 2 == 1 {
          quotient.quotient += 1
        }
        let expected = Int(quotient.quotient) * unit * (value < 0 ? -1 : 1)
        let result = rounded(text(value), places)
        let bytes = Array(result.utf8)
        let wanted = Array(text(expected).utf8)
        #expect(Numbers.compare(bytes.span, wanted.span) == 0, "\(text(value)) to \(places): \(result)")
      }
    }
  }
}
