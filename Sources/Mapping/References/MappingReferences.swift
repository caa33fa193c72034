package import Core
package import Transform

/// The references between the mappings of a pipeline: whether they are valid, and the order in which mappings run.
package enum MappingReferences {
  /// Reports names that no mapping has, mappings whose key is not a single field, and cycles. `isWhole`: every mapping could
  /// be compiled, so that a name that is not among them does not exist.
  package static func check(_ models: [MappingModel], isWhole: Bool, _ diagnostics: inout Diagnostics) {
    let names = models.map(\.name)
    for model in models {
      for reference in model.fields.compactMap(\.references) {
        guard let parent = models.first(where: { $0.name.isExactly(reference.mapping) }) else {
          guard isWhole else { continue }
          let hint = NearestName.hint(reference.mapping, in: names) ?? "the mappings are: \(names.joined(separator: ", "))"
          diagnostics.add(
            .init(.error, .unknownWord, at: reference.place, "there is no mapping '\(reference.mapping)'", hint: hint))
          continue
        }
        guard parent.targetKey.count > 1 else { continue }
        let key = parent.targetKey.map { "'\($0)'" }.joined(separator: ", ")
        let message = "'\(parent.name)' has a key of several fields, \(key), which one field cannot match"
        diagnostics.add(.init(.error, .badArgument, at: reference.place, message))
      }
    }
    for circle in circles(models) {
      let way = circle.map(\.name) + [circle[0].name]
      guard let place = circle[0].fields.compactMap(\.references).first(where: { $0.mapping.isExactly(way[1]) })?.place else {
        continue
      }
      diagnostics.add(
        .init(
          .error, .cyclicReferences, at: place, "mappings reference one another in a cycle: \(way.joined(separator: " -> "))"))
    }
  }

  /// Each cycle once, starting with its first mapping.
  private static func circles(_ models: [MappingModel]) -> [[MappingModel]] {
    var circles: [[MappingModel]] = []
    var done: Set<Name> = []
    /// Small: a pipeline has about ten mappings.
    func visit(_ model: MappingModel, _ way: [MappingModel]) {
      if let start = way.firstIndex(where: { $0.name.isExactly(model.name) }) {
        circles.append(Array(way[start...]))
        return
      }
      guard !done.contains(model.name) else { return }
      for name in model.referenced {
        if let parent = models.first(where: { $0.name.isExactly(name) }) { visit(parent, way + [model]) }
      }
      done.insert(model.name)
    }
    for model in models { visit(model, []) }
    return circles
  }

  /// Indices of the mappings in the order in which they run: each after those that it references, otherwise as listed in the
  /// pipeline.
  package static func order(_ models: [MappingModel]) -> [Int] {
    var order: [Int] = []
    var done: Set<Name> = []
    let names = Set(names: models.map(\.name))
    while order.count < models.count {
      let next = models.indices.first { index in
        !order.contains(index) && models[index].referenced.allSatisfy { done.contains($0) || !names.contains($0) }
      }
      // A cycle has been reported.
      guard let next else { return order + models.indices.filter { !order.contains($0) } }
      order.append(next)
      done.insert(models[next].name)
    }
    return order
  }

  /// The mappings in the order in which they run, in groups: those of a group reference one another, directly or not.
  package static func groups(_ models: [MappingModel]) -> [[Name]] {
    var groups: [[Name]] = []
    for index in order(models) {
      let model = models[index]
      let own = Name(model.name)
      let linked = Set(names: model.referenced)
      let (joined, apart) = groups.reduce(into: ([[Name]](), [[Name]]())) { split, group in
        if group.contains(where: linked.contains) { split.0.append(group) } else { split.1.append(group) }
      }
      groups = apart + [joined.flatMap(\.self) + [own]]
    }
    return groups
  }
}
