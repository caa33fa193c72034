package import Core
package import Transform
package import Values

/// Writes problems as ledger lines (NDJSON), with values masked according to the mapping's privacy. Absent members are omitted.
package struct LedgerLineEncoder: Sendable {
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

  private let program: Program
  private let context: Context

  package init(_ program: Program, context: Context) {
    self.program = program
    self.context = context
  }

  /// The same as a tree, for callers that inspect it.
  package func line(of problem: Problem, in log: ProblemLog) -> JSONValue {
    var out = ByteArena(capacity: 1024)
    out.begin()
    append(problem, in: log, into: &out)
    // What was just written is JSON.
    return (try? JSONReader.read(out.finish().string)) ?? .null
  }

  /// One line, without its line break.
  package func append(_ problem: Problem, in log: ProblemLog, into out: inout ByteArena) {
    let field = program.field(of: problem.subject)
    out.append("{")
    let start = out.pendingCount
    func add(_ name: StaticString, _ value: String?) {
      guard let value else { return }
      if out.pendingCount > start { out.append(",") }
      out.append("\"")
      out.append(name)
      out.append("\":")
      JSONText.appendString(value.utf8.span, into: &out)
    }
    add("run", context.run)
    add("mapping", program.model.name)
    if !problem.key.isEmpty {
      let key = log.text(problem.key)
      add("record", problem.record.element >= 0 ? "\(key)#\(problem.record.element)" : key)
    }
    add("stage", problem.stage.rawValue)
    add("severity", problem.severity.rawValue)
    add("code", program.slug(of: problem))
    if let field {
      add("field", program.fieldName(of: problem.subject))
      add("source", sources(of: problem, field))
      add("value", shown(problem, field, log))
    } else if problem.subject == .key {
      add("source", program.model.key.text)
    } else if problem.subject == .filter, let filter = program.model.filter {
      add("source", sources(of: filter))
    }
    add("message", ProblemText.message(of: problem, in: log, of: program))
    appendPlace(of: problem, into: &out)
    if let place = RuleText.place(of: problem, in: program) {
      appendRule(place, into: &out)
    } else if let field {
      appendRule(of: problem, field, into: &out)
    }
    add("time", context.time)
    out.append("}")
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
    let bytes = log.copy(of: problem.value)
    return Masking.string(bytes.span, as: field.privacy, key: context.digestKey)
  }

  private func appendPlace(of problem: Problem, into out: inout ByteArena) {
    out.append(",\"at\":{")
    if let file = context.inputFile {
      out.append("\"file\":")
      JSONText.appendString(file.utf8.span, into: &out)
      out.append(",")
    }
    out.append("\"line\":")
    out.append(decimal: Int64(problem.record.line))
    // Bytes of a line count from 1, like lines; only an unreadable record has a place within its line.
    if problem.record.faultOffset >= 0 {
      out.append(",\"byte\":")
      out.append(decimal: Int64(problem.record.faultOffset + 1))
    }
    out.append("}")
  }

  private func appendRule(of problem: Problem, _ field: FieldModel, into out: inout ByteArena) {
    if let expression = field.expression(of: problem) { return appendRule(expression.place, into: &out) }
    let steps = problem.isOfFallback ? field.fallback?.steps ?? [] : field.steps
    let place = problem.isOfFallback ? field.fallback?.place ?? field.place : field.place
    let step = problem.step.flatMap { steps.indices.contains(Int($0)) ? steps[Int($0)] : nil }
    appendRule(step?.place ?? place, into: &out)
  }

  private func appendRule(_ place: SourcePlace, into out: inout ByteArena) {
    out.append(",\"rule\":{\"file\":")
    JSONText.appendString(place.file.utf8.span, into: &out)
    out.append(",\"line\":")
    out.append(decimal: Int64(place.line))
    out.append(",\"column\":")
    out.append(decimal: Int64(place.column))
    out.append("}")
  }
}

extension ValueModel {
  /// The source paths that a value reads, through vars, each once.
  package func sources(in model: MappingModel) -> [SourcePath] {
    var paths: [SourcePath] = []
    var vars: Set<Int> = []
    collect(model, &paths, &vars)
    return paths
  }

  private func collect(_ model: MappingModel, _ paths: inout [SourcePath], _ vars: inout Set<Int>) {
    func add(_ path: SourcePath) { if !paths.contains(path) { paths.append(path) } }
    func add(_ expression: ExpressionModel) {
      for path in expression.sources { add(path) }
      for index in expression.variables { ValueModel.variable(index).collect(model, &paths, &vars) }
    }
    switch self {
    case .source(let path, _, _): add(path)
    case .constant, .typedConstant: break
    case .list(let members): for member in members { member.collect(model, &paths, &vars) }
    case .variable(let index):
      guard model.vars.indices.contains(index), vars.insert(index).inserted else { return }
      model.vars[index].value.collect(model, &paths, &vars)
    case .expression(let expression): add(expression)
    case .cases(let cases, let otherwise):
      for one in cases {
        one.value.collect(model, &paths, &vars)
        add(one.condition)
      }
      otherwise?.collect(model, &paths, &vars)
    }
  }
}
