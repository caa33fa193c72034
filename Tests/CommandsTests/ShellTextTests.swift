import Testing

@testable import Commands

@Suite("Words of a command line")
struct ShellTextTests {
  @Test(
    "are quoted as a shell takes them",
    arguments: [
      ("out/a.csv", "out/a.csv"), ("", "''"), ("my file", "'my file'"), ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"),
      ("café", "'café'"), ("a\nb", #"$'a\nb'"#), ("a\t'b\\", #"$'a\t\'b\\'"#), ("\u{1B}[31m", #"$'\x1b[31m'"#),
      // A letter behind the code of a byte would be read as part of it in other notations; two digits end it.
      ("é\u{7}b", #"$'\xc3\xa9\x07b'"#), ("\u{202E}x", #"$'\xe2\x80\xaex'"#),
    ])
  func quoted(word: String, text: String) { #expect(ShellText.word(word) == text) }
}
