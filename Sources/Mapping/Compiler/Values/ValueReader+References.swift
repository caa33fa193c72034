import Core
import Transform

/// `references` of a field.
extension ValueReader {
  /// `references: MAPPING`. Only the pipeline knows whether that mapping exists.
  mutating func reference(_ node: YAMLNode, of target: [String], _ facts: ValueFacts) -> ReferenceModel? {
    guard let mapping = node.word("references", &diagnostics) else { return nil }
    if mapping.isExactly(context.name ?? "") {
      report(
        .cyclicReferences, at: node.place,
        "'\(mapping)' references itself: each record would have to be let through before itself",
        hint: "remove 'references'")
    }
    switch facts.type {
    case .list, .object:
      guard !facts.isPoisoned else { break }
      let name = target.joined(separator: ".")
      report(
        .typeMismatch, at: node.place, "a reference is a single value, but '\(name)' is \(Assignability.article(facts.type))")
    default: break
    }
    return ReferenceModel(mapping: mapping, place: node.place)
  }
}
