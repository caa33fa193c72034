import Core
import Expressions
import Transform

/// What expressions can name of the source.
extension SourceScope {
  /// Roots of expressions: all but the vars and the target.
  func expressionRoots() -> [ExpressionScope.Root] {
    var record = shape
    // A record without its key is not let through.
    if let key = key, key.steps.count == 1, case .member(let name) = key.steps[0],
      let index = record.fields.firstIndex(where: { $0.name.isExactly(name) })
    {
      record.fields[index].isNullable = false
    }
    let recordType = ValueType.object(record)
    var roots: [ExpressionScope.Root] = [
      .init("record", recordType, label: label),
      .init("custom", .object(customShape), label: label, unknownMember: .unknownCustomField),
      .init("now", .datetime),
    ]
    if let item = item {
      roots.append(.init("item", item.type, isNullable: true, label: "the item"))
      roots.append(.init("parent", recordType, label: label))
    }
    // For an unknown entity, any name may be a field.
    roots[0].hidesTypes = !isKnown
    return roots
  }

  private var customShape: ObjectShape {
    guard let definitions = customFields else { return ObjectShape([], others: .any) }
    return ObjectShape(definitions.map { FieldShape($0.key, $0.dataType.valueType) })
  }
}
