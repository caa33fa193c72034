package import Core
import Transform

/// One thing that a test can exercise, and whether one did.
package struct CoveragePoint: Sendable, Hashable {
  /// `lookup statuses: customer`, `email: email-invalid`.
  package var text: String
  package var place: SourcePlace
  package var isExercised: Bool
}

/// What of a mapping its tests exercise: every entry of the lookups that it reads, every error of each function, also in defaults,
/// and of each expression that can fail.
struct TestCoverage {
  private struct Raised: Hashable {
    var field: Int
    var step: Int
    var code: ProblemCode
    var isOfFallback = false
    /// Of an `expression-error`.
    var site: UInt8 = 0
    var branch: Int32 = -1
  }

  private let model: MappingModel
  private let lookupPlaces: [[SourcePlace]]
  private var marks: [Bool]
  private var raised: Set<Raised> = []
  private var branches: [(point: BranchPoint, isExercised: Bool)] = []

  init(_ model: MappingModel, lookupPlaces: [[SourcePlace]]) {
    self.model = model
    self.lookupPlaces = lookupPlaces
    marks = [Bool](repeating: false, count: model.lookups.reduce(0) { $0 + $1.keys.count })
  }

  /// The marks of a program's lane: entries of lookups, then branches. Of the lookups that a test replaced, `replaced`, the entries
  /// are not the mapping's.
  mutating func add(marks more: [Bool], of program: Program, replaced: Set<Name>) {
    if branches.isEmpty { branches = program.branchPoints.map { ($0, false) } }
    let first = more.count - program.branchPoints.count
    for index in branches.indices where more[first + index] { branches[index].isExercised = true }
    var (own, theirs) = (0, 0)
    for (lookup, used) in zip(model.lookups, program.model.lookups) {
      if !replaced.contains(lookup.name) {
        for row in lookup.keys.indices where more[theirs + row] { marks[own + row] = true }
      }
      own += lookup.keys.count
      theirs += used.keys.count
    }
  }

  mutating func add(_ problems: [Problem], in program: Program) {
    for problem in problems where problem.field >= 0 {
      let index = Int(problem.field)
      let fields = program.fieldOfColumn
      // Columns come in the layout's order, then vars, then rules and `where`.
      let field = index < fields.count ? fields[index] : model.fields.count + index - fields.count
      if problem.code == .expressionError, !problem.isOfFallback {
        raised.insert(Raised(field: field, step: -1, code: problem.code, site: problem.detail, branch: problem.part))
      } else if problem.step >= 0 {
        raised.insert(
          Raised(field: field, step: Int(problem.step), code: problem.code, isOfFallback: problem.isOfFallback))
      }
    }
  }

  var points: [CoveragePoint] {
    var points: [CoveragePoint] = []
    for (index, field) in (model.fields + model.vars).enumerated() {
      let name = (index < model.fields.count ? "" : "vars.") + field.target.joined(separator: ".")
      for (step, call) in field.steps.enumerated() {
        for code in errors(of: call) {
          let isExercised = raised.contains(Raised(field: index, step: step, code: code))
          points.append(.init(text: "\(name): \(code.slug) of \(call.function)", place: call.place, isExercised: isExercised))
        }
      }
      for (step, call) in (field.fallback?.steps ?? []).enumerated() {
        for code in errors(of: call) {
          let isExercised = raised.contains(Raised(field: index, step: step, code: code, isOfFallback: true))
          let text = "\(name): default: \(code.slug) of \(call.function)"
          points.append(.init(text: text, place: call.place, isExercised: isExercised))
        }
      }
      for (site, branch, expression) in Self.expressions(of: field)
      where expression.mayFail(asCondition: site == .condition || site == .branchCondition) {
        let isExercised = raised.contains(
          Raised(field: index, step: -1, code: .expressionError, site: site.rawValue, branch: branch))
        let what =
          switch site {
          case .value: "expr"
          case .condition: "when"
          case .branchCondition: "when of case \(branch + 1)"
          case .branchValue: "expr of case \(branch + 1)"
          }
        let text = "\(name): \(ProblemCode.expressionError.slug) of \(what)"
        points.append(.init(text: text, place: expression.place, isExercised: isExercised))
      }
    }
    for (index, rule) in model.rules.enumerated() where rule.condition.mayFail(asCondition: true) {
      let number = model.fields.count + model.vars.count + index
      let isExercised = raised.contains(Raised(field: number, step: -1, code: .expressionError))
      let text = "\(rule.id): \(ProblemCode.expressionError.slug)"
      points.append(.init(text: text, place: rule.condition.place, isExercised: isExercised))
    }
    if let filter = model.filter, filter.mayFail(asCondition: true) {
      let number = model.fields.count + model.vars.count + model.rules.count
      let isExercised = raised.contains(Raised(field: number, step: -1, code: .expressionError))
      points.append(.init(text: "where: \(ProblemCode.expressionError.slug)", place: filter.place, isExercised: isExercised))
    }
    var next = 0
    for (lookup, places) in zip(model.lookups, lookupPlaces) {
      for (key, place) in zip(lookup.keys, places) {
        points.append(.init(text: "lookup \(lookup.name): \(key)", place: place, isExercised: marks[next]))
        next += 1
      }
    }
    for branch in branches {
      points.append(.init(text: branch.point.text, place: branch.point.place, isExercised: branch.isExercised))
    }
    return points
  }

  /// A field's expressions, each with its place; for those in a case, the branch.
  private static func expressions(of field: FieldModel) -> [(ExpressionSite, Int32, ExpressionModel)] {
    var found: [(ExpressionSite, Int32, ExpressionModel)] = []
    if let condition = field.condition { found.append((.condition, -1, condition)) }
    if let own = field.value.ownExpression { found.append((.value, -1, own)) }
    guard case .cases(let cases, let otherwise) = field.value else { return found }
    for (index, one) in cases.enumerated() {
      found.append((.branchCondition, Int32(index), one.condition))
      if let own = one.value.ownExpression { found.append((.branchValue, Int32(index), own)) }
    }
    if let own = otherwise?.ownExpression { found.append((.branchValue, Int32(cases.count), own)) }
    return found
  }

  /// The errors that the function can raise with these arguments. No test can cause a pattern to take too long.
  private func errors(of step: StepModel) -> [ProblemCode] {
    var errors = FunctionLibrary.find(step.function)?.errors ?? []
    errors.removeAll { $0 == .patternLimit }
    switch step.call {
    case .lookup(_, _, let miss) where miss != .error: errors.removeAll { $0 == .lookupMiss }
    case .datetime(_, let zone, let gap, let overlap):
      // Without a zone there are no gaps, and a chosen resolution is not an error.
      if zone == nil || gap != .reject { errors.removeAll { $0 == .dateGap } }
      if zone == nil || (overlap != nil && overlap != .reject) { errors.removeAll { $0 == .dateOverlap } }
    default: break
    }
    return errors
  }
}
