package import Core
package import Expressions

/// A checked expression of a mapping, and where each of its paths comes from.
package struct ExpressionModel: Sendable, Hashable {
  package enum Input: Sendable, Hashable {
    /// A field of the record, a custom field, or of the element of `each`, and its declared type.
    case source(SourcePath, type: ValueType = .any)
    /// Index into `MappingModel.vars`.
    case variable(Int)
    /// A field of the finished target record, by its names; for `assert`.
    case target([String])
    /// The start of the run.
    case now

    /// A record may have something else at the field, or on the way to it, than the source declares.
    package var isDeclared: Bool { if case .source(let path, let type) = self { type != .any || path.isNested } else { false } }
  }

  package var checked: CheckedExpression
  /// As `checked.paths`.
  package var inputs: [Input]
  package var place: SourcePlace

  package init(checked: CheckedExpression, inputs: [Input], place: SourcePlace) {
    self.checked = checked
    self.inputs = inputs
    self.place = place
  }

  package static func == (left: ExpressionModel, right: ExpressionModel) -> Bool {
    left.checked.text.isExactly(right.checked.text) && left.inputs == right.inputs && left.place == right.place
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(Name(checked.text))
    hasher.combine(place)
  }
}

/// One branch of `case`: the first whose condition is true gives the value.
package struct CaseModel: Sendable, Hashable {
  package var condition: ExpressionModel
  package var value: ValueModel
  package var place: SourcePlace

  package init(condition: ExpressionModel, value: ValueModel, place: SourcePlace) {
    self.condition = condition
    self.value = value
    self.place = place
  }
}

/// A rule under `validate`: what must hold of the finished target record.
package struct RuleModel: Sendable, Hashable {
  package var id: String
  package var condition: ExpressionModel
  package var message: String
  package var severity: Severity
  package var place: SourcePlace

  package init(id: String, condition: ExpressionModel, message: String, severity: Severity, place: SourcePlace) {
    self.id = id
    self.condition = condition
    self.message = message
    self.severity = severity
    self.place = place
  }
}
