import Control
package import Core
import Extract
import Files
import FoundationEssentials
package import Load
package import PipelineFile
import State
import Transform

/// `waybill journal rebuild`: makes the journal know what the `http` destinations of a pipeline have, from their own lists.
///
/// A state that was lost makes every record look new. What a list shows is adopted: its IDs, and for records that are as the mapping
/// would send them also that they need not be sent.
package struct JournalRebuildEngine: Sendable {
  /// What one list has shown.
  package struct Part: Sendable {
    package var destination: String
    package var mapping: String
    package var counts: DestinationListing.Counts
  }

  private let document: PipelineDocument
  private let options: RunEngine.Options
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: SourceOptions, observer: any RunObserver) {
    self.document = document
    self.options = RunEngine.Options(source: options)
    self.observer = observer
  }

  /// - Parameter diagnostics: of the pipeline's files.
  /// - Throws: `OperationFailure`, `CancellationError`. Parts that were read before stay adopted.
  package func run(_ diagnostics: inout Diagnostics) async throws -> [Part] {
    let source = options.source
    let compilation = try await PipelineCompilation.compile(document, options: source, diagnostics: &diagnostics)
    let location = location(compilation)
    let lock = try StateLock(folder: source.state.path)
    defer { withExtendedLifetime(lock) {} }
    let now = options.now().ISO8601Format()
    let shared = RunDestinations(run: "journal rebuild", options, observer: observer)
    var parts: [Part] = []
    do {
      for destination in document.destinations where source.destinations?.contains(exactly: destination.name) ?? true {
        guard let http = shared.httpDestination(destination) else { continue }
        for model in compilation.units.compactMap(\.model) where destination.takes(model.name) {
          let program = try Program(model, context: ProgramContext(now: now))
          var part = LoadPart(
            run: "journal rebuild", date: String(now.prefix(10)), pipeline: document.name, location: location,
            mapping: model.name,
            columns: program.loadColumns, key: program.keyColumns, count: 0)
          part.undoLog = source.state.undoLogs(of: RunPart(mapping: Name(model.name), destination: Name(destination.name)))
          observer.stageBegan(.load, of: "\(destination.name) \(model.name)", expected: nil)
          defer { observer.stageEnded(.load, of: "\(destination.name) \(model.name)") }
          parts.append(
            Part(destination: destination.name, mapping: model.name, counts: try await http.rebuildJournal(part)))
        }
      }
    } catch {
      await shared.close()
      throw error
    }
    await shared.close()
    guard !parts.isEmpty else {
      throw OperationFailure(
        .usage, "none of the pipeline's destinations has a journal: only destinations of the kind http have one")
    }
    return parts
  }

  private func location(_ compilation: PipelineCompilation) -> String {
    switch document.source {
    case .ghl(let source): options.source.location ?? source.location
    case .files: SnapshotImport.location
    case .snapshot: compilation.snapshot?.location ?? SnapshotImport.location
    }
  }
}
