import Core
import Pipeline
import PipelineFile
import Report

/// Performs a run and reports how it ended. Shared by `run` and `load`.
struct RunPerformance {
  let console: Console
  let isJSON: Bool
  /// `--max-duration`.
  let limit: TimeLimit?

  init(_ console: Console, isJSON: Bool, limit: TimeLimit?) {
    self.console = console
    self.isJSON = isJSON
    self.limit = limit
  }

  func run(
    _ document: PipelineDocument, _ options: RunEngine.Options, advice: (RunEngine.Report) -> RunAdvice
  ) async throws -> ExitCode {
    let report = await perform { await RunEngine(document, options: options, observer: $0).run() }
    return try show(report, advice: advice)
  }

  /// Performs a run, within the time limit.
  func perform(_ run: @escaping @Sendable (any RunObserver) async -> RunEngine.Report) async -> RunEngine.Report {
    let progress = ProgressLine(console, listsStages: !isJSON)
    let report = await TimeLimit.run(limit) {
      progress.note("--max-duration has elapsed: ending gracefully")
    } _: {
      await run(progress)
    }
    progress.clear()
    return report
  }

  /// - Parameter printsJSON: false: the caller prints the summary.
  func show(
    _ report: RunEngine.Report, printsJSON: Bool = true, advice: (RunEngine.Report) -> RunAdvice
  ) throws -> ExitCode {
    if report.diagnostics.hasErrors {
      console.show(report.diagnostics)
    }
    let code = try console.settle(report.exitCode) {
      if isJSON ? !printsJSON : console.isQuiet { return }
      try isJSON
        ? console.print(report.summary.json)
        : console.print(
          RunSummaryText.text(of: report.summary.json, fitting: console.lineWidth)
            + (report.changes.map { ForecastText.text(of: $0, report.summary, fitting: console.lineWidth) } ?? ""))
    }
    for note in report.summary.inputNotes { console.note("\(note.mappings.joined(separator: ", ")): \(note.text)") }
    for note in report.summary.notes { console.warn(note) }
    for message in report.summary.messages { console.fault(message) }
    for line in advice(report).lines {
      if let command = line.command {
        console.note(line.text, command: command)
      } else if line.isList {
        console.noteText(VisibleText.escaped(line.text))
      } else {
        console.note(line.text)
      }
    }
    return code
  }
}
