import Core
import Expressions
import Transform

/// `where`, which reads vars and the source.
struct FilterPhase: ValueReader {
  var scope: MappingScope
  private(set) var filter = MappingFilter()

  init(_ before: VarPhase) {
    scope = before.scope
    guard let node = context.document["where"] else { return }
    let condition = condition(node, "where", under: Surroundings())
    filter = MappingFilter(model: condition.found?.model, narrowing: condition.narrowing)
  }
}

struct MappingFilter {
  var model: ExpressionModel?
  /// What it guarantees about null for every record that reaches the fields.
  var narrowing = ExpressionNarrowing()
}
