package import Core
package import Transform

/// The JSON Schema of mapping files, as `waybill schema mapping` prints it.
package enum MappingSchema {
  package static var json: JSONValue { json(of: .standard) }

  package static func json(of library: FunctionLibrary) -> JSONValue {
    KeywordSchema(
      title: "Waybill mapping", summary: "How one source entity becomes one target entity: language version 1.",
      document: MappingKeywords.documentGroup,
      definitions: MappingKeywords.definitions + [("step", .schema(step(of: library.functions)))]
    ).json
  }

  /// `trim` or `{join: " "}`: a function by its name, or one key with its arguments.
  private static func step(of functions: [FunctionDefinition]) -> JSONValue {
    let bare = functions.filter { $0.parameters.allSatisfy { !$0.isRequired } }
    let byName = JSONValue.object([
      .init("type", .string("string")), .init("enum", .array(bare.map { .string($0.name) })),
      // What editors based on the YAML language server show for each word.
      .init("markdownEnumDescriptions", .array(bare.map { .string(summary(of: $0)) })),
    ])
    let withArguments = JSONValue.object([
      .init("type", .string("object")),
      .init("properties", .object(functions.map { .init($0.name, arguments(of: $0)) })),
      .init("additionalProperties", .bool(false)), .init("minProperties", .number(1)), .init("maxProperties", .number(1)),
    ])
    return .object([
      .init("description", .string("One function of the chain; `waybill functions` lists them.")),
      .init("anyOf", .array([byName, withArguments])),
    ])
  }

  private static func summary(of function: FunctionDefinition) -> String {
    let example = function.examples.first.map { example in
      " For example, `\(example.step)` turns `\(example.input)` into `\(example.output ?? "an error")`."
    }
    return function.summary + " Takes \(function.input), returns \(function.output)." + (example ?? "")
  }

  private static func arguments(of function: FunctionDefinition) -> JSONValue {
    var ways: [JSONValue] = []
    if let only = function.parameters.first(where: \.isPositional) { ways.append(.object(schema(of: only.kind, only.summary))) }
    if function.parameters.allSatisfy({ !$0.isRequired }) { ways.append(.object([.init("type", .string("null"))])) }
    var named: [JSONValue.Member] = [
      .init("type", .string("object")),
      .init(
        "properties",
        .object(function.parameters.map { .init($0.name, .object(schema(of: $0.kind, $0.summary))) })),
      .init("additionalProperties", .bool(false)),
    ]
    let required = function.parameters.filter(\.isRequired)
    if !required.isEmpty { named.append(.init("required", .array(required.map { .string($0.name) }))) }
    ways.append(.object(named))
    return .object([.init("description", .string(summary(of: function))), .init("anyOf", .array(ways))])
  }

  private static func schema(of kind: FunctionDefinition.Parameter.Kind, _ summary: String) -> [JSONValue.Member] {
    let text: [JSONValue.Member] = [.init("type", .string("string"))]
    let members: [JSONValue.Member] =
      switch kind {
      case .text: text
      case .integer: [.init("type", .string("integer"))]
      case .boolean: [.init("type", .string("boolean"))]
      case .texts:
        [
          .init(
            "anyOf",
            .array([.object(text), .object([.init("type", .string("array")), .init("items", .object(text))])]))
        ]
      case .words(let words): [.init("enum", .array(words.map { .string($0) }))]
      // Functions with several parameters are written with names.
      case .any: [.init("type", .array(["string", "number", "boolean", "null"].map { .string($0) }))]
      }
    return [.init("description", .string(summary))] + members
  }
}
