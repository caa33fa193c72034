import Core
import Files
import Records
import Testing

@testable import Transform

/// What the step `step`, behind the step `before`, makes of a JSON value: its JSON text, or the code of the problem.
func evaluate(
  _ step: String, after before: String? = nil, on input: String, settings: MappingSettings = .init()
) throws -> (output: String?, error: ProblemCode?) {
  let lookups = FunctionLibrary.exampleLookups
  let shapes = Dictionary(uniqueKeysWithValues: lookups.enumerated().map { (Name($1.name), $1.shape(index: $0)) })
  let place = SourcePlace(file: "example", line: 1, column: 1)
  var steps: [StepModel] = []
  for text in [before, step].compactMap(\.self) {
    let (name, argument) = try StepText.read(text)
    let function = try #require(FunctionLibrary.find(name))
    let arguments = function.arguments(from: argument).arguments
    guard case .bound(let call, _) = function.bind(BindRequest(input: .any, arguments: arguments, lookups: shapes)) else {
      Issue.record("\(text) does not bind")
      return (nil, nil)
    }
    steps.append(StepModel(call: call, place: place))
  }
  let path = SourcePath(steps: [.member("value")])
  let field = FieldModel(
    target: ["value"], value: .source(path, accepts: .any), steps: steps, place: place)
  let model = MappingModel(
    name: "example", file: "example", entity: "contact", key: SourcePath(steps: [.member("id")]), targetEntity: "contact",
    targetKey: [], settings: settings, lookups: lookups, fields: [field])
  let program = try Program(model)
  let lane = TransformLane(program, encoding: .ndjson(program))
  var source = NDJSONSource(MemoryInput(Array("{\"id\":\"1\",\"value\":\(input)}\n".utf8)))
  #expect(try source.fill(lane.batch))
  lane.process()
  if let problem = lane.log.problems.first(where: { $0.severity == .error }) { return (nil, problem.code) }
  return (written(by: lane), nil)
}

/// The value in the one record that the lane has encoded.
private func written(by lane: TransformLane) -> String {
  let bytes = (0..<lane.output.pendingCount).map { lane.output[pending: $0] }
  let record = try? JSONReader.read(Array(bytes.dropLast()))
  return record?["value"]?.text ?? String(decoding: bytes, as: UTF8.self)
}
