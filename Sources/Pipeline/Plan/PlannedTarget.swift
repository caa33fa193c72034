import Core
import Extract
import Load
import PipelineFile
import Transform

/// A destination that is a GHL location, with the mappings that a run would load there.
struct PlannedTarget {
  let document: DestinationDocument
  let ghl: GHLDestinationDocument
  let models: [MappingModel]

  /// Those that get at least one mapping in a run with these options.
  static func all(
    _ document: PipelineDocument, _ options: SourceOptions, _ compilation: PipelineCompilation
  ) -> [PlannedTarget] {
    document.destinations.compactMap { destination in
      guard let ghl = destination.ghl, options.destinations?.contains(exactly: destination.name) ?? true else { return nil }
      let models = compilation.units.compactMap(\.model).filter { destination.takes($0.name) }
      return models.isEmpty ? nil : PlannedTarget(document: destination, ghl: ghl, models: models)
    }
  }

  /// The paths that each mapping writes.
  var fields: [Name: [[String]]] {
    Dictionary(models.map { (Name($0.name), $0.fields.map(\.target)) }) { first, _ in first }
  }

  /// The scopes that the loaded mappings need.
  var scopes: [String] {
    var loaded = ghl
    loaded.parts.removeAll { part in !models.contains { $0.name.isExactly(part.mapping) } }
    return loaded.scopes(models)
  }

  /// - Parameter records: how many there are of each source entity; missing: unknown.
  func writes(_ records: [Name: Int]) -> [PipelinePlan.Write] {
    models.compactMap { model in
      guard let part = ghl.part(of: model.name) else { return nil }
      // How many elements the lists have is known only when they are read.
      let records = model.each == nil ? records[Name(model.entity)] : nil
      let cost = GHLWriteCost(part, columns: model.fields.map(\.target))
      return PipelinePlan.Write(
        destination: document.name, mapping: model.name, records: records, requests: records.map(cost.requests))
    }
  }
}
