import Core
import Testing

@Suite struct NameDifferenceTests {
  static let cases: [(String, String, String?)] = [
    // Unicode forms.
    ("cafe\u{301}", "caf\u{E9}", "the same letters in another Unicode form: '\u{E9}' is U+0065 U+0301 here, U+00E9 there"),
    ("caf\u{E9}", "cafe\u{301}", "the same letters in another Unicode form: 'e\u{301}' is U+00E9 here, U+0065 U+0301 there"),
    (
      "\u{1112}\u{1161}\u{11AB}", "\u{D55C}",
      "the same letters in another Unicode form: '\u{D55C}' is U+1112 U+1161 U+11AB here, U+D55C there"
    ),
    ("\u{212B}", "\u{C5}", "the same letters in another Unicode form: '\u{C5}' is U+212B here, U+00C5 there"),
    // Case, and case with another Unicode form.
    ("EMAIL", "email", "differs only in case"), ("Stra\u{DF}e", "stra\u{DF}e", "differs only in case"),
    (
      "CAFE\u{301}", "caf\u{E9}",
      "the same letters in another Unicode form: '\u{E9}' is U+0045 U+0301 here, U+00E9 there; different case"
    ),
    // Letters of other scripts.
    (
      "\u{421}ompany", "Company",
      "look-alike letters: U+0421 CYRILLIC CAPITAL LETTER ES here, U+0043 LATIN CAPITAL LETTER C there"
    ),
    (
      "Phone", "Ph\u{3BF}ne",
      "look-alike letters: U+03BF GREEK SMALL LETTER OMICRON there, U+006F LATIN SMALL LETTER O here"
    ),
    ("\u{FF29}d", "Id", "look-alike letters: U+FF29 FULLWIDTH LATIN CAPITAL LETTER I here, U+0049 LATIN CAPITAL LETTER I there"),
    (
      "pro\u{FB01}le", "profile",
      "look-alike letters: U+FB01 LATIN SMALL LIGATURE FI here, U+0066 LATIN SMALL LETTER F + U+0069 LATIN SMALL LETTER I there"
    ),
    ("e\u{2013}mail", "e-mail", "look-alike letters: U+2013 EN DASH here, U+002D HYPHEN-MINUS there"),
    // Invisible characters.
    ("Email\u{200B}", "Email", "an invisible character here: U+200B ZERO WIDTH SPACE"),
    ("Email", "\u{FEFF}Email", "an invisible character there: U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ("E\u{AD}mail", "Email", "an invisible character here: U+00AD SOFT HYPHEN"),
    ("caf\u{200D}e", "cafe", "an invisible character here: U+200D ZERO WIDTH JOINER"),
    // Spaces.
    ("First\u{A0}Name", "First Name", "a different space: U+00A0 NO-BREAK SPACE here, U+0020 SPACE there"),
    ("Email ", "Email", "spaces: 1 at the end here, none there"), ("Email", "  Email", "spaces: none here, 2 at the start there"),
    ("First  Name", "First Name", "spaces: 1 doubled here, none there"),
    // Several differences at once.
    (
      "\u{421}OMPANY\u{200B}", "Company",
      "look-alike letters: U+0421 CYRILLIC CAPITAL LETTER ES here, U+0043 LATIN CAPITAL LETTER C there; an invisible character "
        + "here: U+200B ZERO WIDTH SPACE; different case"
    ),
    // Names that do not look alike, and identical ones.
    ("cafe", "caf\u{E9}", nil), ("email", "emial", nil), ("email", "email", nil), ("\u{421}\u{421}", "\u{421}", nil),
  ]

  @Test("code points show how two names that look the same differ", arguments: cases)
  func difference(here: String, there: String, expected: String?) {
    #expect(NearestName.difference(here, there) == expected)
    #expect(NearestName.question(here, there) == "did you mean '\(there)'?" + (expected.map { " (\($0))" } ?? ""))
    if expected != nil { #expect(NearestName.find(here, in: ["zzzzzzzz", there])?.isExactly(there) == true) }
  }

  @Test("names in a list that look like an earlier one")
  func lookAlikes() {
    let names = ["Company", "\u{421}ompany", "company", "e-mail", "e\u{2011}mail", "caf\u{E9}", "cafe\u{301}", "id", "id "]
    let found = NearestName.lookAlikes(in: names)
    #expect(found.map(\.name).isExactly(["\u{421}ompany", "e\u{2011}mail", "cafe\u{301}", "id "]))
    #expect(found.map(\.other).isExactly(["Company", "e-mail", "caf\u{E9}", "id"]))
    #expect(NearestName.lookAlikes(in: ["a", "A", "b"]).isEmpty)
  }

  @Test("a letter of another script in both names is not a difference")
  func common() {
    #expect(NearestName.difference("\u{421}tatus", "\u{421}TATUS") == "differs only in case")
  }

  @Test("the same letters in another form are closer than another case, and that is closer than a typo")
  func order() {
    let names = ["cafx\u{E9}", "CAF\u{C9}", "cafe\u{301}"]
    #expect(NearestName.find("caf\u{E9}", in: names)?.isExactly("cafe\u{301}") == true)
    #expect(NearestName.find("caf\u{E9}", in: names.dropLast())?.isExactly("CAF\u{C9}") == true)
  }

  @Test(
    "names that look like those of personal values are masked like them",
    arguments: ["\u{415}mail", "E\u{200B}mail", "P\u{4BB}one"])
  func privacy(name: String) { #expect(DefaultPrivacy.policy(of: name) == .mask) }
}
