package import Core
import Files

/// Files, one per part: prepared beside their paths and synced, then renamed.
package struct FileDestination: Destination {
  package let name: String
  package let path: PathTemplate
  package let format: FileFormat

  package var traits: DestinationTraits { DestinationTraits(delivery: .atomic) }

  package init(name: String, path: PathTemplate, format: FileFormat) {
    self.name = name
    self.path = path
    self.format = format
  }

  package func target(of part: LoadPart) -> LoadTarget? { LoadTarget(path: path(of: part)) }

  package func check(_ part: LoadPart) throws(OperationFailure) {
    if let failure = OutputProbe.failure(of: path(of: part)) { throw failure }
  }

  package func removeLeftovers(of part: LoadPart) -> [String] { OutputFile.removeLeftovers(beside: path(of: part)) }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    try FileSession(part, path: path(of: part), format: format, destination: name, sink: sink)
  }

  package func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    try await FileForecast(part, path: path(of: part), format: format, request, to: sink)
  }

  package func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    try FileComparison(part, path: path(of: part), format: format, destination: name, options)
  }

  package func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)? {
    FileTotals(part, format: format, options)
  }

  private func path(of part: LoadPart) -> String { part.keptPath(format.keptExtension) ?? path.path(of: part) }
}
