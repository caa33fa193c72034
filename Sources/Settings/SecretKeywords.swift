package import Mapping

/// The keywords of a secret's place.
package enum SecretKeywords {
  package static let secret = KeywordGroup(
    [
      Keyword("env", .text, "The name of an environment variable."),
      Keyword("file", .text, "A file whose first line is the token."),
      Keyword("command", .nonEmptyList(.text), "A program and its arguments; the first line of its output."),
    ], isChoice: true)

  /// A command that needs more environment variables than PATH, HOME and LANG.
  package static let helper = KeywordGroup([
    Keyword("command", .nonEmptyList(.text), required: true, "A program and its arguments; the first line of its output."),
    Keyword("env", .nonEmptyList(.text), required: true, "Names of environment variables to pass to the program as well."),
  ])
}
