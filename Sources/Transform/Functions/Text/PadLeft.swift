import Core
import Values

extension FunctionDefinition {
  static let padLeft = FunctionDefinition(
    name: "pad_left",
    summary: "The text, or a number's digits, padded on the left with `with` to `width` characters; never shortened.",
    parameters: [
      Parameter("width", .integer, isRequired: true, isPositional: true, "the smallest number of characters, 1 to 1000"),
      Parameter("with", .text, "one character; default a space"),
    ],
    takes: ValueType.written, gives: .string,
    examples: [
      Example(#"{pad_left: {width: 5, with: "0"}}"#, #""2139""#, gives: #""02139""#),
      Example(#"{pad_left: {width: 5, with: "0"}}"#, "2139", gives: #""02139""#),
      Example(#"{pad_left: {width: 3, with: "·"}}"#, #""Zoë""#, gives: #""Zoë""#),
      Example("{pad_left: 3}", #""ü""#, gives: #""  ü""#),
    ],
    kernel: { arguments in
      let width = arguments.integer("width", in: 1...1000) ?? 1
      let text = arguments.text("with") ?? " "
      if text.unicodeScalars.count != 1 {
        arguments.refuse(
          "with", "'with' of pad_left must be one character", hint: #"write {pad_left: {width: \#(width), with: "0"}}"#)
      }
      let filler = Array(text.utf8)
      return Kernel(ResultFacts(longest: { input in input.map { max($0, width) } })) { text, result in
        Padding.padLeft(text, width: width, with: filler.span, into: &result) ? .made : .same
      }
    })
}
