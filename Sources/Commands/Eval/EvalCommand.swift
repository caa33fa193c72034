import ArgumentParser
import Core
import Expressions
import Records

/// `waybill eval EXPR`: what an expression of a mapping gives, tried on a record.
struct EvalCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluates an expression (CEL) over the members of a JSON record and prints the result as JSON.",
    discussion: """
      Example:
        waybill eval "tags != null && 'trial' in tags" --input contact.json
        waybill eval "[1, 2, 3].map(x, x * 2)"
        waybill eval "type(1.5)" --typed
      Names are the members of the input; without one there are none. Whole numbers are int, other numbers double. An input of \
      several records, one per line or in an array, gives one result per line.
      Exit code 4: the expression does not compile, or has no value for a record.
      """)

  @Argument(help: ArgumentHelp("The expression.", valueName: "expression"))
  var expression: String

  @Option(help: ArgumentHelp("A JSON or NDJSON file whose members are the names; - for standard input.", valueName: "file"))
  var input: String?

  @Flag(help: "Print {\"type\": …, \"value\": …} instead of the value alone.")
  var typed = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let console = context.console
    let records = try self.records(in: context)
    var evaluation = JSONExpression(expression, isTyped: typed)
    var hasFailed = false
    for (index, record) in records.enumerated() {
      let name = records.count > 1 ? "expression, record \(index + 1)" : "expression"
      switch evaluation.evaluate(on: record) {
      case .value(let json):
        try console.print(json)
        for warning in evaluation.warnings {
          console.show(ExpressionFrame.text(of: warning, in: expression, name: name, isWarning: true), .warning)
        }
      case .refused(let diagnostics):
        hasFailed = true
        for diagnostic in diagnostics { console.show(ExpressionFrame.text(of: diagnostic, in: expression, name: name), .error) }
      case .failed(let error, let range):
        hasFailed = true
        console.show(ExpressionFrame.text(of: error, at: range, in: expression, name: name), .error)
      }
    }
    return hasFailed ? .recordsFailed : .done
  }

  /// The values to evaluate on; one nil where there is no input.
  private func records(in context: CommandContext) throws -> [JSONValue?] {
    guard let input else { return [nil] }
    guard input == "-" || context.fileExists(input) else {
      throw CommandFailure(.inputMissing, "there is no file \(input): nothing was evaluated")
    }
    let bytes = try Self.bytes(of: input)
    let failure: JSONReader.Failure
    do {
      let value = try JSONReader.read(bytes)
      if case .array(let elements) = value, !elements.isEmpty, elements.allSatisfy({ $0.objectValue != nil }) { return elements }
      return [value]
    } catch let error {
      failure = error
    }
    // Not one value: one per line, perhaps.
    var records: [JSONValue?] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.contains(where: { $0 > 0x20 }) {
      guard let value = try? JSONReader.read(Array(line)) else {
        throw CommandFailure(.wrongFile, "\(input == "-" ? "standard input" : input) is no JSON: \(failure)")
      }
      records.append(value)
    }
    guard !records.isEmpty else {
      throw CommandFailure(.wrongFile, "\(input == "-" ? "standard input" : input) is no JSON: \(failure)")
    }
    return records
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    let file: FileInput
    do { file = try FileInput(path: path) } catch { throw CommandFailure(.inputMissing, "\(error)") }
    let chunk = 256 * 1024
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk)
    defer { buffer.deallocate() }
    var bytes: [UInt8] = []
    while true {
      let count = try file.read(into: buffer, count: chunk)
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
    }
  }
}
