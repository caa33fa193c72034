package import Core
import Transform

/// One thing that a test can exercise, and whether one did.
package struct CoveragePoint: Sendable, Hashable {
  /// `lookup statuses: customer`, `email: email-invalid`.
  package var text: String
  package var place: SourcePlace
  package var isExercised: Bool
}

/// What of a mapping its tests exercise: every entry of the lookups that it reads, and every error of each function.
struct TestCoverage {
  private struct Raised: Hashable {
    var field: Int
    var step: Int
    var code: ProblemCode
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

  /// The marks of a program's lane: entries of lookups, then branches. `hasOwnLookups`: a test replaced the lookups, so that
  /// only the branches count.
  mutating func add(marks more: [Bool], of program: Program, hasOwnLookups: Bool) {
    if branches.isEmpty { branches = program.branchPoints.map { ($0, false) } }
    let first = more.count - program.branchPoints.count
    for index in branches.indices where more[first + index] { branches[index].isExercised = true }
    guard !hasOwnLookups else { return }
    for index in marks.indices where more[index] { marks[index] = true }
  }

  mutating func add(_ problems: [Problem], in program: Program) {
    for problem in problems where problem.field >= 0 && problem.step >= 0 {
      let index = Int(problem.field)
      let fields = program.fieldOfColumn
      // Columns come in the layout's order, then vars.
      let field = index < fields.count ? fields[index] : model.fields.count + index - fields.count
      raised.insert(Raised(field: field, step: Int(problem.step), code: problem.code))
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

  /// What the function can raise with these arguments. No test can bring about a pattern that takes too long.
  private func errors(of step: StepModel) -> [ProblemCode] {
    var errors = FunctionLibrary.find(step.function)?.errors ?? []
    errors.removeAll { $0 == .patternLimit }
    switch step.call {
    case .lookup(_, _, let miss) where miss != .error: errors.removeAll { $0 == .lookupMiss }
    case .datetime(_, let zone, let gap, let overlap):
      // Without a zone there are no gaps, and what was chosen for them is no error.
      if zone == nil || gap != .reject { errors.removeAll { $0 == .dateGap } }
      if zone == nil || (overlap != nil && overlap != .reject) { errors.removeAll { $0 == .dateOverlap } }
    default: break
    }
    return errors
  }
}
