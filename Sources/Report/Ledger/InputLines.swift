import Core
package import Schema
package import Transform

extension NeverPresent {
  /// The ledger line of a mapping.
  package func line(of mapping: String, run: String? = nil, inputFile: String?, time: String? = nil) -> LedgerLine {
    var line = LedgerLine(
      ProblemCode.neverPresent.slug, severity: .warning, stage: .transform,
      message: "no record has '\(source)', which the mapping reads" + (hint.map { ": \($0)" } ?? ""))
    line.run = run
    line.mapping = mapping
    line.source = source
    line.at = inputFile.map { .init(file: $0) }
    line.rule = rule
    line.time = time
    return line
  }
}

extension BatchValidator.Finding {
  /// A ledger line per failure or warning.
  package func lines(file: String?) -> [LedgerLine] {
    guard let fault else {
      return failures.map { failure in
        var made = LedgerLine(failure.code.slug, severity: .error, stage: .validate, message: failure.message)
        made.field = failure.field
        made.instance = failure.instance
        made.schema = failure.schema
        made.at = .init(file: file, line: line)
        return made
      }
    }
    var made = LedgerLine(fault.code.slug, severity: severity, stage: .validate, message: message ?? "")
    made.at = .init(file: file, line: line, byte: byte)
    return [made]
  }
}
