import Core
import Values

extension FunctionDefinition {
  static let slice = FunctionDefinition(
    name: "slice",
    summary: "The characters from index `from` up to but not including `to`; negative indices count from the end.",
    parameters: [
      Parameter("from", .integer, "the first index, counted from 0; default 0"),
      Parameter("to", .integer, "the index after the last; default: the end"),
    ],
    takes: [.string], gives: .string,
    examples: [
      Example("{slice: {from: 0, to: 5}}", #""94103-1234""#, gives: #""94103""#),
      Example("{slice: {from: -4}}", #""Zoë Öst""#, gives: #"" Öst""#),
      Example("{slice: {from: 3, to: 99}}", #""AB-0012""#, gives: #""0012""#),
      Example("{slice: {from: 9}}", #""Ada""#, gives: #""""#),
    ],
    kernel: { arguments in
      let from = arguments.integer("from") ?? 0
      let to = arguments.integer("to")
      if arguments.integer("from") == nil, to == nil {
        arguments.refuse(nil, "slice needs 'from' or 'to'", hint: "write {slice: {from: 0, to: 5}}")
      } else if let to, (to < 0) == (from < 0), to <= from {
        arguments.refuse(
          "to", "'to' of slice must be after 'from', or nothing is left",
          hint: "'to' is the index after the last character that is kept")
      }
      return Kernel(ResultFacts(longest: { longestSlice(of: $0, from: from, to: to) })) { text, _ in
        .part(CharacterCount.slice(of: text, from: from, to: to))
      }
    })

  /// Characters of the longest slice of a text of at most `count`.
  private static func longestSlice(of count: Int?, from: Int, to: Int?) -> Int? {
    var bounds: [Int] = []
    if let count { bounds.append(count) }
    if from < 0 { bounds.append(Int(clamping: from.magnitude)) }
    if let to {
      if to >= 0, from >= 0 { bounds.append(max(0, to - from)) } else if to >= 0 { bounds.append(to) }
      if to < 0, from < 0 { bounds.append(max(0, to - from)) }
    }
    return bounds.min()
  }
}
