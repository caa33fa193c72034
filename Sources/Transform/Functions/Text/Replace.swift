import Core
import Values

extension FunctionDefinition {
  static let replace = FunctionDefinition(
    name: "replace",
    summary: "The text with each match of a regular expression (ECMA-262) replaced; `$1` in `with` is its first group.",
    parameters: [
      Parameter("pattern", .text, isRequired: true, "the regular expression; quote it in YAML"),
      Parameter(
        "with", .text, isRequired: true, "the replacement, may be empty; `$&` is the match, `$$` a dollar sign"),
    ],
    input: "string", output: "string", errors: [.patternLimit],
    examples: [
      Example(#"{replace: {pattern: "^(Mr|Mrs|Ms) ", with: ""}}"#, #""Ms Ada Lovelace""#, gives: #""Ada Lovelace""#),
      Example(#"{replace: {pattern: "([0-9]+)-([0-9]+)", with: "$2/$1"}}"#, #""12-34""#, gives: #""34/12""#),
    ],
    bind: { request in
      let pattern = request.text("pattern") ?? ""
      let with = request.text("with") ?? ""
      let issues = issues(pattern: pattern, with: with)
      return request.bind(
        "replace", takes: [.string], gives: .string, issues: issues, .replace(pattern: pattern, with: with))
    })

  private static func issues(pattern: String, with: String) -> [BindIssue] {
    guard !pattern.isEmpty else {
      return [BindIssue(.badArgument, parameter: "pattern", "'pattern' of replace must not be empty")]
    }
    let compiled: Pattern
    do throws(PatternError) {
      compiled = try Pattern(pattern)
    } catch {
      let what = error.isLimit ? "cannot be evaluated by Waybill" : "is not a regular expression"
      return [BindIssue(.badArgument, parameter: "pattern", "'pattern' of replace \(what): \(error)")]
    }
    do throws(PatternError) {
      _ = try PatternReplacement(with, for: compiled)
    } catch {
      return [BindIssue(.badArgument, parameter: "with", "'with' of replace does not fit its pattern: \(error)")]
    }
    return []
  }
}
