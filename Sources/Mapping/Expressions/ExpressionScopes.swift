import Core
import Expressions
import Transform

/// What expressions of a mapping can name: `mapping.md`, "Expressions (CEL)".
extension MappingBuilder {
  /// Of `when where expr case`: the source's fields without a root, and all roots but the target.
  func sourceExpressionScope() -> ExpressionScope {
    ExpressionScope(roots: sourceRoots(), bareRoot: "record")
  }

  /// Of `assert`: the target's fields without a root.
  func targetExpressionScope() -> ExpressionScope {
    let target = ExpressionScope.Root(
      "target", .object(targetShape), label: "the target of this mapping", unknownMember: .unknownTargetField)
    return ExpressionScope(roots: [target] + sourceRoots(), bareRoot: "target")
  }

  private func sourceRoots() -> [ExpressionScope.Root] {
    var record = scope.shape
    // A record without its key is not let through.
    if let key = scope.key, key.steps.count == 1, case .member(let name) = key.steps[0],
      let index = record.fields.firstIndex(where: { $0.name == name })
    {
      record.fields[index].isNullable = false
    }
    let shape = ValueType.object(record)
    var roots: [ExpressionScope.Root] = [
      .init("record", shape, label: scope.label),
      .init("vars", .object(varShape), label: "the vars of this mapping", unknownMember: .unknownVar),
      .init("custom", .object(customShape), label: scope.label, unknownMember: .unknownCustomField),
      .init("now", .datetime),
    ]
    if let item = scope.item {
      roots.append(.init("item", item.type, isNullable: true, label: "the item"))
      roots.append(.init("parent", shape, label: scope.label))
    }
    return roots
  }

  private var varShape: ObjectShape {
    ObjectShape(
      varNames.map { name in
        let facts = vars[name]?.facts ?? .poisoned
        // Of a var that has been reported, nothing more is.
        return FieldShape(name, facts.type, isNullable: facts.isNullable && !facts.isPoisoned)
      })
  }

  private var customShape: ObjectShape {
    guard let definitions = scope.customFields else { return ObjectShape([], others: .any) }
    return ObjectShape(definitions.map { FieldShape($0.key, $0.dataType.valueType) })
  }

  /// What is mapped. A field that has been reported is there, too, so that no rule that reads it is reported as well.
  private var targetShape: ObjectShape {
    var shape = Self.shape(of: fields)
    for name in meantTargets.compactMap({ $0.split(separator: ".").first.map(String.init) }).sorted()
    where shape.field(named: name) == nil {
      shape.fields.append(FieldShape(name, .any, isNullable: false))
    }
    return shape
  }

  /// The finished target record: nested where targets are.
  private static func shape(of fields: [FieldDraft], depth: Int = 0) -> ObjectShape {
    var shapes: [FieldShape] = []
    for field in fields {
      let name = field.model.target[depth]
      guard !shapes.contains(where: { $0.name == name }) else { continue }
      if field.model.target.count == depth + 1 {
        let isNullable = (field.facts.isNullable || field.model.condition != nil) && !field.facts.isPoisoned
        shapes.append(FieldShape(name, field.facts.type, isNullable: isNullable))
      } else {
        let inner = fields.filter { $0.model.target.count > depth + 1 && $0.model.target[depth] == name }
        shapes.append(FieldShape(name, .object(shape(of: inner, depth: depth + 1)), isNullable: false))
      }
    }
    return ObjectShape(shapes)
  }
}
