import Core
import Report

extension RejectReachSection {
  static let codes = [ProblemCode.orphan.slug, ProblemCode.parentNotLoaded.slug]

  mutating func add(_ run: RunMaterial) throws {
    for group in run.ledger.groups where Self.codes.contains(exactly: group.code) {
      let examples = try run.ledger.examples(of: group)
      rows.append(
        Row(
          run: run.id, mapping: group.mapping, code: group.code, severity: group.severity, field: group.field,
          parent: group.field.flatMap { run.parent(of: group.mapping, field: $0) }, children: group.count,
          of: run.summary?.read(group.mapping), examples: examples.compactMap(\.record)))
    }
    let referenced = Set(run.fields.values.flatMap(\.fields).compactMap(\.references).map { Name($0) })
    for mapping in run.summary?.mappings ?? [] where referenced.contains(Name(mapping.name)) {
      for destination in mapping.destinations where destination.lost > 0 {
        parents.append(Parent(run: run.id, mapping: mapping.name, destination: destination.name, lost: destination.lost))
      }
    }
    if run.fields.isEmpty, run.summary?.mappings.isEmpty == false {
      missing.append(
        .init(run: run.id, text: "Which mapping refers to which is not recorded: an earlier version made the run."))
    }
  }
}

extension RunMaterial {
  /// The mapping that a field refers to.
  func parent(of mapping: String, field: String) -> String? {
    fields[Name(mapping)]?.fields.first { $0.name.isExactly(field) }?.references
  }
}
