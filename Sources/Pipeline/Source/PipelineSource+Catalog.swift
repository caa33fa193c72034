package import Core
package import Extract

extension PipelineSource {
  /// Describes the source to the mapping compiler. A file that cannot be read is a diagnostic at the place that names it.
  /// `snapshots`: where the snapshot of a pipeline that reads one is.
  package func catalog(
    customFields: [CustomFieldDefinition]?, snapshots: SnapshotReader? = nil, _ diagnostics: inout Diagnostics
  ) -> any SourceCatalog {
    switch self {
    case .files(let format, let files): SourceCatalogs.files(format, files, customFields: customFields, &diagnostics)
    case .snapshot(let id):
      snapshots?.imported(id).flatMap { SourceCatalogs.snapshot($0, customFields: customFields) }
        ?? SourceCatalogs.ghl(customFields: customFields)
    case .ghl: SourceCatalogs.ghl(customFields: customFields)
    }
  }
}
