/// What is wrong with an expression's text: found when it is compiled, before any record is read.
package struct ExpressionDiagnostic: Error, Sendable, Hashable {
  /// The slug. Those of fields are the slugs of the mapping compiler.
  package enum Code: String, Sendable, Hashable, CaseIterable {
    /// The text is not an expression.
    case syntax = "expression-syntax"
    /// A part of CEL that this language leaves out: messages, extensions.
    case notSupported = "expression-not-supported"
    /// A name that is neither a field of the scope, a variable of a macro, nor a type.
    case undeclared = "undeclared-reference"
    case unknownSourceField = "unknown-source-field"
    case unknownTargetField = "unknown-target-field"
    case unknownCustomField = "unknown-custom-field"
    case unknownVar = "unknown-var"
    case unknownFunction = "unknown-function"
    /// An operator or a function that does not accept operands of these types.
    case typeMismatch = "type-mismatch"
    /// An operand that may be null where null is not allowed.
    case nullableOperand = "nullable-operand"
    /// A constant argument that can never work: a pattern that does not compile, a zone that does not exist.
    case badArgument = "bad-argument"
  }

  package var code: Code
  /// Bytes of the expression's text, as UTF-8.
  package var range: Range<Int>
  package var message: String
  /// The fix, if there is an obvious one.
  package var hint: String?
  /// The names that the hint offers instead: the nearest one, or all that there are.
  package var offered: [String]

  package init(_ code: Code, at range: Range<Int>, _ message: String, hint: String? = nil, offered: [String] = []) {
    self.code = code
    self.range = range
    self.message = message
    self.hint = hint
    self.offered = offered
  }

  /// The range in characters of `text`, which is what editors and frames count.
  package func characters(in text: String) -> Range<Int> { Self.characters(of: range, in: text) }

  package static func characters(of range: Range<Int>, in text: String) -> Range<Int> {
    let bytes = text.utf8
    let count = bytes.count
    let lower = text.distance(from: text.startIndex, to: bytes.index(text.startIndex, offsetBy: min(range.lowerBound, count)))
    let upper = text.distance(from: text.startIndex, to: bytes.index(text.startIndex, offsetBy: min(range.upperBound, count)))
    return lower..<max(lower, upper)
  }
}
