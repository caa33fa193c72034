import Core
import Files
import Records
package import Transform

/// What the mappings of a run let through, for those that reference them.
package struct MappingLinks {
  /// The order in which the mappings run.
  package let order: [Int]
  private let models: [MappingModel]
  private var registries: [Name: KeyRegistry] = [:]

  /// `folder`: for keys that do not fit in memory.
  ///
  /// - Throws: `OperationFailure`, also if a referenced mapping does not run.
  package init(_ models: [MappingModel], folder: String) throws {
    self.models = models
    order = MappingReferences.order(models)
    for model in models {
      for name in model.referenced where registries[name] == nil {
        guard models.contains(where: { $0.name.isExactly(name) }) else {
          throw OperationFailure(
            .usage, "'\(model.name)' references '\(name)', which is not part of the run: add \(CommandOption.mapping) \(name)")
        }
        if registries.isEmpty { try OutputFile.makeFolder(folder, mode: 0o700) }
        registries[name] = try KeyRegistry(folder: folder)
      }
    }
  }

  package func of(_ mapping: String) -> ProgramLinks {
    let wanted = models.first { $0.name.isExactly(mapping) }?.referenced ?? []
    return ProgramLinks(references: registries.filter { wanted.contains(exactly: $0.key.text) }, registry: registries[mapping])
  }
}
