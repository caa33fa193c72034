import Core
import Files
import Records
import Schema

@testable import Report
@testable import Transform

/// Makes mapping models by hand, for tests of the evaluator alone.
enum TestMapping {
  static func place(_ line: Int) -> SourcePlace { SourcePlace(file: "mappings/test.yaml", line: line, column: 3) }

  static func source(_ text: String, _ accepts: CellKinds = .any) -> ValueModel {
    .source(SourcePath(steps: text.split(separator: ".").map { .member(String($0)) }), accepts: accepts)
  }

  static func field(
    _ target: String, _ value: ValueModel, _ calls: [FunctionCall] = [], fallback: FallbackModel? = nil,
    required: Bool = false, onError: FieldModel.OnError = .reject, omitsNull: Bool = false, privacy: Privacy = .show,
    node: Int? = nil
  ) -> FieldModel {
    FieldModel(
      target: target.split(separator: ".").map(String.init), value: value,
      steps: calls.enumerated().map { StepModel(call: $1, place: place(100 + $0)) }, fallback: fallback,
      isRequired: required, onError: onError, omitsNull: omitsNull, privacy: privacy, node: node, place: place(10))
  }

  static func model(
    _ fields: [FieldModel], vars: [FieldModel] = [], lookups: [LookupTable] = [], settings: MappingSettings = .init(),
    each: SourcePath? = nil, target: TargetSchema? = nil, record: SchemaValidator? = nil
  ) -> MappingModel {
    MappingModel(
      name: "test", file: "mappings/test.yaml", entity: "contact", key: SourcePath(steps: [.member("id")]), each: each,
      targetEntity: "contact", targetKey: [fields[0].target.joined(separator: ".")], target: target, record: record,
      settings: settings, lookups: lookups, vars: vars, fields: fields)
  }

  /// Runs a model over NDJSON text: the output, and a line and the message per problem.
  static func run(
    _ model: MappingModel, _ text: String, encoding: (Program) -> TargetEncoding = TargetEncoding.ndjson,
    context: ProgramContext = .init(), threads: Int = 1, batchSize: Int = 256 * 1024
  ) async throws -> (output: String, problems: [String], messages: [String], counts: TransformCounts) {
    let program = try Program(model, context: context)
    let runner = TransformRunner(program, encoding: encoding(program), options: .init(threads: threads))
    var source = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: batchSize)
    var output = ""
    var problems: [String] = []
    var messages: [String] = []
    let lines = ProblemLines(program, context: .init())
    let counts = try await runner.run(&source) { lane in
      output += lane.output.withPending(\.string)
      for problem in lane.log.problems {
        let line = lines.line(of: problem, in: lane.log)
        messages.append(line.message)
        let end = "\(problem.severity) \(problem.code.slug) \(line.field ?? "-") \(line.value ?? "-")"
        problems.append("\(line.at?.line ?? 0) \(line.record ?? "-") \(end)")
      }
    }
    return (output, problems, messages, counts)
  }
}
