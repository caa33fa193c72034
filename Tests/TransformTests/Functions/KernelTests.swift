import Core
import Testing

@testable import Transform

/// What an evaluator does with the results of kernels.
@Suite struct KernelTests {
  private static let constant: StaticString = "constant"

  private static let kernels: [(name: String, gives: ValueType, body: Kernel.Body)] = [
    ("same", .string, { _, _ in .same }),
    ("unchanged digits", .decimal, { _, _ in .same }),
    (
      "made", .string,
      { text, result in
        result.append(text); result.append("é"); return .made
      }
    ),
    (
      "made digits", .number,
      { text, result in
        result.append(text); result.append("5"); return .made
      }
    ),
    ("part", .string, { text, _ in .part(1..<text.count) }),
    ("constant", .string, { _, _ in .constant(Text(start: constant.utf8Start, count: constant.utf8CodeUnitCount)) }),
    ("integer", .integer, { text, _ in .integer(Int64(text.count)) }),
    ("boolean", .boolean, { text, _ in .boolean(text.count > 1) }),
    ("null", .string, { _, _ in .null }),
    ("refused", .string, { _, _ in .refused(.urlInvalid) }),
  ]

  private func run(_ name: String, _ value: String, takes: [ValueType]) throws -> String {
    let (_, gives, body) = try #require(Self.kernels.first { $0.name == name })
    let function = FunctionDefinition(
      name: name, summary: "", takes: takes, gives: gives, examples: [], kernel: { _ in Kernel(ResultFacts(), body) })
    guard case .bound(let call, let output, _) = function.bind(BindRequest(input: .any)) else { return "refused" }
    #expect(output == gives)
    let result = try outcome(of: [call], on: value)
    return result.output ?? result.error?.slug ?? "nothing"
  }

  @Test(arguments: [
    ("same", #""é""#, #""é""#), ("same", "-0", #""-0""#), ("same", #"[1, null, "a"]"#, #"["1",null,"a"]"#),
    ("unchanged digits", "12.50", "12.50"), ("made", #""a""#, #""aé""#), ("made", "7", #""7é""#), ("made digits", "1.2", "1.25"),
    ("part", #""abc""#, #""bc""#), ("part", "12", #""2""#), ("constant", #""a""#, #""constant""#),
    ("integer", #""abc""#, "3"), ("integer", #"["", "a"]"#, "[null,1]"), ("boolean", #""ab""#, "true"), ("boolean", "1", "false"),
    ("null", #""a""#, "null"), ("null", #"["a"]"#, "[null]"), ("refused", #""a""#, "url-invalid"),
    ("refused", #"["a"]"#, "url-invalid"), ("same", "null", "null"), ("refused", "null", "null"), ("same", "true", "wrong-type"),
    ("same", #"{"a":1}"#, "wrong-type"), ("made", #"["a", true]"#, "wrong-type"),
  ])
  func `a result becomes the value`(name: String, value: String, expected: String) throws {
    #expect(try run(name, value, takes: ValueType.written) == expected)
  }

  @Test(arguments: [
    ([ValueType.string], "7", "wrong-type"), ([.string], #""7""#, #""7""#), ([.integer], #""7""#, "wrong-type"),
    ([.integer, .date], "7", #""7""#), ([.date], "7", "wrong-type"),
  ])
  func `a kernel runs for the types that its function takes`(takes: [ValueType], value: String, expected: String) throws {
    #expect(try run("same", value, takes: takes) == expected)
  }

  @Test func `a kernel takes only values that have a text, and gives only plain values`() {
    for type in ValueType.written { #expect(KernelCall.canTake([type])) }
    for type in [ValueType.boolean, .any, .list(.string), .oneOf([.string])] { #expect(!KernelCall.canTake([.string, type])) }
    #expect(!KernelCall.canTake([]))
    for type in [ValueType.string, .integer, .decimal, .number, .boolean] { #expect(KernelCall.canGive(type)) }
    for type in [ValueType.date, .datetime, .any, .list(.string)] { #expect(!KernelCall.canGive(type)) }
  }

  @Test func `arguments that cannot be used are reported with the function's name`() {
    var arguments = KernelArguments(
      function: "f", values: ["a": .number("3"), "b": .number("11"), "c": .string("x"), "d": .bool(true)])
    #expect(arguments.integer("a", in: 1...9) == 3 && arguments.integer("z", in: 1...9) == nil)
    #expect(arguments.text("c") == "x" && arguments.boolean("d") == true && arguments.text("d") == nil)
    #expect(arguments.issues.isEmpty)
    #expect(arguments.integer("b", in: 1...9) == nil)
    arguments.refuse(nil, "f needs 'z'", hint: "write it")
    #expect(
      arguments.issues == [
        BindIssue(.badArgument, parameter: "b", "'b' of f must be from 1 to 9, not 11"),
        BindIssue(.badArgument, "f needs 'z'", hint: "write it"),
      ])
  }
}
