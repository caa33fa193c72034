import Core
import Testing

@testable import Values

struct PatternTests {
  @Test(arguments: [
    ("b", "abc", true), ("^b", "abc", false), ("^abc$", "abc", true), ("^abc$", "abc\n", false), ("", "", true), ("^$", "", true),
    ("\\d", "٣", false), ("^\\d+$", "123", true), ("\\w", "é", false), ("^\\W$", "é", true), ("\\s", "\u{A0}", true),
    ("\\s", "\u{FEFF}", true),
    ("\\s", "\u{200B}", false), ("^\\S$", "\u{200B}", true), ("[\\s]", "\u{2003}", true), ("[^\\s]", "\u{2003}", false),
    ("^[\\S]$", "é", true), ("[\\S]", "\u{3000}", false), ("^.$", "👍", true), ("^.$", "\u{2028}", false), ("^.$", "\r", false),
    ("^.$", "\u{85}", true),
    ("\\u00e9", "é", true), ("^\\uD83D\\uDC4D$", "👍", true), ("^\\u{1F44D}$", "👍", true), ("\\x41", "A", true),
    ("\\cJ", "\n", true), ("\\v", "\u{0B}", true), ("\\v", "\n", false), ("\\0", "\u{00}", true),
    ("^\\p{Letter}+$", "Élan", true), ("\\p{Lu}", "é", false),
    ("\\p{gc=Nd}", "٣", true), ("\\p{Script=Greek}", "ω", true), ("\\P{L}", "1", true), ("[\\p{L}-]", "-", true),
    ("(a)\\1", "aa", true), ("(?<x>a)\\k<x>", "aa", true), ("(a)|\\1b", "b", true), ("[]", "a", false), ("[^]", "\n", true),
    ("[[]", "[", true),
    ("[[:alpha:]]", "a]", true), ("a{,2}", "a{,2}", true), ("a{2}", "aa", true), ("^a{1,2}?$", "aa", true), ("a{", "a{", true),
    ("\\-\\@\\_", "-@_", true), ("[\\b]", "\u{08}", true), ("\\bfoo\\b", "a foo b", true), ("(?<=a)b", "ab", true),
    ("(?<!a)b", "ab", false),
    ("(?i:É)", "é", true), ("^[a-zÀ-ÿ]+$", "josé", true), ("é$", "cafe\u{301}", false), ("^(?!.*x).*$", "abc", true),
    ("[.]", "a", false),
  ])
  func patternsMeanWhatECMAScriptMeans(pattern: String, text: String, expected: Bool) throws {
    let workspace = PatternWorkspace()
    let pattern = try Pattern(pattern)
    #expect(of(text) { pattern.matches($0, workspace) } == (expected ? .matched : .notMatched))
  }

  @Test(
    arguments: [
      ("a(", 2), ("[a", 2), ("*a", 0), ("a**", 2), ("a++", 2), ("\\Z", 0), ("a\\A", 1), ("\\a", 0), ("\\h", 0), ("(?>a)", 0),
      ("(?i)a", 0), ("(?P<x>a)", 0), ("(*UTF)", 1), ("\\u12", 0), ("\\u{110000}", 0), ("\\uD800", 0), ("\\x1", 0),
      ("\\p{Bogus}", nil), ("\\pL", 0),
      ("[b-a]", nil), ("\\", 0), ("\\01", 0), ("a{2}{3}", 4), ("^*", 1), ("é\\Q", 2),
    ] as [(String, Int?)])
  func wrongPatternsSayWhere(pattern: String, offset: Int?) {
    let error = #expect(throws: PatternError.self) { try Pattern(pattern) }
    #expect(error?.message.isEmpty == false)
    if let offset { #expect(error?.offset == offset) }
  }

  @Test(arguments: [("^(a+)+$", 30), ("^(a|aa)+$", 60), ("(x+x+)+y", 40), ("^(([a-z])+.)+[A-Z]([a-z])+$", 60)])
  func noTextHangsARun(pattern: String, length: Int) throws {
    let workspace = PatternWorkspace()
    let pattern = try Pattern(pattern)
    let text = String(repeating: pattern.text.contains("x") ? "x" : "a", count: length) + "!"
    #expect(of(text) { pattern.matches($0, workspace) } != .matched)
    // The workspace serves the next text as well.
    #expect(of("xxy aAa") { (try? Pattern("a"))?.matches($0, workspace) } == .matched)
  }

  @Test func longTextIsSearchedWhole() throws {
    let workspace = PatternWorkspace()
    let end = try Pattern("é!$")
    let none = try Pattern("z")
    let text = String(repeating: "é", count: 100_000)
    #expect(of(text + "!") { end.matches($0, workspace) } == .matched)
    #expect(of(text) { none.matches($0, workspace) } == .notMatched)
  }

  @Test(
    arguments: [
      ("a", "b", "banana", "bbnbnb"), ("x", "y", "abc", nil), ("(\\w+) (\\w+)", "$2 $1", "Ada Lovelace", "Lovelace Ada"),
      ("\\d", "[$&]", "a1b2", "a[1]b[2]"), ("\\$", "$$", "a$", "a$"),
      ("(?<y>\\d{4})-(?<m>\\d\\d)", "$<m>/$<y>", "2024-03", "03/2024"), ("", "-", "ab", "-a-b-"),
      ("", "-", "é👍", "-é-👍-"), ("a*", "x", "baac", "xbxxcx"), ("[^\\d]+", "", "(415) 555-2671", "4155552671"),
      ("(a)|(b)", "<$1$2>", "ab", "<a><b>"), ("^", ">", "line", ">line"), ("$", "!", "", "!"), ("é", "e", "éé", "ee"),
      ("a", "$", "a", "$"), ("(a)", "$10", "a", "a0"),
    ] as [(String, String, String, String?)])
  func everyMatchIsReplaced(pattern: String, template: String, text: String, expected: String?) throws {
    let workspace = PatternWorkspace()
    let pattern = try Pattern(pattern)
    let replacement = try PatternReplacement(template, for: pattern)
    var result = ReplaceResult.unchanged
    let made = run(text) {
      result = pattern.replaceAll($0, with: replacement, workspace, into: &$1)
      return result == .replaced
    }
    #expect(result == (expected == nil ? .unchanged : .replaced))
    #expect(made.text == expected ?? text)
  }

  @Test(arguments: ["$1", "$0", "x$9", "$<y>", "$<y"])
  func groupsThatAreNotThereAreRefused(template: String) throws {
    let pattern = try Pattern("a")
    #expect(throws: PatternError.self) { try PatternReplacement(template, for: pattern) }
  }

  @Test func givingUpAppendsNothing() throws {
    let workspace = PatternWorkspace()
    let pattern = try Pattern("b|(a|aa)+$")
    let replacement = try PatternReplacement("-", for: pattern)
    var result = ReplaceResult.unchanged
    let made = run("b" + String(repeating: "a", count: 200) + "!") {
      result = pattern.replaceAll($0, with: replacement, workspace, into: &$1)
      return result == .replaced
    }
    #expect(result == .limitExceeded)
    #expect(made.isSame)
  }
}
