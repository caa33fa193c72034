import Core
package import Extract
package import PipelineFile
import State

/// How a run is narrowed: by its options, or by the snapshot that it reads.
extension SourceOptions {
  /// What the options exclude from the pipeline's source; nil: nothing. Choosing exactly the businesses that the pipeline
  /// names does not narrow.
  package func narrowing(of document: PipelineDocument) -> Narrowing? {
    let chosen = businesses.flatMap { names in document.businesses.map { Set(names: $0) } == Set(names: names) ? nil : names }
    return Narrowing(limit: limit, businesses: chosen, replay: replay?.run)
  }

  /// Together with what is missing from an existing snapshot.
  func narrowing(of document: PipelineDocument, reading snapshot: Snapshot) -> Narrowing? {
    let asked = narrowing(of: document)
    guard let found = snapshot.manifest.narrowing(for: document.source) else { return asked }
    let limit = [asked?.limit, found.limit].compactMap(\.self).min()
    return Narrowing(limit: limit, businesses: found.businesses, snapshot: snapshot.id, replay: replay?.run)
  }
}

extension SnapshotManifest {
  /// Nil if a pipeline with this source may treat the snapshot as complete.
  func narrowing(for source: PipelineSource) -> Narrowing? {
    guard case .ghl(let source) = source else { return narrowing }
    return narrowing(forBusinesses: source.businesses)
  }
}
