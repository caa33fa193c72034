package import Core
package import Values

/// Writes problems as ledger lines (NDJSON), values masked as the mapping's privacy says. Absent members are left out.
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

  package func line(of problem: Problem, in log: ProblemLog) -> JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: String?) {
      if let value { members.append(.init(name, .string(value))) }
    }
    let field = program.field(problem.field)
    add("run", context.run)
    add("mapping", program.model.name)
    if !problem.key.isEmpty {
      let key = log.text(problem.key)
      add("record", problem.record.element >= 0 ? "\(key)#\(problem.record.element)" : key)
    }
    add("stage", problem.stage.rawValue)
    add("severity", problem.severity.rawValue)
    add("code", problem.code.slug)
    if let field {
      add("field", field.target.joined(separator: "."))
      add("source", field.value.firstSource?.text)
      add("value", shown(problem, field, log))
    } else if problem.code == .missingKey {
      add("source", program.model.key.text)
    }
    add("message", ProblemText.message(of: problem, in: program))
    members.append(.init("at", place(of: problem)))
    if let field { members.append(.init("rule", rule(of: problem, field))) }
    add("time", context.time)
    return .object(members)
  }

  private func shown(_ problem: Problem, _ field: FieldModel, _ log: ProblemLog) -> String? {
    guard !problem.value.isEmpty else { return nil }
    let bytes = Array(log.bytes[Int(problem.value.lowerBound)..<Int(problem.value.upperBound)])
    return Masking.string(bytes.span, as: field.privacy, key: context.digestKey)
  }

  private func place(of problem: Problem) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let file = context.inputFile { members.append(.init("file", .string(file))) }
    members.append(.init("line", .number(problem.record.line)))
    // Bytes of a line count from 1, as lines do; only a record that cannot be read has a place within.
    if problem.field < 0, problem.code != .missingKey, problem.stage != .validate {
      members.append(.init("byte", .number(problem.record.faultOffset + 1)))
    }
    return .object(members)
  }

  private func rule(of problem: Problem, _ field: FieldModel) -> JSONValue {
    let step = Int(problem.step)
    let place = step >= 0 && step < field.steps.count ? field.steps[step].place : field.place
    return .object([
      .init("file", .string(place.file)), .init("line", .number(place.line)), .init("column", .number(place.column)),
    ])
  }
}

extension ValueModel {
  /// The first source path that a value reads.
  package var firstSource: SourcePath? {
    switch self {
    case .source(let path, _): path
    case .list(let members): members.lazy.compactMap(\.firstSource).first
    case .variable, .constant: nil
    }
  }
}
