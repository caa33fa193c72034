import Core
import Extract

extension PipelineSource {
  /// Describes the source to the mapping compiler. A file that cannot be read is a diagnostic at the place that names it.
  func catalog(customFields: [CustomFieldDefinition]?, _ diagnostics: inout Diagnostics) -> any SourceCatalog {
    guard case .files(let format, let files) = self else { return SourceCatalogs.ghl(customFields: customFields) }
    var columns: [Name: [String]] = [:]
    for file in files {
      do {
        columns[file.entity] = try SourceCatalogs.columns(of: format, at: file.path)
      } catch let failure as OperationFailure where failure.code == .inputMissing {
        diagnostics.add(.init(.error, .inputMissing, at: file.place, "\(failure)"))
      } catch {
        diagnostics.add(.init(.error, .wrongKind, at: file.place, "\(error)"))
      }
    }
    return SourceCatalogs.files(format, entities: files.map(\.entity), columns: columns, customFields: customFields)
  }
}
