import Core
package import Transform
package import Values

/// Makes the ledger lines of problems, with values masked according to the mapping's privacy.
package struct ProblemLines: Sendable {
  package struct Context: Sendable {
    package var run: String?
    /// The input, as the user named it.
    package var inputFile: String?
    /// RFC 3339; one time for all lines of a stage.
    package var time: String?
    /// Key of `pii: hash`.
    package var digestKey: DigestKey?

    package init(run: String? = nil, inputFile: String? = nil, time: String? = nil, digestKey: DigestKey? = nil) {
      self.run = run
      self.inputFile = inputFile
      self.time = time
      self.digestKey = digestKey
    }
  }

  let program: Program
  let context: Context

  package init(_ program: Program, context: Context) {
    self.program = program
    self.context = context
  }

  package func line(of problem: Problem, in log: ProblemLog) -> LedgerLine {
    let field = program.field(of: problem.subject)
    let value = field.flatMap { shown(problem, $0, log) }
    var line = LedgerLine(
      program.slug(of: problem), severity: problem.severity, stage: problem.stage,
      message: ProblemText.message(of: problem, in: log, of: program, showing: field?.privacy == .never ? nil : value))
    line.run = context.run
    line.mapping = program.model.name
    if !problem.key.isEmpty {
      let key = log.text(problem.key)
      line.record = problem.record.element >= 0 ? "\(key)#\(problem.record.element)" : key
    }
    if let field {
      line.field = program.fieldName(of: problem.subject)
      line.source = sources(of: problem, field)
      line.value = value
    } else if problem.subject == .key {
      line.source = program.model.key.text
    } else if problem.subject == .filter, let filter = program.model.filter {
      line.source = sources(of: filter)
    }
    // Bytes of a line count from 1, like lines; only an unreadable record has a place within its line.
    let mark = problem.record
    line.at = .init(
      file: context.inputFile, line: mark.line, byte: mark.faultOffset >= 0 ? mark.faultOffset + 1 : nil,
      element: line.record == nil && mark.element >= 0 ? mark.element : nil)
    line.rule = RuleText.place(of: problem, in: program) ?? field.map { place(of: problem, in: $0) }
    line.time = context.time
    return line
  }

  private func sources(of expression: ExpressionModel) -> String? {
    let paths = ValueModel.expression(expression).sources(in: program.model).map(\.text)
    return paths.isEmpty ? nil : paths.joined(separator: ", ")
  }

  /// The path that it is about; several if it is not about one alone.
  private func sources(of problem: Problem, _ field: FieldModel) -> String? {
    if let expression = field.expression(of: problem) { return sources(of: expression) }
    var value = problem.isOfFallback ? field.fallback?.value ?? field.value : field.value
    if case .list(let members) = value, case .path(let index) = problem.part, Int(index) < members.count {
      value = members[Int(index)]
    }
    let paths = value.sources(in: program.model).map(\.text)
    return paths.isEmpty ? nil : paths.joined(separator: ", ")
  }

  private func shown(_ problem: Problem, _ field: FieldModel, _ log: ProblemLog) -> String? {
    guard !problem.value.isEmpty else { return nil }
    return Masking.string(log.copy(of: problem.value).span, as: field.privacy, key: context.digestKey)
  }

  /// The function or expression that failed, or the field.
  private func place(of problem: Problem, in field: FieldModel) -> SourcePlace {
    if let expression = field.expression(of: problem) { return expression.place }
    let steps = problem.isOfFallback ? field.fallback?.steps ?? [] : field.steps
    if let step = problem.step, steps.indices.contains(Int(step)) { return steps[Int(step)].place }
    return problem.isOfFallback ? field.fallback?.place ?? field.place : field.place
  }
}
