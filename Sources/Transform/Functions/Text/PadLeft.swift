import Core

extension FunctionDefinition {
  static let padLeft = FunctionDefinition(
    name: "pad_left",
    summary: "The text, or a number's digits, padded on the left with `with` to `width` characters; never shortened.",
    parameters: [
      Parameter("width", .integer, isRequired: true, isPositional: true, "the smallest number of characters, 1 to 1000"),
      Parameter("with", .text, "one character; default a space"),
    ],
    input: "string, integer, decimal, number, date or datetime", output: "string",
    examples: [
      Example(#"{pad_left: {width: 5, with: "0"}}"#, #""2139""#, gives: #""02139""#),
      Example(#"{pad_left: {width: 5, with: "0"}}"#, "2139", gives: #""02139""#),
      Example(#"{pad_left: {width: 3, with: "·"}}"#, #""Zoë""#, gives: #""Zoë""#),
      Example("{pad_left: 3}", #""ü""#, gives: #""  ü""#),
    ],
    bind: { request in
      var issues: [BindIssue] = []
      let width = request.integer("width", of: "pad_left", in: 1...1000, &issues) ?? 1
      let filler = request.text("with") ?? " "
      if filler.unicodeScalars.count != 1 {
        issues.append(
          BindIssue(
            .badArgument, parameter: "with", "'with' of pad_left must be one character",
            hint: #"write {pad_left: {width: \#(width), with: "0"}}"#))
      }
      return request.bind(
        "pad_left", takes: ValueType.written, gives: .string, issues: issues, .padLeft(width: width, with: filler))
    })
}
