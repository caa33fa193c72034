import Core
import Files
import Foundation
import Records
import TestSupport
import Transform

@testable import Mapping
@testable import Report

/// A generated mapping, compiled, and what it makes of lines.
struct PropertyRun {
  struct Result {
    var output: [UInt8] = []
    var ledger: [PlainJSON] = []
    var ledgerText = ""
    var outcomes: [PlainJSON] = []
    var outcomesText = ""
    var counts = TransformCounts()
  }

  let plan: MappingPlan
  let model: MappingModel
  let explanation: [FieldExplanation]
  let program: Program

  /// Drops the lines that do not compile; nil where nothing is left.
  init?(_ first: MappingPlan, folder: String) throws {
    var plan = first
    for _ in 0..<8 {
      if plan.hasSchema { try plan.schema.write(toFile: "\(folder)/schema.json", atomically: false, encoding: .utf8) }
      let file = "\(folder)/m.yaml"
      let found = MappingCompiler.compile(file: file, text: plan.text, catalog: PropertySource())
      if let model = found.model {
        self.plan = plan
        self.model = model
        explanation = found.explanation
        program = try Program(
          model, context: .init(customFields: PropertySource.customs.map(\.definition), now: "2024-05-06T07:08:09Z"))
        return
      }
      let wrong = Set(found.diagnostics.all.filter { $0.severity == .error && $0.place.file == file }.map(\.place.line))
      let smaller = plan.without(lines: wrong)
      guard smaller.text != plan.text else { return nil }
      plan = smaller
    }
    return nil
  }

  func run(
    _ lines: [RecordGenerator.Line], encoding: (Program) -> TargetEncoding, threads: Int = 1, batchSize: Int = 256 * 1024
  ) async throws -> Result {
    let bytes = Array(lines.map(\.bytes).joined(separator: [0x0A]))
    var source = NDJSONSource(MemoryInput(bytes), batchSize: batchSize)
    return try await run(&source, encoding: encoding, threads: threads)
  }

  func run(
    _ source: inout some RecordSource, encoding: (Program) -> TargetEncoding, threads: Int = 1
  ) async throws -> Result {
    var options = TransformRunner.Options(threads: threads)
    options.recordsItems = true
    let runner = TransformRunner(program, encoding: encoding(program), options: options)
    let problemLines = ProblemLines(program, context: .init(inputFile: "in.ndjson"))
    var result = Result()
    var batch = LedgerBatch()
    result.counts = try await runner.run(&source) { lane in
      lane.output.withPending { result.output += Array($0.buffer) }
      result.outcomesText += lane.items.lines
      batch.removeAll()
      for problem in lane.log.problems { batch.append(problemLines.line(of: problem, in: lane.log)) }
      result.ledgerText += batch.text.string
    }
    result.ledger = try result.ledgerText.utf8.split(separator: 0x0A).map { try PlainJSON($0) }
    result.outcomes = try result.outcomesText.utf8.split(separator: 0x0A).map { try PlainJSON($0) }
    return result
  }
}
