import Core
import Files
import Records
import Testing

@testable import Transform

/// What the step `step`, behind the step `before`, makes of a JSON value: its JSON text, or the code of the problem.
func evaluate(
  _ step: String, after before: String? = nil, on input: String, settings: MappingSettings = .init()
) throws -> (output: String?, error: ProblemCode?) {
  try outcome(of: [before, step].compactMap(\.self).map { try call($0) }, on: input, settings: settings)
}

/// The same for calls.
func outcome(
  of calls: [FunctionCall], on input: String, settings: MappingSettings = .init()
) throws -> (output: String?, error: ProblemCode?) {
  let place = SourcePlace(file: "example", line: 1, column: 1)
  let steps = calls.map { StepModel(call: $0, place: place) }
  let path = SourcePath(steps: [.member("value")])
  let field = FieldModel(
    target: ["value"], value: .source(path, accepts: .any), steps: steps, place: place)
  let model = MappingModel(
    name: "example", file: "example", entity: "contact", key: SourcePath(steps: [.member("id")]), targetEntity: "contact",
    targetKey: [], settings: settings, lookups: FunctionLibrary.exampleLookups, fields: [field])
  let program = try Program(model)
  let lane = TransformLane(program, encoding: .ndjson(program))
  var source = NDJSONSource(MemoryInput(Array("{\"id\":\"1\",\"value\":\(input)}\n".utf8)))
  #expect(try source.fill(lane.batch))
  lane.process()
  if let problem = lane.log.problems.first(where: { $0.severity == .error }) { return (nil, problem.code) }
  return (written(by: lane), nil)
}

/// The call that a step makes of a value that may be anything.
func call(_ step: String) throws -> FunctionCall {
  let (name, argument) = try StepText.read(step)
  let function = try #require(FunctionLibrary.standard.find(name))
  let arguments = function.arguments(from: argument).arguments
  let shapes = FunctionLibrary.exampleLookups.enumerated().map { (Name($1.name), $1.shape(index: $0)) }
  let request = BindRequest(input: .any, arguments: arguments, lookups: Dictionary(uniqueKeysWithValues: shapes))
  guard case .bound(let call, _, _) = function.bind(request) else { throw StepText.Failure(text: step) }
  return call
}

/// The value in the one record that the lane has encoded.
private func written(by lane: TransformLane) -> String {
  let bytes = (0..<lane.output.pendingCount).map { lane.output[pending: $0] }
  let record = try? JSONReader.read(Array(bytes.dropLast()))
  return record?["value"]?.text ?? String(decoding: bytes, as: UTF8.self)
}
