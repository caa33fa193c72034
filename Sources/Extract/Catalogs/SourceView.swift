package import Core
import Files
package import Records

/// A source as the compiler of mappings sees it, and as the run reads it.
///
/// Which snapshot is the latest one that fits, and how a CSV file is written, depend on what the mappings read. So the view is
/// adjusted once they have been compiled:
///
///     var view = SourceView.snapshot(choice, customFields: nil)
///     var compilation = compile(view.catalog)
///     if view.fit(compilation.needs, columns: compilation.columns) { compilation = compile(view.catalog) }
package struct SourceView: Sendable {
  private enum Kind: Sendable {
    case fixed
    case files(SourceFormat, [EntityFile])
    /// The snapshot that has been chosen.
    case snapshot(SnapshotChoice, Snapshot?)
  }

  package private(set) var catalog: any SourceCatalog
  private let customFields: [CustomFieldDefinition]?
  private var kind: Kind
  private var headers = SourceHeaders(of: []) { _, _ in nil }

  private init(_ kind: Kind, customFields: [CustomFieldDefinition]?) {
    self.kind = kind
    self.customFields = customFields
    catalog = SourceCatalogs.ghl(customFields: customFields)
  }

  package static func ghl(customFields: [CustomFieldDefinition]?) -> SourceView { SourceView(.fixed, customFields: customFields) }

  /// A source that is not read: its records may have any field.
  package static func unread(_ entities: [String]) -> SourceView {
    var view = SourceView(.fixed, customFields: nil)
    view.catalog = HeaderCatalog(entities: entities, headers: [:])
    return view
  }

  /// The files that a pipeline names.
  package static func files(
    _ format: SourceFormat, _ files: [EntityFile], customFields: [CustomFieldDefinition]?
  ) -> SourceView {
    var view = SourceView(.files(format, files), customFields: customFields)
    @Sendable func file(_ entity: String) -> EntityFile? { files.first { $0.entity.isExactly(entity) } }
    view.describe(format, files.map(\.entity)) { entity, reading in
      try file(entity).flatMap { file in
        // What can be read only once is left to the run.
        guard FileKind.of(file.path) != .other else { return nil }
        var reading = reading
        reading.file = file.reading
        return try format.header?(file.path, reading)
      }
    } open: { entity in
      guard let file = file(entity), RecordInput.isRegular(file.path) else { return nil }
      var reading = RecordReading()
      reading.file = file.reading
      return try RecordInput.open(file.path, format: format, reading: reading)
    }
    return view
  }

  /// What is chosen depends on the mappings: at first, the newest snapshot. If there is none, `other` remains.
  package static func snapshot(_ choice: SnapshotChoice, or other: SourceView) -> SourceView {
    guard let snapshot = try? choice.snapshot(for: []) else {
      var view = other
      view.kind = .snapshot(choice, nil)
      return view
    }
    var view = SourceView(.snapshot(choice, nil), customFields: other.customFields)
    view.show(snapshot, choice)
    return view
  }

  /// Takes what the mappings read into account. Returns true if the catalog changed.
  package mutating func fit(_ needs: [EntityNeed], columns: [Name: [String]]) -> Bool {
    var isChanged = false
    // A snapshot that cannot be chosen is reported when it is to be read.
    if case .snapshot(let choice, let before) = kind, let snapshot = try? choice.snapshot(for: needs),
      snapshot.folder != before?.folder
    {
      show(snapshot, choice)
      isChanged = true
    }
    guard headers.refine(columns) else { return isChanged }
    catalog = HeaderCatalog(entities: catalog.entities, headers: headers.columns)
    return true
  }

  /// The same files with any columns; nil if they declare none. It shows what is read by mappings that cannot be compiled
  /// against the columns found so far.
  package var open: SourceView? {
    guard headers.areDeclared else { return nil }
    var open = self
    open.catalog = HeaderCatalog(entities: catalog.entities, headers: [:])
    return open
  }

  /// The snapshot that is described; nil if none is.
  package var snapshot: Snapshot? { if case .snapshot(_, let snapshot) = kind { snapshot } else { nil } }

  /// How the file of `entity` was read to find its columns.
  package func dialect(of entity: String) -> CSVDialect? { headers.header(of: entity)?.dialect }

  /// Reports files that cannot be read, each at the place that names it.
  package func report(_ diagnostics: inout Diagnostics) {
    guard case .files(let format, let files) = kind else { return }
    for file in files {
      var failure = headers.failure(of: file.entity)
      if format.header == nil {
        do { try SourceCatalogs.check(file, format, &diagnostics) } catch { failure = error }
      }
      guard let failure else { continue }
      let isMissing = (failure as? OperationFailure)?.code == .inputMissing
      diagnostics.add(.init(.error, isMissing ? .inputMissing : .wrongKind, at: file.place, "\(failure)"))
    }
  }

  /// Shows GHL's own entities, unless the snapshot was made from files.
  private mutating func show(_ snapshot: Snapshot, _ choice: SnapshotChoice) {
    kind = .snapshot(choice, snapshot)
    headers = SourceHeaders(of: []) { _, _ in nil }
    catalog = SourceCatalogs.ghl(customFields: customFields)
    let entities = snapshot.manifest.entities.keys.map(\.text).sortedExactly()
    guard snapshot.location.isExactly(SnapshotImport.location),
      let format = entities.lazy.compactMap({ snapshot.records(of: $0)?.format }).first
    else { return }
    let members = snapshot.manifest.entities.compactMapValues(\.members)
    describe(format, entities, members: members) {
      try snapshot.records(of: $0)?.header($1)
    } open: {
      try snapshot.records(of: $0)?.open()
    }
  }

  private mutating func describe(
    _ format: SourceFormat, _ entities: [String], members: [Name: [String]] = [:],
    examine: @escaping SourceHeaders.Examination,
    open: (String) throws -> (any RecordSource)?
  ) {
    headers = SourceHeaders(of: entities, examine: examine)
    catalog = SourceCatalogs.files(
      format, entities: entities, columns: headers.columns, members: members, customFields: customFields, open: open)
  }
}
