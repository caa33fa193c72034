import Core
import Transform

extension ModelPhase {
  func explanations() -> [FieldExplanation] {
    fields.drafts.map { field in
      var node: TargetNode?
      if case .node(let index) = field.position { node = target.schema?.nodes[index] }
      return FieldExplanation(
        target: field.name, reads: field.facts.paths.map(\.text), chain: [field.origin] + field.trace,
        type: field.facts.type.name, isNullable: field.facts.isNullable, targetType: node.map(Assignability.describe),
        isRequiredByTarget: field.isRequiredByTarget, onError: field.model.onError.rawValue,
        errors: (field.facts.errors + (node.map(Self.checks) ?? [])).map(\.slug), privacy: field.model.privacy,
        needs: needs(of: field))
    }
  }

  private func needs(of field: FieldDraft) -> [FieldExplanation.Need] {
    var names: [String] = []
    for path in field.facts.paths {
      let name: String? =
        switch path.root {
        case .custom: "custom"
        case .item: source.item.flatMap { Self.top($0.path) }
        case .record, .parent: Self.top(path)
        }
      if let name, !names.contains(exactly: name) { names.append(name) }
    }
    // `user.email` comes with the list of the other entity.
    return names.map { .init(field: $0, origin: context.catalog.origin(of: $0, in: source.entity)) }
      + field.facts.lookupFields.sorted().map(\.text).map { name in
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        return .init(field: name, origin: context.catalog.origin(of: parts.last ?? name, in: parts.first ?? source.entity))
      }
  }

  private static func top(_ path: SourcePath) -> String? {
    if case .member(let name)? = path.steps.first { name } else { nil }
  }

  /// The checks of the target schema that a value of the right type can still fail.
  private static func checks(_ node: TargetNode) -> [ProblemCode] {
    var codes: [ProblemCode] = []
    func add(_ code: ProblemCode, _ isStated: Bool) { if isStated { codes.append(code) } }
    add(node.isConstant ? .schemaConst : .schemaEnum, node.enumeration != nil)
    add(.schemaFormat, node.format != nil)
    add(.schemaMinLength, node.minLength != nil)
    add(.schemaMaxLength, node.maxLength != nil)
    add(.schemaPattern, node.pattern != nil)
    add(.schemaMinimum, node.minimum != nil)
    add(.schemaMaximum, node.maximum != nil)
    add(.schemaExclusiveMinimum, node.exclusiveMinimum != nil)
    add(.schemaExclusiveMaximum, node.exclusiveMaximum != nil)
    add(.schemaMultipleOf, node.multipleOf != nil)
    add(.schemaMinItems, node.minItems != nil)
    add(.schemaMaxItems, node.maxItems != nil)
    add(.schemaUniqueItems, node.uniqueItems)
    return codes
  }
}
