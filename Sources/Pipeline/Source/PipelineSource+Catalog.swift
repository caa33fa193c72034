import Core
import Extract

extension PipelineSource {
  /// Describes the source to the mapping compiler. A file that cannot be read is a diagnostic at the place that names it.
  func catalog(customFields: [CustomFieldDefinition]?, _ diagnostics: inout Diagnostics) -> any SourceCatalog {
    guard case .files(let format, let files) = self else { return SourceCatalogs.ghl(customFields: customFields) }
    return SourceCatalogs.files(format, files, customFields: customFields, &diagnostics)
  }
}
