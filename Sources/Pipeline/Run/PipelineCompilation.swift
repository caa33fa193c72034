package import Core
package import Extract
package import Files
import Glibc
import Load
package import Mapping
package import PipelineFile
import Records
import State
package import Transform

/// All mappings of a pipeline, compiled together, with the checks that need all of them.
package struct PipelineCompilation: Sendable {
  package struct Unit: Sendable {
    package var reference: PipelineDocument.MappingReference
    package var compilation: MappingCompilation
    package var model: MappingModel? { compilation.model }
    /// The form of the target records that a load reads instead of the source's; `model` then maps those records.
    package var form: TargetFile.Form?
  }

  /// The selected mappings.
  package var units: [Unit]
  package var diagnostics: Diagnostics
  /// The names of all the pipeline's mappings, including those that are not selected.
  package var names: [String]
  /// What the mappings were compiled against.
  package var catalog: any SourceCatalog
  /// The snapshot that the catalog describes; nil if it describes none.
  private(set) var snapshot: Snapshot?
  /// The columns that the pipeline's mappings read of each entity, including those that are not selected.
  private var columns: [Name: [String]] = [:]

  /// - Parameters:
  ///   - mappings: Names of the selected mappings; nil: all.
  ///   - destinations: Names of the selected destinations; mappings that go to none of them are left out. Nil: all.
  ///   - boundary: where the mappings and the files that they refer to must be; nil: around the pipeline file.
  ///   - customFields: Definitions; nil if there are none, so that `custom.KEY` is not checked.
  ///   - choice: The snapshot that is read instead of the source.
  ///   - load: What is loaded. The mappings then copy target records unchanged.
  ///   - location: The location that is read instead of the pipeline's.
  package static func compile(
    _ document: PipelineDocument, mappings wanted: [String]? = nil, destinations: [String]? = nil,
    customFields: [CustomFieldDefinition]? = nil, boundary: FileBoundary? = nil, choice: SnapshotChoice? = nil,
    load: TargetFile? = nil, location: String? = nil
  ) -> PipelineCompilation {
    let boundary = boundary ?? .around(document.file)
    var view = load == nil ? document.view(customFields: customFields, choice) : document.viewOfLoad(choice)
    var compilation = PipelineCompilation(document, view, boundary)
    // What the mappings read may change the view of the source, and they may then read something else.
    for _ in 0..<3 {
      // With the wrong columns, it is not known what they read.
      let open = compilation.diagnostics.reportMissingColumn ? view.open : nil
      var known = open.map { PipelineCompilation(document, $0, boundary) } ?? compilation
      known.select(mappings: wanted, destinations: destinations, document)
      guard view.fit(known.needs, columns: known.columns) else { break }
      compilation = PipelineCompilation(document, view, boundary)
    }
    compilation.check(document, location: location)
    compilation.select(mappings: wanted, destinations: destinations, document)
    if let load {
      compilation.copyTargets(of: load)
    } else if case .ghl(let source) = document.source {
      compilation.checkFetching(source)
    }
    return compilation
  }

  /// All mappings of the pipeline.
  private init(_ document: PipelineDocument, _ view: SourceView, _ boundary: FileBoundary) {
    (units, diagnostics, catalog, snapshot) = ([], Diagnostics(), view.catalog, view.snapshot)
    for value in document.environmentValues { diagnostics.hide(value) }
    view.report(&diagnostics)
    for reference in document.mappings {
      var unit = Unit(reference: reference, compilation: .none)
      if let refusal = PipelineMapping.refusal(of: reference.path, at: reference.place, within: boundary) {
        diagnostics.add(refusal)
      } else {
        unit.compilation = MappingCompiler.compile(path: reference.path, catalog: catalog, options: .init(boundary: boundary))
        diagnostics.merge(unit.compilation.diagnostics)
      }
      unit.compilation.model?.reading.dialect = view.dialect(of: unit.compilation.reads.entity)
      units.append(unit)
    }
    names = units.compactMap { $0.model?.name }
    for compilation in units.map(\.compilation) {
      columns[compilation.reads.entity, default: []] += compilation.columns.map(\.name)
      for (entity, names) in compilation.reads.lookups { columns[entity, default: []] += names.map(\.text) }
    }
  }

  /// Reports the errors that only all mappings together reveal.
  private mutating func check(_ document: PipelineDocument, location: String?) {
    for (index, unit) in units.enumerated() {
      guard let name = unit.model?.name else { continue }
      if units[..<index].contains(where: { $0.model?.name.isExactly(name) == true }) {
        diagnostics.add(.init(.error, .duplicateKey, at: unit.reference.place, "two mappings are named '\(name)'"))
      }
      Self.checkName(name, unit, &diagnostics)
      Self.checkSource(document, unit, &diagnostics)
    }
    // A mapping that could not be compiled has no name to compare with.
    for destination in document.destinations where names.count == units.count {
      for mapping in destination.mappings ?? [] where !names.contains(exactly: mapping.name) {
        let hint = NearestName.hint(mapping.name, in: names) ?? "the mappings are: \(names.joined(separator: ", "))"
        diagnostics.add(.init(.error, .unknownWord, at: mapping.place, "there is no mapping '\(mapping.name)'", hint: hint))
      }
    }
    let models = units.compactMap(\.model)
    let isWhole = names.count == units.count
    for destination in document.destinations {
      if let ghl = destination.ghl {
        ghl.check(models, isWhole: isWhole, source: ghlSource(document, location), &diagnostics)
      } else if case .http(let http) = destination.kind {
        http.check(models, isWhole: isWhole, &diagnostics)
      }
    }
    MappingReferences.check(models, isWhole: isWhole, &diagnostics)
    Self.checkGates(of: document, models, names: isWhole ? names : nil, &diagnostics)
  }

  /// The location that is read, with the custom fields that the mappings were compiled with.
  private func ghlSource(_ document: PipelineDocument, _ location: String?) -> GHLDestinationDocument.Source? {
    guard case .ghl(let source) = document.source else { return nil }
    // Other entities have none, whatever the location defines.
    let compilations = units.lazy.map(\.compilation).filter { $0.reads.entity == "contact" }
    let definitions = compilations.compactMap(\.customFields).first ?? catalog.customFields(of: "contact")
    return GHLDestinationDocument.Source(
      location: location ?? source.location, address: source.baseURL, customFields: definitions)
  }

  private mutating func select(mappings wanted: [String]?, destinations: [String]?, _ document: PipelineDocument) {
    if let wanted { units.removeAll { unit in unit.model.map { !wanted.contains(exactly: $0.name) } ?? false } }
    guard let destinations else { return }
    let takers = document.destinations.filter { destinations.contains(exactly: $0.name) }
    units.removeAll { unit in unit.model.map { model in !takers.contains { $0.takes(model.name) } } ?? false }
  }

  private mutating func copyTargets(of load: TargetFile) {
    for index in units.indices {
      units[index].form = units[index].model.map { model in
        .init(
          mapping: model.name, paths: model.fields.map(\.target), key: model.targetKey,
          sourceFields: units[index].compilation.reads.fields)
      }
      units[index].compilation.model = units[index].model?.copyingTarget(isTable: load.format.traits.contains(.isTable))
    }
  }

  /// What cannot be fetched together from the source.
  private mutating func checkFetching(_ source: GHLSourceDocument) {
    let plan = SourceStage.plan(source, businesses: source.businesses, self)
    if let warning = plan.lostFieldsWarning {
      for unit in units {
        let reads = unit.compilation.reads
        guard reads.entity == "contact", !reads.fields.isDisjoint(with: Set(names: plan.lostFields)) else { continue }
        diagnostics.add(.init(.warning, .listOnlyField, at: unit.reference.place, warning))
      }
    }
    if let warning = plan.outsideWarning, let place = units.first?.reference.place {
      diagnostics.add(.init(.warning, .badArgument, at: place, "source.ghl.without_business: \(warning)"))
    }
  }

  /// What an extraction must fetch.
  package var needs: [EntityNeed] {
    var fields: [Name: Set<Name>] = [:]
    var order: [String] = []
    for unit in units where !unit.compilation.reads.entity.isEmpty {
      let reads = unit.compilation.reads
      if fields[reads.entity] == nil { order.append(reads.entity) }
      fields[reads.entity, default: []].formUnion(reads.fields)
      // Lookups over another entity also need its records.
      for (entity, names) in reads.lookups.sorted(by: { $0.key < $1.key }) {
        if fields[entity] == nil { order.append(entity) }
        fields[entity, default: []].formUnion(names)
      }
    }
    return order.map { EntityNeed(entity: $0, fields: Set((fields[$0] ?? []).map(\.text))) }
  }

  /// How the records of `entity` are read if several mappings read them: no record that one of them accepts may be skipped.
  func reading(of entity: String) -> RecordReading {
    var reading = RecordReading()
    let sizes = units.compactMap(\.model).filter { $0.entity.isExactly(entity) }.map(\.reading.maximumRecordBytes)
    reading.maximumRecordBytes = sizes.max() ?? reading.maximumRecordBytes
    reading.expectedColumns = columns[entity] ?? []
    return reading
  }

  /// Like `compile`, for what the options select, after checking them.
  ///
  /// - Throws: `OperationFailure`: 64 for an option that names something that does not exist, 65 if the files have errors;
  ///   `found` has them. `CancellationError`.
  static func compile(
    _ document: PipelineDocument, options: SourceOptions, customFields: [CustomFieldDefinition]? = nil,
    diagnostics found: inout Diagnostics
  ) async throws -> PipelineCompilation {
    try options.check(against: document)
    let compilation = try await OwnThread.result {
      compile(
        document, mappings: options.mappings, destinations: options.replay == nil ? options.destinations : nil,
        customFields: customFields,
        boundary: .around(document.file, project: options.project),
        choice: options.choice(for: document), load: options.load, location: options.location)
    }
    found = compilation.diagnostics
    guard !found.hasErrors else {
      let count = found.all.count { $0.severity == .error }
      throw OperationFailure(
        .wrongFile, "\(count) \(count == 1 ? "error" : "errors") in the pipeline's files")
    }
    try options.check(compilation, of: document)
    return compilation
  }

  /// Settings that use data of the location: `contacts.settings.timezone`.
  package var locationNeeds: [String] {
    units.compactMap(\.model).flatMap { model -> [String] in
      let steps = (model.vars + model.fields).flatMap { $0.steps + ($0.fallback?.steps ?? []) }
      let takesZone = steps.contains { step in
        guard case .datetime(_, let zone, _, _, _) = step.call else { return false }
        return (zone ?? model.settings.zone) == .location
      }
      let takesRegion = steps.contains { step in
        guard case .phone(nil, _, _) = step.call else { return false }
        return model.settings.region == nil
      }
      return (takesZone ? ["\(model.name).settings.timezone"] : []) + (takesRegion ? ["\(model.name).settings.region"] : [])
    }
  }

  /// Some files in a run's folder are named after the mapping.
  private static func checkName(_ name: String, _ unit: Unit, _ diagnostics: inout Diagnostics) {
    let count = SortableName.safe(name).utf8.count
    let limit = Int(NAME_MAX) - StagedMapping.longestSuffix.utf8.count
    guard count > limit else { return }
    let message = "the mapping's name '\(name)' takes \(count) bytes in the names of a run's files, but only \(limit) are allowed"
    diagnostics.add(.init(.error, .badArgument, at: unit.reference.place, message, hint: "shorten it"))
  }

  private static func checkSource(_ document: PipelineDocument, _ unit: Unit, _ diagnostics: inout Diagnostics) {
    guard case .files(let format, let files) = document.source, let entity = unit.model?.entity,
      !files.contains(where: { $0.entity.isExactly(entity) })
    else { return }
    let hint = NearestName.hint(entity, in: files.map(\.entity)) ?? "add '\(entity)' under source.\(format.name)"
    let message = "the source has no file for '\(entity)', which this mapping reads"
    diagnostics.add(.init(.error, .unknownSourceEntity, at: unit.reference.place, message, hint: hint))
  }
}
