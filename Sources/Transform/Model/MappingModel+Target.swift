import Core
import Records
import Values

/// The mapping of finished target records onto themselves, for loading what a mapping has written before.
extension MappingModel {
  /// Each field is copied from its own place, unchanged: a text of blanks stays one, null stays null, and what is missing stays
  /// missing. The name, the key, the target and what holds of finished records are those of the mapping: its schema, `unique`,
  /// `required`, `nulls`, and rules under `validate` that read nothing else. What has made the records is gone: `where`, `each`,
  /// vars, lookups, `merge`, and `references`, since the other mapping's records are not at hand.
  ///
  /// - Parameter isTable: The records are rows. A column has the whole name of its field (`address.city`), and its cells are texts:
  ///   where the mapping writes a number or a boolean, they are read as one.
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
        // Without the mapping's own condition, nothing shows whether the field had to have a value.
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

  /// What makes a cell's text the value that the mapping writes; nil: texts, and what a table cannot have.
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
