/// Moves the expression of `waybill eval` to the end of the command line, after `--`: an expression such as `-1 + 2` looks
/// like an option but is not one.
enum EvalArguments {
  private static let flags: Set<String> = ["--typed", "--quiet", "-q", "--no-color", "--help", "-h", "-help", "--version"]
  private static let options: Set<String> = ["--input", "--encoding", "--project", "--state", "--log-format"]

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
    // Without an expression, the parser reports what is missing; it also reports misspelled options.
    guard expressions.contains(where: { $0.hasPrefix("-") }), expressions.count == 1 else { return arguments }
    return words + ["--"] + expressions
  }
}
