package import Core
import GHL
package import Records

/// Which catalog describes a source to the mapping compiler. It is chosen here and nowhere else: code that compiles a mapping
/// asks for the catalog of its source, and holds `any SourceCatalog`.
package enum SourceCatalogs {
  /// The API's entities. They also describe files that do not declare their fields and look like exports of it.
  ///
  /// - Parameter customFields: nil if there are no definitions, so that `custom.KEY` is not checked.
  package static func ghl(customFields: [CustomFieldDefinition]? = nil) -> any SourceCatalog {
    GHLCatalog(customFields: customFields)
  }

  /// Files of records, one for each of `entities`: their columns if the format declares them, else what their records show.
  ///
  /// - Parameters:
  ///   - columns: by entity, what its header says; an entity that is missing may have any field.
  ///   - members: by entity, the member names in its first records, where they are recorded.
  ///   - open: gives an entity's records, if they can be read more than once; nil if not.
  package static func files(
    _ format: SourceFormat, entities: [String], columns: [Name: [String]], members known: [Name: [String]] = [:],
    customFields: [CustomFieldDefinition]?,
    open: (_ entity: String) throws -> (any RecordSource)? = { _ in nil }
  ) -> any SourceCatalog {
    if format.header != nil { return HeaderCatalog(entities: entities, headers: columns) }
    var members = known
    var unreadable: Set<Name> = []
    for entity in entities where known[entity] == nil {
      // What cannot be opened is reported when its records are read.
      do {
        guard let source = try open(entity) else { continue }
        if let names = InferredCatalog.members(of: source) { members[entity] = names } else { unreadable.insert(Name(entity)) }
      } catch { unreadable.insert(Name(entity)) }
    }
    let inferred = InferredCatalog(
      format, entities: entities, members: members, unreadable: unreadable, customFields: customFields)
    let isOwn = entities.contains { inferred.isInferred($0) || inferred.addsFields($0) }
    return isOwn ? inferred : ghl(customFields: customFields)
  }

  /// A file that declares no columns may be something else, or may have its records in a list inside. One that cannot be opened is
  /// reported when its records are read.
  ///
  /// - Throws: `OperationFailure` if it is refused because of its content.
  static func check(_ file: EntityFile, _ format: SourceFormat, _ diagnostics: inout Diagnostics) throws {
    guard RecordInput.isRegular(file.path) else { return }
    var reading = RecordReading()
    reading.file = file.reading
    do {
      let source = try RecordInput.open(file.path, format: format, reading: reading)
      try InputAdvice.check(source, file.path, format: format, file.reading, in: .pipeline)
    } catch let failure as OperationFailure where failure.code == .wrongFile {
      throw failure
    } catch { return }
    if let list = InputAdvice.list(file.path, format: format, file.reading, in: .pipeline) {
      diagnostics.add(.init(.note, .sourceInferred, at: file.place, list))
    }
  }
}
