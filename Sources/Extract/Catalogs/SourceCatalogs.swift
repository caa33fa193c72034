package import Core
import GHL
package import Records

/// Which catalog describes a source to the mapping compiler. It is chosen here and nowhere else: code that compiles a mapping
/// asks for the catalog of its source, and holds `any SourceCatalog`.
package enum SourceCatalogs {
  /// The API's entities. They also describe files that do not declare their fields, since those are mostly exports of it.
  ///
  /// - Parameter customFields: nil if there are no definitions, so that `custom.KEY` is not checked.
  package static func ghl(customFields: [CustomFieldDefinition]? = nil) -> any SourceCatalog {
    GHLCatalog(customFields: customFields)
  }

  /// Files of records, one for each of `entities`.
  ///
  /// - Parameter columns: by entity, what `columns(of:at:)` gave; an entity that is missing may have any field.
  package static func files(
    _ format: SourceFormat, entities: [String], columns: [Name: [String]], customFields: [CustomFieldDefinition]?
  ) -> any SourceCatalog {
    format.columns != nil ? HeaderCatalog(entities: entities, headers: columns) : ghl(customFields: customFields)
  }

  /// The same for the files that a pipeline names. One that cannot be read is a diagnostic at that place.
  package static func files(
    _ format: SourceFormat, _ files: [EntityFile], customFields: [CustomFieldDefinition]?, _ diagnostics: inout Diagnostics
  ) -> any SourceCatalog {
    var columns: [Name: [String]] = [:]
    for file in files {
      do {
        columns[file.entity] = try Self.columns(of: format, at: file.path, file.reading)
      } catch let failure as OperationFailure where failure.code == .inputMissing {
        diagnostics.add(.init(.error, .inputMissing, at: file.place, "\(failure)"))
      } catch {
        diagnostics.add(.init(.error, .wrongKind, at: file.place, "\(error)"))
      }
    }
    return Self.files(format, entities: files.map(\.entity), columns: columns, customFields: customFields)
  }

  /// The columns that a file declares; nil if files of this format do not.
  ///
  /// - Throws: `OperationFailure`.
  package static func columns(of format: SourceFormat, at path: String, _ reading: FileReading = .init()) throws -> [String]? {
    try format.columns?(path, reading)
  }
}
