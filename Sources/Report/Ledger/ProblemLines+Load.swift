import Core
import Transform
import Values

extension ProblemLines {
  /// What a destination says about a record.
  func line(of problem: LoadProblem, at destination: String) -> LedgerLine {
    let subject = problem.column.map { Problem.Subject.field(Int32($0)) }
    let field = subject.flatMap { program.field(of: $0) }
    let name = subject.flatMap { program.fieldName(of: $0) }
    func masked(_ text: String?) -> String? {
      field.flatMap { field in text.map { Masking.string($0.utf8.span, as: field.privacy, key: context.digestKey) } }
    }
    let value = masked(problem.value)
    var detail = value.map { Self.hide(problem.value ?? "", as: $0, in: problem.detail) } ?? problem.detail
    if let found = masked(problem.found) { detail += "\(detail.isEmpty ? "" : " ")'\(found)'" }
    var line = LedgerLine(
      problem.code.slug, severity: problem.severity, stage: .load,
      message: LoadProblemText.message(of: problem, at: destination, field: name, detail: detail))
    line.run = context.run
    line.mapping = program.model.name
    line.destination = destination
    line.record = problem.record
    if let field {
      line.field = name
      let paths = field.value.sources(in: program.model).map(\.text)
      line.source = paths.isEmpty ? nil : paths.joined(separator: ", ")
      line.value = value
      line.rule = field.place
    }
    if problem.status != nil || problem.trace != nil { line.http = .init(status: problem.status, trace: problem.trace) }
    line.attempt = problem.attempt == 0 ? nil : Int(problem.attempt)
    line.at = .init(file: context.inputFile, line: problem.line)
    line.time = context.time
    return line
  }

  /// Shorter values are replaced only where they are words of their own: they occur in other words as well.
  private static let shortest = 3

  /// A destination may quote the value that it refuses.
  private static func hide(_ value: String, as masked: String, in detail: String) -> String {
    guard !value.isEmpty, !value.isExactly(masked) else { return detail }
    let isWord = value.count < shortest
    var hidden = ""
    var rest = detail[...]
    while let found = rest.firstRange(of: value) {
      let before = rest[..<found.lowerBound].last ?? hidden.last
      let isInWord = [before, rest[found.upperBound...].first].contains { $0.map { $0.isLetter || $0.isNumber } ?? false }
      hidden += rest[..<found.lowerBound]
      hidden += isWord && isInWord ? value : masked
      rest = rest[found.upperBound...]
    }
    return hidden + rest
  }
}
