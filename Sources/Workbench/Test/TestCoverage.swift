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
    /// For fields, the number is that of the model.
    var subject: Problem.Subject
    var code: ProblemCode
    var step: Int?
    var isOfFallback = false
    /// Of an `expression-error`.
    var part = Problem.Part.whole
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
    for problem in problems {
      var subject = problem.subject
      if case .field(let column) = subject { subject = .field(Int32(program.fieldOfColumn[Int(column)])) }
      if problem.code == .expressionError, !problem.isOfFallback {
        raised.insert(Raised(subject: subject, code: problem.code, part: problem.part))
      } else if let step = problem.step {
        raised.insert(Raised(subject: subject, code: problem.code, step: Int(step), isOfFallback: problem.isOfFallback))
      }
    }
  }

  var points: [CoveragePoint] {
    var points: [CoveragePoint] = []
    let fields = model.fields.enumerated().map { (Problem.Subject.field(Int32($0)), "", $1) }
    let vars = model.vars.enumerated().map { (Problem.Subject.variable(Int32($0)), "vars.", $1) }
    for (subject, prefix, field) in fields + vars {
      let name = prefix + field.target.joined(separator: ".")
      for (step, call) in field.steps.enumerated() {
        for code in errors(of: call) {
          let isExercised = raised.contains(Raised(subject: subject, code: code, step: step))
          points.append(
            .init(text: "\(name): \(code.slug) of \(call.call.function.name)", place: call.place, isExercised: isExercised))
        }
      }
      for (step, call) in (field.fallback?.steps ?? []).enumerated() {
        for code in errors(of: call) {
          let isExercised = raised.contains(Raised(subject: subject, code: code, step: step, isOfFallback: true))
          let text = "\(name): default: \(code.slug) of \(call.call.function.name)"
          points.append(.init(text: text, place: call.place, isExercised: isExercised))
        }
      }
      for (part, expression) in Self.expressions(of: field) where expression.mayFail(asCondition: part.isCondition) {
        let isExercised = raised.contains(Raised(subject: subject, code: .expressionError, part: part))
        let what =
          switch part {
          case .whole, .path: "expr"
          case .condition: "when"
          case .branchCondition(let branch): "when of case \(branch + 1)"
          case .branchValue(let branch): "expr of case \(branch + 1)"
          }
        let text = "\(name): \(ProblemCode.expressionError.slug) of \(what)"
        points.append(.init(text: text, place: expression.place, isExercised: isExercised))
      }
    }
    for (index, rule) in model.rules.enumerated() where rule.condition.mayFail(asCondition: true) {
      let isExercised = raised.contains(Raised(subject: .rule(Int32(index)), code: .expressionError))
      let text = "\(rule.id): \(ProblemCode.expressionError.slug)"
      points.append(.init(text: text, place: rule.condition.place, isExercised: isExercised))
    }
    if let filter = model.filter, filter.mayFail(asCondition: true) {
      let isExercised = raised.contains(Raised(subject: .filter, code: .expressionError))
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

  /// A field's expressions, each with its place.
  private static func expressions(of field: FieldModel) -> [(Problem.Part, ExpressionModel)] {
    var found: [(Problem.Part, ExpressionModel)] = []
    if let condition = field.condition { found.append((.condition, condition)) }
    if let own = field.value.ownExpression { found.append((.whole, own)) }
    guard case .cases(let cases, let otherwise) = field.value else { return found }
    for (index, one) in cases.enumerated() {
      found.append((.branchCondition(Int32(index)), one.condition))
      if let own = one.value.ownExpression { found.append((.branchValue(Int32(index)), own)) }
    }
    if let own = otherwise?.ownExpression { found.append((.branchValue(Int32(cases.count)), own)) }
    return found
  }

  /// The errors that the function can raise with these arguments. No test can cause a pattern to take too long.
  private func errors(of step: StepModel) -> [ProblemCode] {
    var errors = step.call.function.errors
    errors.removeAll { $0 == .patternLimit }
    switch step.call {
    case .lookup(_, _, let miss) where miss != .error: errors.removeAll { $0 == .lookupMiss }
    case .phone(_, _, let extensions) where extensions != .dropWithWarning: errors.removeAll { $0 == .phoneExtensionDropped }
    case .datetime(_, let zone, let gap, let overlap, _):
      // Without a zone there are no gaps, and a chosen resolution is not an error.
      if zone == nil || gap != .reject { errors.removeAll { $0 == .dateGap } }
      if zone == nil || (overlap != nil && overlap != .reject) { errors.removeAll { $0 == .dateOverlap } }
    default: break
    }
    return errors
  }
}

extension Problem.Part {
  fileprivate var isCondition: Bool {
    switch self {
    case .condition, .branchCondition: true
    case .whole, .path, .branchValue: false
    }
  }
}
