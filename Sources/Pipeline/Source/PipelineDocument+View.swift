import Core
package import Extract
import PipelineFile
import State

extension PipelineDocument {
  /// The snapshot that is read instead of the source; nil if none is. `id` replaces the pipeline's own.
  package func choice(_ reader: SnapshotReader, id: String? = nil, location: String? = nil) -> SnapshotChoice? {
    let own: (id: String?, location: String?) =
      switch source {
      case .ghl(let source): (nil, source.location)
      case .files: (nil, SnapshotImport.location)
      case .snapshot(let id): (id, nil)
      }
    guard let id = id ?? own.id else { return nil }
    return SnapshotChoice(reader, id: id, location: location ?? own.location, selection: selection) { [source] manifest in
      manifest.isComplete && manifest.narrowing(for: source) == nil
    }
  }

  /// Describes the source to the mapping compiler. `choice`: the snapshot that is read instead.
  func view(customFields: [CustomFieldDefinition]?, _ choice: SnapshotChoice?) -> SourceView {
    guard case .files(let format, let files) = source else {
      let ghl = SourceView.ghl(customFields: customFields)
      guard case .snapshot = source, let choice else { return ghl }
      return .snapshot(choice, or: ghl)
    }
    let own = SourceView.files(format, files, customFields: customFields)
    return choice.map { .snapshot($0, or: own) } ?? own
  }

  /// The view for a load, which ignores the source's files.
  func viewOfLoad(_ choice: SnapshotChoice?) -> SourceView {
    if case .files(_, let files) = source { .unread(files.map(\.entity)) } else { view(customFields: nil, choice) }
  }
}

extension SourceOptions {
  /// What to do if the records of a run cannot be read again.
  static let replayAdvice = "run the pipeline, which reads its records again"

  /// The same for these options.
  func choice(for document: PipelineDocument) -> SnapshotChoice? {
    let place = if case .snapshot = document.source { shard } else { location }
    var choice = document.choice(SnapshotReader(root: state.snapshots, formats: document.formats), id: snapshot, location: place)
    if replay != nil { choice?.advice = Self.replayAdvice }
    return choice
  }
}
