package import Core
import Files
import GHL
import Mapping
import Records

/// Describes a source to the mapping compiler.
package enum SourceCatalogs {
  /// The catalog of a pipeline's source. CSV files have the columns of their headers; everything else has GHL's shapes. A
  /// file that cannot be read is a diagnostic at the place that names it.
  package static func catalog(
    for source: PipelineSource, customFields: [CustomFieldDefinition]?, _ diagnostics: inout Diagnostics
  ) -> any SourceCatalog {
    guard case .files(.csv, let files) = source else { return GHLCatalog(customFields: customFields) }
    var headers: [Name: [String]] = [:]
    for file in files {
      do {
        headers[file.entity] = try CSVFileHeader.read(file.path)
      } catch let failure as OperationFailure where failure.code == .inputMissing {
        diagnostics.add(.init(.error, .inputMissing, at: file.place, "\(failure)"))
      } catch {
        diagnostics.add(.init(.error, .wrongKind, at: file.place, "\(error)"))
      }
    }
    return HeaderCatalog(entities: files.map(\.entity), headers: headers)
  }
}
