import Core

extension MappingModel {
  /// Mappings that its fields reference, each once.
  package var referenced: [String] {
    var names: [String] = []
    for reference in fields.compactMap(\.references) where !names.contains(exactly: reference.mapping) {
      names.append(reference.mapping)
    }
    return names
  }
}
