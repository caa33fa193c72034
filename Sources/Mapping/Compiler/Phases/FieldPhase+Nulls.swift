import Core
import Expressions
import Schema
import Transform

/// Values that may be null although the target does not accept null: such records would be rejected one by one.
///
/// A field that the target requires is reported as `nullable-into-required`, which includes this; this covers all other
/// fields.
extension FieldPhase {
  /// `reported`: fields already reported as `nullable-into-required`.
  mutating func checkNulls(reported: Set<Int>) {
    // If `where` does not compile, its guarantees about null are unknown.
    guard let schema = target.schema, let validator = target.validator, !filter.narrowing.isUnknown else { return }
    var answers: [Int: Bool] = [:]
    func takesNull(_ node: Int) -> Bool {
      if let known = answers[node] { return known }
      let answer = validator.failures(in: .null, node: node).isEmpty
      answers[node] = answer
      return answer
    }
    let candidates = fields.drafts.indices.filter { index in
      let field = fields.drafts[index]
      guard !field.facts.isPoisoned, case .node = field.position else { return false }
      return isNullCandidate(index, reported) || field.facts.hasNullElements
    }
    let refused = placesThatRefuseNull(candidates, reported: reported)
    for index in candidates {
      let field = fields.drafts[index]
      guard case .node(let node) = field.position else { continue }
      let place = NullProbe.pointer(field.model.target)
      if isNullCandidate(index, reported), !takesNull(node) || refused.contains(place) {
        report(
          .warning, .nullableIntoNonNull, at: field.keyPlace,
          "'\(field.name)' may be null, but the target does not accept null: such records will be rejected",
          hint: "write nulls: omit to leave such a value out, or required: true if rejection is intended")
      } else if field.facts.hasNullElements,
        schema.nodes[node].items.map({ !takesNull($0) }) ?? false || refused.contains(place + "/0")
      {
        report(
          .warning, .nullableIntoNonNull, at: field.keyPlace,
          "elements of '\(field.name)' may be null, but the target's list does not accept null: such records will be rejected",
          hint: "remove them: end the chain with compact")
      }
    }
  }

  private func isNullCandidate(_ index: Int, _ reported: Set<Int>) -> Bool {
    fields.drafts[index].facts.isNullable && !fields.drafts[index].model.omitsNull && !reported.contains(index)
  }

  /// The nodes do not express all rules about null (`anyOf`, `not`, `if`), but the whole schema does: a single record with
  /// null in place of each candidate shows which of these places the schema refuses. JSON pointers.
  private func placesThatRefuseNull(_ candidates: [Int], reported: Set<Int>) -> Set<Name> {
    guard let record = target.record, let schema = target.schema, schema.hasRest, !candidates.isEmpty else { return [] }
    let values = candidates.map { index in
      (fields.drafts[index].model.target, isNullCandidate(index, reported) ? JSONValue.null : .array([.null]))
    }
    return Set(record.failures(in: NullProbe.record(values)).map { Name($0.instance) })
  }
}

/// A record with the given values at their paths.
private enum NullProbe {
  static func record(_ values: [(path: [String], value: JSONValue)]) -> JSONValue {
    let root = FieldTree()
    for (index, value) in values.enumerated() { root.add(value.path[...], index) }
    func value(of tree: FieldTree) -> JSONValue {
      if let field = tree.field { return values[field].value }
      return .object(tree.names.compactMap { name in tree.members[name].map { .init(name, value(of: $0)) } })
    }
    return value(of: root)
  }

  static func pointer(_ path: [String]) -> String {
    path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }
}
