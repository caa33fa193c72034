import Core
import Files
import Records
import Values

@testable import Report
@testable import Transform

/// Runs a model over NDJSON text, and gives what was observed.
enum TestObservations {
  static func of(
    _ model: MappingModel, _ text: String, threads: Int = 1, batchSize: Int = 256 * 1024
  ) async throws -> ObservationsDocument {
    let program = try Program(model)
    var options = TransformRunner.Options(threads: threads)
    options.recordsItems = true
    options.observes = true
    let runner = TransformRunner(program, encoding: .ndjson(program), options: options)
    var source = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: batchSize)
    var observations = Observations(program)
    _ = try await runner.run(&source) { observations.add($0) }
    return ObservationsDocument(observations, of: program, digestKey: nil)
  }

  /// `x: nullified 1, defaulted 2`, for each field or var with changes.
  static func changes(_ document: ObservationsDocument) -> [String] {
    (document.fields + document.vars).filter { !$0.counts.isZero }.map { field in
      let counts = ChangeKind.allCases.filter { field.counts[$0] > 0 }.map { "\($0.name) \(field.counts[$0])" }
      return "\(field.field): \(counts.joined(separator: ", "))"
    }
  }

  /// `source>target count`, `-` for no value, `!` for a source value that the mapping names.
  static func cells(_ crosstab: ObservationsDocument.Crosstab) -> [String] {
    crosstab.cells.map { "\($0.source ?? "-")\($0.isKnown ? "!" : "")>\($0.target ?? "-") \($0.count)" }
  }
}
