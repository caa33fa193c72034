package import Core
package import Extract
package import Mapping
package import Transform

/// All mappings of a pipeline, compiled together, with what only the whole can tell.
package struct PipelineCompilation: Sendable {
  package struct Unit: Sendable {
    package var reference: PipelineDocument.MappingReference
    package var compilation: MappingCompilation
    package var model: MappingModel? { compilation.model }
  }

  package var units: [Unit]
  package var diagnostics: Diagnostics

  /// - Parameters:
  ///   - mappings: names of the mappings that are wanted; nil: all.
  ///   - customFields: definitions; nil where there are none at hand, so that `custom.KEY` is not checked.
  package static func compile(
    _ document: PipelineDocument, mappings wanted: [String]? = nil, customFields: [CustomFieldDefinition]? = nil
  ) -> PipelineCompilation {
    var diagnostics = Diagnostics()
    let catalog = SourceCatalogs.catalog(for: document.source, customFields: customFields, &diagnostics)
    var units: [Unit] = []
    for reference in document.mappings {
      let compilation = MappingCompiler.compile(path: reference.path, catalog: catalog)
      diagnostics.merge(compilation.diagnostics)
      units.append(Unit(reference: reference, compilation: compilation))
    }
    let names = units.compactMap { $0.model?.name }
    for (index, unit) in units.enumerated() {
      guard let name = unit.model?.name else { continue }
      if units[..<index].contains(where: { $0.model?.name == name }) {
        diagnostics.add(.init(.error, .duplicateKey, at: unit.reference.place, "two mappings are called '\(name)'"))
      }
      checkSource(document, unit, &diagnostics)
    }
    // A mapping that could not be compiled has no name to compare with.
    for destination in document.destinations where names.count == units.count {
      for mapping in destination.mappings ?? [] where !names.contains(mapping.name) {
        let hint = NearestName.hint(mapping.name, in: names) ?? "there are: \(names.joined(separator: ", "))"
        diagnostics.add(.init(.error, .unknownWord, at: mapping.place, "no mapping is called '\(mapping.name)'", hint: hint))
      }
    }
    MappingReferences.check(units.compactMap(\.model), isWhole: names.count == units.count, &diagnostics)
    if let wanted { units.removeAll { unit in unit.model.map { !wanted.contains($0.name) } ?? false } }
    return PipelineCompilation(units: units, diagnostics: diagnostics)
  }

  /// What an extraction must fetch.
  package var needs: [EntityNeed] {
    var fields: [String: Set<String>] = [:]
    var order: [String] = []
    for unit in units where !unit.compilation.reads.entity.isEmpty {
      let reads = unit.compilation.reads
      if fields[reads.entity] == nil { order.append(reads.entity) }
      fields[reads.entity, default: []].formUnion(reads.fields)
    }
    return order.map { EntityNeed(entity: $0, fields: fields[$0] ?? []) }
  }

  private static func checkSource(_ document: PipelineDocument, _ unit: Unit, _ diagnostics: inout Diagnostics) {
    guard case .files(let format, let files) = document.source, let entity = unit.model?.entity,
      !files.contains(where: { $0.entity == entity })
    else { return }
    let hint = NearestName.hint(entity, in: files.map(\.entity)) ?? "add '\(entity)' under source.\(format.rawValue)"
    let message = "the source has no file of '\(entity)', which this mapping reads"
    diagnostics.add(.init(.error, .unknownSourceEntity, at: unit.reference.place, message, hint: hint))
  }
}
