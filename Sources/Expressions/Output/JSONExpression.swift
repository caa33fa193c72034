package import Core

/// An expression over the members of one JSON value after another: what `waybill eval` does.
package struct JSONExpression: ~Copyable {
  package enum Outcome: Sendable, Hashable {
    /// The result as JSON text.
    case value(String)
    /// The expression does not compile over this input, and has no value.
    case refused([ExpressionDiagnostic])
    /// It has no value; where in the text, in bytes.
    case failed(ExpressionError, at: Range<Int>?)
  }

  /// The text is not an expression, for any input.
  package var isSyntaxWrong: Bool { members != nil && program == nil }

  package let text: String
  /// Results are `{"type": …, "value": …}`.
  package let isTyped: Bool
  var evaluator = ExpressionEvaluator()
  /// The last compilation, and the members that it was made for: records of one file mostly have the same.
  private var members: [String]?
  private var hasInput = false
  private var program: ExpressionProgram?
  private var diagnostics: [ExpressionDiagnostic] = []
  /// What the checker reports about an expression that still has a value (`x || true` without an `x`).
  package private(set) var warnings: [ExpressionDiagnostic] = []
  /// Of the evaluation that failed last: operands that did not fit, in the words of the checker.
  package private(set) var mismatch: ExpressionDiagnostic?

  private struct Failure: Hashable {
    var mismatch: ExpressionMismatch
    var range: Range<Int>
  }
  /// Valid for all records with the members of the last compilation. Cached because making one parses and checks the text.
  private var explanations: [Failure: ExpressionDiagnostic] = [:]

  package init(_ text: String, isTyped: Bool) {
    self.text = text
    self.isTyped = isTyped
  }

  /// Names are members of `input`; without one, or where it is not an object, there are none. `record` is all of it, unless a
  /// member has that name. Whole numbers of 64 bits are int, other numbers double, objects map, arrays list.
  package mutating func evaluate(on input: JSONValue?) -> Outcome {
    let object = input?.objectValue ?? []
    let names = object.map(\.name)
    if !(members.map(names.isExactly) ?? false) || (input != nil) != hasInput {
      members = names
      hasInput = input != nil
      (program, diagnostics) = ExpressionCompiler.compileUnchecked(
        text, scope: .json(members: names, hasInput: hasInput))
      explanations = [:]
    }
    warnings = []
    mismatch = nil
    guard let program else { return .refused(diagnostics) }
    let memory = ConstantMemory()
    let values = Dictionary(object.map { (Name($0.name), $0.value) }) { _, last in last }
    var slots = program.paths.map { path in
      guard let name = path.names.first else { return Cell.missing }
      let value = values[Name(name)] ?? (name.isExactly(ExpressionScope.whole) ? input : nil)
      return value.map { Self.cell($0, memory) } ?? .missing
    }
    if slots.isEmpty { slots = [.missing] }
    evaluator.reset()
    let value = evaluator.evaluate(program, slots: slots)
    defer { withExtendedLifetime(memory) {} }
    if let error = value.failure {
      guard diagnostics.isEmpty else { return .refused(diagnostics) }
      let range = program.range(of: value)
      if let found = ExpressionMismatch(value), let range {
        mismatch = explanation(of: Failure(mismatch: found, range: range))
      }
      return .failed(error, at: range)
    }
    warnings = diagnostics
    let text = isTyped ? evaluator.typedJSON(of: value) : evaluator.json(of: value)
    if let failure = evaluator.outputFailure { return .failed(failure, at: nil) }
    return .value(text.string)
  }

  private mutating func explanation(of failure: Failure) -> ExpressionDiagnostic {
    if let known = explanations[failure] { return known }
    let new = ExpressionCompiler.mismatch(
      failure.mismatch, at: failure.range, in: text, scope: .json(members: members ?? [], hasInput: hasInput))
    explanations[failure] = new
    return new
  }

  private static func cell(_ value: JSONValue, _ memory: ConstantMemory) -> Cell {
    switch value {
    case .null: .null
    case .bool(let value): .boolean(value)
    case .string(let text): Cell(kind: .string, text: memory.keep(text.utf8))
    case .number(let digits):
      Int64(digits).map { Cell(kind: .integer, text: memory.keep(digits.utf8), number: $0) }
        ?? Cell(kind: .number, text: memory.keep(digits.utf8))
    case .array, .object: Cell(kind: .object, text: memory.keep(value.text.utf8))
    }
  }
}
