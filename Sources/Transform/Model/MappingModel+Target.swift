import Core
import Records
import Values

/// A mapping that copies finished target records unchanged, to load what the original mapping wrote.
extension MappingModel {
  /// Copies each field unchanged: blank text stays blank, null stays null, and a missing field stays missing. The name, key and
  /// target and everything that applies to finished records are kept: the schema, `unique`, `required`, `nulls`, and the rules
  /// under `validate` that read only the target. Everything that produced the records is dropped: `where`, `each`, vars,
  /// lookups, `merge`, and `references`, because the other mapping's records are not available.
  ///
  /// - Parameter isTable: whether the records are rows. A column has the full name of its field (`address.city`), and its cells
  ///   are text: if the mapping writes a number or a boolean, they are parsed as one.
  package func copyingTarget(isTable: Bool) -> MappingModel {
    func path(_ target: [String]) -> SourcePath {
      SourcePath(steps: isTable ? [.member(target.joined(separator: "."))] : target.map { .member($0) })
    }
    let keyField = fields.first { $0.target.joined(separator: ".").isExactly(targetKey.first ?? "") }
    var model = MappingModel(
      name: name, file: file, entity: entity, key: path(keyField?.target ?? targetKey), targetEntity: targetEntity,
      targetKey: targetKey, target: target, record: record, settings: .init(blankIsNull: false), fields: [],
      rules: rules.filter(\.readsOnlyTarget), unchecked: unchecked.filter { $0 != "custom-fields" })
    model.fields = fields.map { field in
      var copy = FieldModel(
        target: field.target, value: .source(path(field.target), accepts: .any),
        // The condition (`when`) is dropped, so nothing shows whether the field was required.
        isRequired: field.isRequired && field.condition == nil, writesOnlyOnCreate: field.writesOnlyOnCreate,
        omitsNull: field.omitsNull, privacy: field.privacy, type: field.type, node: field.node, place: field.place)
      if isTable, let call = cellReading(of: field) { copy.steps = [StepModel(call: call, place: field.place)] }
      return copy
    }
    model.unique = unique
    model.reading.maximumRecordBytes = reading.maximumRecordBytes
    return model
  }

  /// The paths of the target's fields.
  package var targetPaths: [[String]] { fields.map(\.target) }

  /// The function that converts a cell's text to the field's type; nil for text and for types that a table cannot hold.
  private func cellReading(of field: FieldModel) -> FunctionCall? {
    switch field.type {
    case .integer: return .int(.plain)
    case .number, .decimal: return .decimal(.plain)
    case .boolean: return .bool(yes: ["true"], no: ["false"])
    case .any, .oneOf: break
    case .string, .date, .datetime, .list, .object: return nil
    }
    guard let types = field.node.flatMap({ target?.nodes[$0].types })?.subtracting(.null) else { return nil }
    switch types {
    case .integer: return .int(.plain)
    case .number, [.number, .integer]: return .decimal(.plain)
    case .boolean: return .bool(yes: ["true"], no: ["false"])
    default: return nil
    }
  }
}

extension RuleModel {
  fileprivate var readsOnlyTarget: Bool {
    condition.inputs.allSatisfy { input in
      switch input {
      case .target, .now: true
      case .source, .variable: false
      }
    }
  }
}
