package import Core

/// The order in which mappings are loaded: each one after those whose remote IDs its requests need.
package enum LoadOrder {
  /// Mappings that need each other in a circle, in its order: no order exists.
  package struct Circle: Error, Hashable { package var mappings: [Name] }

  /// Mappings that do not depend on each other keep their order in the pipeline.
  ///
  /// - Parameters:
  ///   - mappings: in the order of the pipeline.
  ///   - needs: for each mapping, those whose IDs it needs. A need that is not one of `mappings` is left out: it is loaded
  ///     elsewhere, or not in this run.
  package static func order(_ mappings: [Name], needs: [Name: [Name]]) throws(Circle) -> [Name] {
    var ordered: [Name] = []
    var path: [Name] = []
    var done: Set<Name> = []
    let known = Set(mappings)
    func visit(_ mapping: Name) throws(Circle) {
      guard !done.contains(mapping) else { return }
      if let start = path.firstIndex(of: mapping) { throw Circle(mappings: Array(path[start...])) }
      path.append(mapping)
      for need in needs[mapping] ?? [] where known.contains(need) { try visit(need) }
      path.removeLast()
      done.insert(mapping)
      ordered.append(mapping)
    }
    for mapping in mappings { try visit(mapping) }
    return ordered
  }
}
