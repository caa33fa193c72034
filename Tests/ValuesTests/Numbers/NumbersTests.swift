import Core
import Testing

@testable import Values

struct NumbersTests {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("12", 12), ("-7", -7), ("+5", 5), ("12.0", 12), ("12.000", 12), ("1e3", 1000), ("1.5e1", 15),
      ("120e-1", 12), ("0e999", 0),
      ("0.0", 0), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("9.223372036854775807e18", Int64.max),
      ("1000000000000000000", 1_000_000_000_000_000_000),
      ("-.0", 0),
    ] as [(String, Int64)])
  func wholeNumbersAreIntegers(text: String, expected: Int64) {
    #expect(of(text) { Numbers.integer($0) } == .value(expected))
    #expect(of(text) { Numbers.isWhole($0) })
  }

  @Test(arguments: [
    ("", NumberRefusal.notANumber), ("abc", .notANumber), (" 1", .notANumber), ("1 ", .notANumber), ("12.5", .notWhole),
    ("1e-1", .notWhole), ("012", .leadingZero), ("-012", .leadingZero),
    ("9223372036854775808", .outOfRange), ("-9223372036854775809", .outOfRange), ("1e19", .outOfRange),
    ("1e99999999999999999999", .outOfRange), ("1,234", .notANumber),
    ("--1", .notANumber), ("-", .notANumber), (".", .notANumber), ("1.", .notANumber), ("1e", .notANumber), ("1e+", .notANumber),
    ("0x10", .notANumber), ("NaN", .notANumber), ("٣", .notANumber),
    ("99999999999999999999999", .outOfRange),
  ])
  func otherTextIsNoInteger(text: String, refusal: NumberRefusal) {
    #expect(of(text) { Numbers.integer($0) } == .refused(refusal))
  }

  @Test(arguments: [
    ("0", "+e0;"), ("-0", "+e0;"), ("0.000", "+e0;"), ("0e99", "+e0;"), ("1", "+1e0;"), ("1.0", "+1e0;"), ("10e-1", "+1e0;"),
    ("-12.50e2", "-125e1;"), ("-1250", "-125e1;"), ("1e400", "+1e400;"), ("0.1e401", "+1e400;"), ("0.001", "+1e-3;"),
    ("98765432109876543210.5", "+987654321098765432105e-1;"),
  ])
  func equalNumbersHaveOneKey(text: String, expected: String) {
    var key: [UInt8] = []
    of(text) { Numbers.appendKey(of: $0, to: &key) }
    #expect(String(decoding: key, as: UTF8.self) == expected)
  }

  @Test(arguments: [
    ("0", "0"), ("1.50", "1.50"), ("-1.50", "-1.50"), ("+5", "5"), (".5", "0.5"), ("-.5", "-0.5"), ("1E5", "1E5"),
    ("1e-7", "1e-7"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("-0", "-0"),
  ])
  func numbersKeepTheirDigits(text: String, expected: String) {
    #expect(value(text) { Numbers.number($0, into: &$1) } == .success(expected))
  }

  @Test(arguments: [
    ("05", NumberRefusal.leadingZero), ("00", .leadingZero), ("1,234.50", .notANumber), ("1.", .notANumber), ("", .notANumber),
    ("Infinity", .notANumber), ("1 000", .notANumber), ("€5", .notANumber),
  ])
  func whatIsNoNumberIsRefused(text: String, refusal: NumberRefusal) {
    #expect(value(text) { Numbers.number($0, into: &$1) } == .failure(Refused(refusal)))
    #expect(value(text) { Numbers.decimal($0, into: &$1) } == .failure(Refused(refusal)))
  }

  @Test(arguments: [
    ("0", "0"), ("1.50", "1.50"), ("+1.50", "1.50"), ("-0.00", "0.00"), ("-0", "0"), (".5", "0.5"), ("1.5e3", "1500"),
    ("1.50e1", "15.0"), ("1e-3", "0.001"), ("12.34e-1", "1.234"), ("-12.34E-2", "-0.1234"),
    ("12.34e2", "1234"), ("0.05e1", "0.5"), ("0.05e2", "5"), ("0e5", "0"), ("1e63", "1" + String(repeating: "0", count: 63)),
    ("1e-63", "0." + String(repeating: "0", count: 62) + "1"), ("0.5e0", "0.5"),
    ("100e-2", "1.00"), (".5e1", "5"), (".25e1", "2.5"),
    ("123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"),
  ])
  func decimalsAreWrittenOut(text: String, expected: String) {
    #expect(value(text) { Numbers.decimal($0, into: &$1) } == .success(expected))
  }

  @Test(arguments: ["1e64", "1e-64", "1e999999999999999999999", "1e-5000"])
  func expansionsHaveALimit(text: String) {
    #expect(value(text) { Numbers.decimal($0, into: &$1) } == .failure(Refused(.tooManyDigits)))
  }

  @Test(arguments: [
    ("1", "2", -1), ("2", "2.0", 0), ("2", "2e0", 0), ("10", "9", 1), ("-1", "1", -1), ("-2", "-1", -1), ("0", "-0.0", 0),
    ("0.1", "0.10", 0), ("0.1", "0.11", -1), ("1e400", "1e399", 1), ("-1e400", "1e-400", -1),
    ("9007199254740993", "9007199254740992", 1), ("0.30000000000000004", "0.3", 1),
    ("123456789012345678901234567890", "123456789012345678901234567891", -1), ("1000", "1e3", 0), ("0.001", "1e-3", 0),
    ("99", "100", -1),
    ("-99", "-100", 1), ("100", "99.999", 1), ("0", "0.0001", -1), ("0", "-5", 1),
  ])
  func comparisonIsExact(left: String, right: String, expected: Int) {
    let other = Array(right.utf8)
    let mine = Array(left.utf8)
    #expect(Numbers.compare(mine.span, other.span) == expected)
    #expect(Numbers.compare(other.span, mine.span) == -expected)
  }

  @Test func comparisonNeedsNumbers() {
    let one = Array("1".utf8)
    #expect(of("x") { Numbers.compare($0, one.span) } == nil)
    #expect(of("") { Numbers.compare(one.span, $0) } == nil)
  }

  @Test(arguments: [
    ("0.3", "0.1", true), ("0.35", "0.1", false), ("4.5", "1.5", true), ("10", "3", false), ("0", "7", true),
    ("1e308", "0.5", true), ("1e-5", "0.0001", false), ("0.0075", "0.0001", true), ("0.00751", "0.0001", false),
    ("1e999999999999", "7", false), ("14e999999999999", "7", true), ("123456789012345678901234567890", "10", true),
    ("123456789012345678901234567890", "3", true), ("123456789012345678901234567891", "3", false),
    ("1000", "8", true), ("1e2", "8", false), ("1e3", "8", true), ("-9", "3", true),
    ("246913578024691357802469135780", "123456789012345678901234567890", true),
    ("246913578024691357802469135781", "123456789012345678901234567890", false),
    ("1e60", "1125899906842624", true), ("1e49", "1125899906842624", false), ("19.99", "0.01", true),
  ])
  func multiplesAreExact(text: String, divisor: String, expected: Bool) throws {
    let divisor = try #require(Divisor(divisor))
    #expect(of(text) { divisor.divides($0) } == expected)
  }

  @Test(arguments: ["0", "-1", "x", "", "0.00"])
  func aDivisorIsAboveZero(text: String) { #expect(Divisor(text) == nil) }

  @Test(arguments: ["1.0", "1e2", "100", "-5.000", "0.5e1", "12345678901234567890123"])
  func wholeValues(text: String) { #expect(of(text) { Numbers.isWhole($0) }) }

  @Test(arguments: ["1.5", "1e-2", "x", ""])
  func valuesThatAreNotWhole(text: String) { #expect(!of(text) { Numbers.isWhole($0) }) }

  @Test(
    arguments: [
      ("true", true), ("YES", true), ("y", true), ("1", true), ("On", true), ("false", false), ("No", false), ("n", false),
      ("0", false), ("OFF", false), ("", nil), ("maybe", nil), (" yes", nil), ("yeß", nil),
    ] as [(String, Bool?)])
  func wordsOfYesAndNo(text: String, expected: Bool?) {
    #expect(of(text) { BoolWords.standard.value(of: $0) } == expected)
  }

  @Test func ownWordsMayBeBeyondASCII() {
    let words = BoolWords(yes: ["Ja", "ДА"], no: ["Nein", "ΌΧΙ"])
    #expect(of("да") { words.value(of: $0) } == true)
    #expect(of("JA") { words.value(of: $0) } == true)
    #expect(of("όχι") { words.value(of: $0) } == false)
    #expect(of("yes") { words.value(of: $0) } == nil)
  }
}
