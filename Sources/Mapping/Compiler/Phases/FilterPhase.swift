import Core
import Expressions
import Transform

/// `where`, which reads vars and the source.
struct FilterPhase: ValueReader {
  let context: MappingContext
  var diagnostics: Diagnostics
  let source: SourceScope
  var marks: SourceMarks
  let settings: WrittenSettings
  var target: MappingTarget
  var lookups: MappingLookups
  var vars: MappingVars
  private(set) var filter = MappingFilter()

  init(_ before: VarPhase) {
    context = before.context
    diagnostics = before.diagnostics
    source = before.source
    marks = before.marks
    settings = before.settings
    target = before.target
    lookups = before.lookups
    vars = before.vars
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
