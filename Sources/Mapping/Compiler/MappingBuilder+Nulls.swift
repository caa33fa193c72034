import Core
import Expressions
import Schema
import Transform

/// Values that may be null where the target takes no null: such records would be rejected one by one.
///
/// A field that the target requires is `nullable-into-required`, which says the same and more; here are all the others.
extension MappingBuilder {
  /// `reported`: fields that a `nullable-into-required` was about.
  mutating func checkNulls(reported: Set<Int>) {
    // What a `where` that does not compile would have said of null is not known.
    guard let target, let validator, !filterNarrowing.isUnknown else { return }
    var answers: [Int: Bool] = [:]
    func takesNull(_ node: Int) -> Bool {
      if let known = answers[node] { return known }
      let answer = validator.failures(in: .null, node: node).isEmpty
      answers[node] = answer
      return answer
    }
    for index in fields.indices {
      let field = fields[index]
      guard !field.facts.isPoisoned, case .node(let node) = field.position else { continue }
      if field.facts.isNullable, !field.model.omitsNull, !reported.contains(index), !takesNull(node) {
        report(
          .warning, .nullableIntoNonNull, at: field.keyPlace,
          "'\(field.name)' may be null, but the target does not accept null: such records will be rejected",
          hint: "write nulls: omit to leave such a value out, or required: true if rejection is intended")
      } else if field.facts.hasNullElements, let items = target.nodes[node].items, !takesNull(items) {
        report(
          .warning, .nullableIntoNonNull, at: field.keyPlace,
          "elements of '\(field.name)' may be null, but the target's list does not accept null: such records will be rejected",
          hint: "take them out: end the chain with compact")
      }
    }
  }
}
