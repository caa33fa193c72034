import Core
import Testing

@testable import Values

struct NumberFormTests {
  private static let dollars = NumberForm(groupMark: NumberMark(","), symbols: ["$", "US$", "USD"])
  private static let euros = NumberForm(decimalMark: comma, groupMark: .point, symbols: ["€", "EUR"])
  private static let spaces = NumberForm(decimalMark: comma, groupMark: NumberMark(" "))
  private static let swiss = NumberForm(groupMark: NumberMark("'"), symbols: ["CHF", "Fr."])
  private static let indian = NumberForm(groupMark: NumberMark(","), grouping: .indian, symbols: ["₹"])
  private static let books = NumberForm(groupMark: NumberMark(","), symbols: ["$"], negatives: [.parentheses, .trailingMinus])
  private static let percent = NumberForm(symbols: ["%"])
  private static let comma = NumberMark(",") ?? .point

  /// The number, or the refusal's name.
  private func read(_ text: String, _ form: NumberForm) -> String {
    var arena = ByteArena(capacity: 64)
    arena.begin()
    let bytes = Array(text.utf8)
    if let refusal = form.read(bytes.span, into: &arena) { return "\(refusal)" }
    return arena.finish().string
  }

  @Test(arguments: [
    ("$78,526.00", dollars, "78526.00"), ("US$ 1,000", dollars, "1000"), ("-$5", dollars, "-5"), ("$-5", dollars, "-5"),
    ("$ - 5", dollars, "-5"), ("1,234,567.5 usd", dollars, "1234567.5"), ("$1 USD", dollars, "1"), ("+$5", dollars, "5"),
    ("1.234,56 €", euros, "1234.56"), ("1.234.567", euros, "1234567"), ("EUR 0,5", euros, "0.5"), ("€\u{A0}12", euros, "12"),
    ("1.234", euros, "1234"), ("1,234", euros, "1.234"),
    ("1 234,56", spaces, "1234.56"), ("1\u{A0}234\u{A0}567", spaces, "1234567"), ("1\u{202F}234,5", spaces, "1234.5"),
    ("1\u{2009}234", spaces, "1234"), (" 7 ", spaces, "7"),
    ("1'234.50", swiss, "1234.50"), ("CHF 1\u{2019}234", swiss, "1234"), ("Fr. 12.50", swiss, "12.50"),
    ("12,34,567", indian, "1234567"), ("₹1,23,456.75", indian, "123456.75"), ("1,234", indian, "1234"), ("123", indian, "123"),
    ("(12.00)", books, "-12.00"), ("($1,200)", books, "-1200"), ("$(5)", books, "-5"), ("12-", books, "-12"),
    ("12.5 -", books, "-12.5"),
    ("12\u{2212}", books, "-12"),
    ("12 %", percent, "12"), ("12%", percent, "12"),
    ("\u{2212}5", .plain, "-5"), ("1.5e3", NumberForm(allowsExponent: true), "1.5e3"), ("12", .plain, "12"),
    ("1,5", NumberForm(decimalMark: comma), "1.5"), ("1234567", dollars, "1234567"),
  ])
  func `a number is read as the form writes it`(text: String, form: NumberForm, expected: String) {
    #expect(read(text, form) == expected)
  }

  @Test(arguments: [
    ("1,234", NumberForm.plain, "mark"), ("1.234,56", .plain, "mark"), ("1 234", .plain, "mark"), ("1'234", .plain, "mark"),
    ("1\u{A0}234", .plain, "mark"), ("$5", .plain, "otherText"), ("5 €", .plain, "otherText"), ("5kg", .plain, "otherText"),
    ("(5)", .plain, "parentheses"), ("5-", .plain, "trailingMinus"), (" 5", .plain, "spaces"), ("5\u{A0}", .plain, "spaces"),
    ("4.41E+11", .plain, "exponent"), ("4,41E+11", .plain, "exponent"), ("1e5", .plain, "exponent"), ("1e5", dollars, "exponent"),
    ("", .plain, "notANumber"), (" ", .plain, "notANumber"), ("abc", .plain, "notANumber"), ("--5", .plain, "notANumber"),
    ("2024-01-05", .plain, "notANumber"), ("12:30", .plain, "notANumber"), ("0x1F", .plain, "notANumber"),
    ("٧", .plain, "notANumber"),
    ("1,2,3", dollars, "grouping"), ("12,34", dollars, "grouping"), ("1234,567", dollars, "grouping"),
    (",123", dollars, "grouping"),
    ("1,234,", dollars, "grouping"), ("1,,234", dollars, "grouping"), ("0.123,4", dollars, "grouping"),
    ("12,34,567", dollars, "grouping"), ("1,234,567", indian, "grouping"), ("123,456", indian, "grouping"),
    ("1.234,5", dollars, "grouping"), ("1.2345", euros, "grouping"), ("1.234", NumberForm(decimalMark: comma), "mark"),
    ("5.", dollars, "notANumber"), ("1.2.3", dollars, "mark"), ("€5", dollars, "otherText"), ("$$5", dollars, "otherText"),
    ("-(5)", books, "notANumber"), ("(-5)", books, "notANumber"), ("(5", books, "notANumber"), ("5)", books, "notANumber"),
    ("-5-", books, "notANumber"), ("$", dollars, "notANumber"), ("( )", books, "notANumber"), ("12 %", dollars, "otherText"),
  ])
  func `what the form does not have is refused by its name`(text: String, form: NumberForm, expected: String) {
    #expect(read(text, form) == expected)
  }

  @Test(arguments: ["", "1", "٣", "a", "ab", "-", "+", "\u{2212}", "(", ")", "\n", "½"])
  func `a mark is one character that is not part of a number`(text: String) { #expect(NumberMark(text) == nil) }

  @Test func `marks that are written in each other's place are alike`() throws {
    let space = try #require(NumberMark(" "))
    let narrow = try #require(NumberMark("\u{202F}"))
    #expect(space.isAlike(narrow) && narrow.isAlike(space))
    #expect(!space.isAlike(.point))
  }

  @Test(arguments: NumberRefusal.allCases)
  func `each refusal has a reason of its own`(refusal: NumberRefusal) {
    #expect(NumberRefusal.allCases.filter { $0.reason == refusal.reason } == [refusal])
  }

  @Test(arguments: [
    ("4.41E+11", true), ("4,41e+11", true), ("1E5", true), ("-1.5E-7", true), (" 4.41E+11 ", true), ("4.41E+1100", false),
    ("44.1E+11", false), ("E5", false), ("5E", false), ("5E+", false), ("16502530000e136", false), ("", false), ("12", false),
  ])
  func `scientific notation is recognized`(text: String, expected: Bool) {
    let bytes = Array(text.utf8)
    #expect(ScientificNotation.isWritten(bytes.span) == expected)
  }
}
