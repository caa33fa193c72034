import ArgumentParser
import Core
import Expressions
import Transform

/// `waybill functions [NAME]`: the reference of the function library, and of the functions of expressions.
struct FunctionsCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "functions",
    abstract: "List mapping and expression functions, or describe one",
    discussion: """
      Example:
        waybill functions phone
        waybill functions size
      """)

  @Argument(help: ArgumentHelp("The function to describe, with its parameters and examples.", valueName: "name"))
  var name: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard let name else {
      try output.json
        ? context.console.print(.array(Self.names.map(Self.json)))
        : context.console.writeOutput(Self.list(fitting: context.console.lineWidth))
      return .done
    }
    guard Self.names.contains(exactly: name) else {
      let hint = NearestName.hint(name, in: Self.names) ?? "`waybill functions` lists them"
      throw OperationFailure(.usage, "there is no function '\(name)'; \(hint)")
    }
    try output.json ? context.console.print(Self.json(name)) : context.console.printProse(Self.text(name))
    return .done
  }

  private static let expressions = ExpressionReference.functions + ExpressionReference.macros

  /// Each once: those of mappings first, then those that only expressions have.
  private static var names: [String] {
    let library = FunctionLibrary.standard.functions.map(\.name)
    return library + expressions.map(\.name).filter { !library.contains(exactly: $0) }
  }

  private static func expression(_ name: String) -> ExpressionReference.Entry? { expressions.first { $0.name == name } }

  private static func list(fitting width: Int?) -> String {
    var steps = TextTable([.init("FUNCTION"), .sentence("TAKES -> GIVES"), .sentence("RESULT")])
    for row in FunctionReference.rows() { steps.add(row) }
    var calls = TextTable([.init("FUNCTION"), .sentence("RESULT")])
    for entry in expressions { calls.add([entry.name, entry.summary]) }
    return "Mapping steps (do):\n\n" + steps.text(fitting: width)
      + "\nExpression functions (expr, when, where, assert):\n\n" + calls.text(fitting: width)
  }

  private static func text(_ name: String) -> String {
    let step = FunctionLibrary.standard.find(name).map { FunctionReference.text(of: $0) }
    guard let entry = expression(name) else { return step ?? "" }
    return (step.map { $0 + "\nIn expressions:\n\n" } ?? "") + ExpressionReference.text(of: entry)
  }

  /// Without `expression` where expressions do not have the function, and with it alone where mappings do not.
  static func json(_ name: String) -> JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name))]
    if let function = FunctionLibrary.standard.find(name) { members += Self.members(of: function) }
    if let entry = expression(name) {
      members.append(
        .init(
          "expression",
          .object([
            .init("summary", .string(entry.summary)), .init("signatures", .array(entry.signatures.map { .string($0) })),
          ])))
    }
    return .object(members)
  }

  private static func members(of function: FunctionDefinition) -> [JSONValue.Member] {
    [
      .init("summary", .string(function.summary)),
      .init("input", .string(function.input)), .init("output", .string(function.output)),
      .init("takes_list", .bool(function.takesList)),
      .init("parameters", .array(function.parameters.map(json))),
      .init("errors", .array(function.errors.map { .string($0.slug) })),
      .init("examples", .array(function.examples.map(json))),
    ]
  }

  private static func json(_ parameter: FunctionDefinition.Parameter) -> JSONValue {
    .object([
      .init("name", .string(parameter.name)), .init("required", .bool(parameter.isRequired)),
      .init("may_stand_alone", .bool(parameter.isPositional)), .init("summary", .string(parameter.summary)),
    ])
  }

  private static func json(_ example: FunctionDefinition.Example) -> JSONValue {
    var members: [JSONValue.Member] = [.init("step", .string(example.step)), .init("input", .string(example.input))]
    if let before = example.before { members.append(.init("after", .string(before))) }
    if let output = example.output { members.append(.init("output", .string(output))) }
    if let error = example.error { members.append(.init("error", .string(error.slug))) }
    return .object(members)
  }
}
