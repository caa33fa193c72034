import ArgumentParser
import Core
import Expressions
import Files
import Records

/// `waybill eval EXPR`: evaluates an expression on a record.
struct EvalCommand: WaybillCommand {
  static let endsAtOnce = true
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a CEL expression on a JSON record",
    discussion: """
      Example:
        waybill eval "tags != null && 'trial' in tags" --input contact.json
        waybill eval "[1, 2, 3].map(x, x * 2)"
        waybill eval "type(1.5)" --typed
      Names are the members of the input. `record` is the whole input, unless a member has that name; record["for"] reads a \
      member whose name is not valid in an expression. Without an input there are no names. Integers of up to 64 bits are int, \
      other numbers double; a number too large for a double has no value. An input of several records, one per line or in an \
      array, gives one result per line.
      In the result, int, uint and double are numbers (a double has a point or an exponent), NaN and infinities are "NaN", \
      "Infinity" and "-Infinity", bytes are base64, timestamps RFC 3339 with Z, durations seconds with an s ("1.5s"), types \
      their names, and the keys of maps texts.
      --typed adds the type: null bool int uint double string bytes list map timestamp duration type.
      Exit code 4: the expression does not compile, or has no value for a record.
      """)

  @Argument(help: ArgumentHelp("The expression.", valueName: "expression"))
  var expression: String

  @Option(help: ArgumentHelp("A JSON or NDJSON file whose members are the names; `-` is standard input.", valueName: "file"))
  var input: String?

  @Option(help: ArgumentHelp("The character encoding of the input (default: UTF-8, UTF-16 or UTF-32).", valueName: "name"))
  var encoding: String?

  @Flag(help: "Print {\"type\": …, \"value\": …} instead of the value alone.")
  var typed = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let encoding { try FileOptions.check(encoding: encoding, "--encoding") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let console = context.console
    let records = try self.records(in: context)
    var evaluation = JSONExpression(expression, isTyped: typed)
    var hasFailed = false
    // What was reported for earlier records, and how many more records it applies to.
    var told: Set<ExpressionDiagnostic> = []
    var repetitions = 0
    for (index, record) in records.enumerated() {
      let name = records.count > 1 ? "expression, record \(index + 1)" : "expression"
      switch evaluation.evaluate(on: record) {
      case .value(let json):
        try console.print(json)
        for warning in evaluation.warnings where told.insert(warning).inserted {
          show(warning, name, .warning, to: console)
        }
      case .refused(let diagnostics):
        hasFailed = true
        let isSyntaxWrong = evaluation.isSyntaxWrong
        let new = diagnostics.filter { told.insert($0).inserted }
        for diagnostic in new {
          let place = isSyntaxWrong ? "expression" : name
          show(diagnostic, place, .error, to: console)
        }
        // It is the same for all records.
        if isSyntaxWrong { return .recordsFailed }
        if new.isEmpty { repetitions += 1 }
      case .failed(let error, let range):
        hasFailed = true
        if let mismatch = evaluation.mismatch {
          show(mismatch, name, .error, to: console)
          continue
        }
        let text = ExpressionFrame.text(of: error, at: range, in: expression, name: name, fitting: console.errorWidth)
        console.show(DiagnosticText.fitted(text, hint: nil, to: console.errorWidth), .error)
      }
    }
    if repetitions > 0 { console.note("waybill: the same for \(Wording.count(repetitions, "more record"))") }
    return hasFailed ? .recordsFailed : .done
  }

  private func show(_ diagnostic: ExpressionDiagnostic, _ name: String, _ severity: Severity, to console: Console) {
    let text = ExpressionFrame.text(
      of: diagnostic, in: expression, name: name, isWarning: severity == .warning, fitting: console.errorWidth)
    console.show(DiagnosticText.fitted(text, hint: diagnostic.hint, to: console.errorWidth), severity)
  }

  /// The values to evaluate on; a single nil if there is no input.
  private func records(in context: CommandContext) throws -> [JSONValue?] {
    guard let input else { return [nil] }
    guard input == "-" || context.fileExists(input) else {
      throw OperationFailure(.inputMissing, "there is no file \(input): nothing was evaluated")
    }
    let bytes = try Self.text(of: input, encoding: encoding)
    let failure: JSONReader.Failure
    do {
      let value = try JSONReader.read(bytes)
      if case .array(let elements) = value, !elements.isEmpty, elements.allSatisfy({ $0.objectValue != nil }) { return elements }
      return [value]
    } catch let error {
      failure = error
    }
    let name = input == "-" ? "standard input" : input
    // Not a single value: one per line, if the first line is a value.
    var records: [JSONValue?] = []
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard line.contains(where: { $0 > 0x20 }) else { continue }
      do {
        records.append(try JSONReader.read(Array(line)))
      } catch var error {
        if records.isEmpty { break }
        error.line = number
        throw OperationFailure(.wrongFile, "\(name) is not valid NDJSON: \(error)")
      }
    }
    guard !records.isEmpty else { throw OperationFailure(.wrongFile, "\(name) is not valid JSON: \(failure)") }
    return records
  }

  private static func text(of path: String, encoding: String?) throws -> [UInt8] {
    var file = try RecordInput.text(of: path, encoding: encoding)
    return try file.readAll() ?? []
  }
}
