/// The command line of `waybill eval` with the expression at its end, behind `--`: an expression such as `-1 + 2` begins like an
/// option and is none.
enum EvalArguments {
  private static let flags: Set<String> = ["--typed", "--quiet", "-q", "--no-color", "--help", "-h", "-help", "--version"]
  private static let options: Set<String> = ["--input", "--project", "--state", "--log-format"]

  /// Other commands' arguments stay as they are.
  static func arranged(_ arguments: [String]) -> [String] {
    guard arguments.first == "eval", !arguments.contains("--") else { return arguments }
    var words = ["eval"]
    var expressions: [String] = []
    var takesNext = false
    for word in arguments.dropFirst() {
      let isAssigned = options.contains { word.hasPrefix($0 + "=") }
      if takesNext || isAssigned || flags.contains(word) {
        words.append(word)
        takesNext = false
      } else if options.contains(word) {
        words.append(word)
        takesNext = true
      } else {
        expressions.append(word)
      }
    }
    // Without an expression the parser says what is missing; a misspelt option is told by it, too.
    guard expressions.contains(where: { $0.hasPrefix("-") }), expressions.count == 1 else { return arguments }
    return words + ["--"] + expressions
  }
}
