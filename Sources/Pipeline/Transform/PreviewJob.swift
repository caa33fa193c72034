package import Core
import Records
import Transform

/// The first records of an input through a mapping, with source, target and problems side by side: for people who work
/// on the mapping. Each record is judged alone: `unique`, `merge` and `references` need the others. Values are shown as they are, whatever `pii` says: it is the user's own screen, nothing is stored.
package struct PreviewJob: Sendable {
  package struct Item: Sendable, Equatable {
    /// Nil where the record has none.
    package var key: String?
    package var line: Int
    package var outcome: Outcome
    /// What the mapping reads: path and JSON text, absent members left out.
    package var source: [Pair]
    /// The target record, by column: name and JSON text; empty where it was rejected.
    package var target: [Pair]
    package var problems: [Remark]
  }

  package struct Pair: Sendable, Equatable {
    package var name: String
    package var text: String
  }

  package struct Remark: Sendable, Equatable {
    package var severity: Severity
    package var code: String
    package var field: String?
    package var message: String
  }

  package struct Report: Sendable {
    package var items: [Item] = []
    package var diagnostics = Diagnostics()
    package var failure: PipelineFailure?
    package var exitCode: ExitCode { failure?.exitCode ?? .done }
  }

  private let options: TransformJob.Options
  private let limit: Int
  private let code: String?
  private let lines: Set<Int>?

  /// Of the options, mapping, input and its format, custom fields and the location's facts are used. `code`: only
  /// records with a problem of this slug; `lines`: only the records of these lines of the input.
  package init(_ options: TransformJob.Options, limit: Int = 10, code: String? = nil, lines: Set<Int>? = nil) {
    self.options = options
    self.limit = max(0, limit)
    self.code = code
    self.lines = lines
  }

  /// Never throws.
  package func run() -> Report {
    var report = Report()
    do {
      try preview(&report)
    } catch {
      report.failure = PipelineFailure(error)
    }
    return report
  }

  private func preview(_ report: inout Report) throws {
    let paths = try TransformPaths(options)
    let program = try TransformCompiler.compile(options, paths, &report.diagnostics)
    if paths.isEmptyFile { return }
    var source = try RecordInput.open(options.input, format: paths.inputFormat, reading: program.model.fileReading)
    let reader = PreviewReader(program)
    let batch = RecordBatch()
    while report.items.count < limit, try source.fill(batch) {
      for item in batch.items where lines?.contains(item.line) ?? true {
        for found in reader.items(of: item, in: batch) where report.items.count < limit {
          if let code, !found.problems.contains(where: { $0.code == code }) { continue }
          report.items.append(found)
        }
        if report.items.count >= limit { return }
      }
    }
  }
}
