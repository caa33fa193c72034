package import Core

/// The order in which mappings are loaded: each one after those whose remote IDs its requests need.
package enum LoadOrder {
  /// Mappings that form a cycle, in its order: no order exists.
  package struct Cycle: Error, Hashable { package var mappings: [Name] }

  /// Mappings that do not depend on each other keep their order in the pipeline. A mapping may need itself, where records refer to
  /// other records of the same mapping: `ParentsFirst` orders them.
  ///
  /// - Parameters:
  ///   - mappings: in the order of the pipeline.
  ///   - needs: for each mapping, those whose IDs it needs. A need that is not one of `mappings` is left out: it is loaded
  ///     elsewhere, or not in this run.
  package static func order(_ mappings: [Name], needs: [Name: [Name]]) throws(Cycle) -> [Name] {
    var ordered: [Name] = []
    var path: [Name] = []
    var done: Set<Name> = []
    let known = Set(mappings)
    func visit(_ mapping: Name) throws(Cycle) {
      guard !done.contains(mapping) else { return }
      if let start = path.firstIndex(of: mapping) { throw Cycle(mappings: Array(path[start...])) }
      path.append(mapping)
      for need in needs[mapping] ?? [] where need != mapping && known.contains(need) { try visit(need) }
      path.removeLast()
      done.insert(mapping)
      ordered.append(mapping)
    }
    for mapping in mappings { try visit(mapping) }
    return ordered
  }
}
