import Core
import Transform

/// Literals used together with other values of a field: `default`, `else` and the values of a case.
extension ValueReader {
  /// A literal as a value of the type of the field's other values; one that is not such a value is reported, unless the target
  /// accepts both types.
  mutating func converted(
    _ node: YAMLNode, _ literal: JSONValue, _ facts: ValueFacts, beside main: ValueFacts, into position: TargetPosition
  ) -> ResolvedValue {
    guard !main.isPoisoned, !facts.isPoisoned, main.known?.isEmpty != true || main.type != .any else {
      return (.constant(literal), facts)
    }
    switch LiteralConversion.convert(literal, to: main.type) {
    case .value(let value, let type):
      var facts = facts
      // Null has no type of its own.
      facts.type = literal == .null ? main.type : type
      return (value, facts)
    case .refused(let hint):
      guard !takesBoth(facts.type, main.type, position) else { return (.constant(literal), facts) }
      let what = facts.known?.first?.what ?? "the literal"
      report(
        .typeMismatch, at: node.place,
        "\(what): \(Self.shown(literal)) is \(Assignability.article(facts.type)), "
          + "but the field's value is \(Assignability.article(main.type))",
        hint: hint)
      return (.constant(literal), facts.asPoisoned)
    }
  }

  /// The target may accept values of two JSON types; a date and another text are one type to it.
  private func takesBoth(_ one: ValueType, _ other: ValueType, _ position: TargetPosition) -> Bool {
    guard case .node(let index) = position, let schema = target.schema else { return false }
    let types = schema.nodes[index].types
    guard types != .all, one.jsonType != other.jsonType else { return false }
    return types.isSuperset(of: one.jsonType) && types.isSuperset(of: other.jsonType)
  }

  private static func shown(_ literal: JSONValue) -> String {
    let text = literal.text
    return text.count > 60 ? String(text.prefix(57)) + "…" : text
  }
}

extension ValueType {
  /// The JSON types of its values.
  var jsonType: JSONTypes {
    switch self {
    case .string, .date, .datetime: .string
    case .integer: .integer
    case .decimal, .number: .number
    case .boolean: .boolean
    case .list: .array
    case .object: .object
    case .oneOf(let members): members.reduce(into: JSONTypes()) { $0.formUnion($1.jsonType) }
    case .any: .all
    }
  }
}
