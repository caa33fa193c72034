import ArgumentParser
import Core
import Transform

/// `waybill functions [NAME]`: the reference of the function library.
struct FunctionsCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "functions",
    abstract: "List the functions of mappings, or describe one",
    discussion: """
      Example:
        waybill functions phone
      """)

  @Argument(help: ArgumentHelp("The function to describe, with its parameters and examples.", valueName: "name"))
  var name: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard let name else {
      try output.json
        ? context.console.print(.array(FunctionLibrary.standard.functions.map(Self.json)))
        : context.console.print(FunctionReference.table())
      return .done
    }
    guard let function = FunctionLibrary.standard.functions.first(where: { $0.name == name }) else {
      let hint = NearestName.hint(name, in: FunctionLibrary.standard.functions.map(\.name)) ?? "`waybill functions` lists them"
      throw OperationFailure(.usage, "there is no function '\(name)'; \(hint)")
    }
    try output.json ? context.console.print(Self.json(function)) : context.console.print(FunctionReference.text(of: function))
    return .done
  }

  static func json(_ function: FunctionDefinition) -> JSONValue {
    .object([
      .init("name", .string(function.name)), .init("summary", .string(function.summary)),
      .init("input", .string(function.input)), .init("output", .string(function.output)),
      .init("takes_list", .bool(function.takesList)),
      .init("parameters", .array(function.parameters.map(json))),
      .init("errors", .array(function.errors.map { .string($0.slug) })),
      .init("examples", .array(function.examples.map(json))),
    ])
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
