package import Core

/// A compiled expression and what is known of it before any record is read.
package struct CheckedExpression: Sendable {
  package let text: String
  package let program: ExpressionProgram
  package let type: ExpressionType
  package let isNullable: Bool
  /// It reads nothing: always the same value, or the same error.
  package var isConstant: Bool { program.paths.isEmpty }
  /// The value of one that reads nothing, where it has one.
  package let constantValue: JSONValue?
  /// How a condition always comes out, where that is plain to see.
  package let constantTruth: Bool?

  /// What it reads, in the order of its slots.
  package var paths: [ExpressionPath] { program.paths }
}

package struct ExpressionCompilation: Sendable {
  /// Nil where there are errors.
  package let expression: CheckedExpression?
  package let diagnostics: [ExpressionDiagnostic]
}

/// From an expression's text to a program, with every error at once.
///
///     let compilation = ExpressionCompiler.compile("type == 'lead'", scope: scope, expecting: .condition)
package enum ExpressionCompiler {
  package enum Expectation: Sendable {
    case any
    /// True or false, and in a strict scope not null.
    case condition
  }

  package static func compile(
    _ text: String, scope: ExpressionScope, expecting expectation: Expectation = .any
  ) -> ExpressionCompilation {
    let tree: SyntaxTree
    do {
      tree = try Parser.parse(text, root: scope.memberRoot)
    } catch {
      return ExpressionCompilation(expression: nil, diagnostics: [error])
    }
    var checker = Checker(tree, bytes: Array(text.utf8), scope: scope)
    checker.check()
    if expectation == .condition { checker.requireCondition(tree.root) }
    guard checker.diagnostics.isEmpty else {
      return ExpressionCompilation(expression: nil, diagnostics: sorted(checker.diagnostics))
    }
    let program = ExpressionProgramBuilder.build(tree, checker)
    var constant: JSONValue?
    if program.paths.isEmpty { constant = value(of: program) }
    var truth = Self.truth(tree.root, in: tree)
    if case .bool(let value)? = constant { truth = value }
    let type = checker.types[tree.root]
    return ExpressionCompilation(
      expression: CheckedExpression(
        text: text, program: program, type: type == .failed ? .dyn : type, isNullable: checker.isNullable[tree.root],
        constantValue: constant, constantTruth: truth),
      diagnostics: [])
  }

  /// For data whose types nobody declared: the program also of an expression that the checker would refuse, and what the checker
  /// says. Checking is optional in CEL and never changes a result: an unknown name, say, is an error that `||` can absorb.
  /// Nil for what is no expression.
  static func compileUnchecked(_ text: String, scope: ExpressionScope) -> (ExpressionProgram?, [ExpressionDiagnostic]) {
    let tree: SyntaxTree
    do {
      tree = try Parser.parse(text, root: scope.memberRoot)
    } catch {
      return (nil, [error])
    }
    var checker = Checker(tree, bytes: Array(text.utf8), scope: scope)
    checker.check()
    return (ExpressionProgramBuilder.build(tree, checker), sorted(checker.diagnostics))
  }

  private static func sorted(_ diagnostics: [ExpressionDiagnostic]) -> [ExpressionDiagnostic] {
    diagnostics.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private static func value(of program: ExpressionProgram) -> JSONValue? {
    var evaluator = ExpressionEvaluator()
    // What a mapping writes down is small; a constant that is not is made when it is asked for.
    evaluator.stepLimit = 10_000
    evaluator.sizeLimit = 64 * 1024
    evaluator.workLimit = 16 * 1024 * 1024
    evaluator.longestSearching = 1
    var nothing = Cell.missing
    let value = evaluator.evaluate(program, slots: &nothing)
    guard !value.isError else { return nil }
    let text = evaluator.json(of: value)
    return evaluator.outputFailure != nil ? nil : try? JSONReader.read(Array(text.buffer))
  }

  /// Rows with a constant that decides them.
  private static func truth(_ node: Int, in tree: SyntaxTree) -> Bool? {
    switch tree[node].kind {
    case .literal(.bool(let value)): return value
    case .unary(.not, let operand): return truth(operand, in: tree).map { !$0 }
    case .and(let operands):
      let known = operands.map { truth($0, in: tree) }
      return known.contains(false) ? false : known.allSatisfy { $0 == true } ? true : nil
    case .or(let operands):
      let known = operands.map { truth($0, in: tree) }
      return known.contains(true) ? true : known.allSatisfy { $0 == false } ? false : nil
    default: return nil
    }
  }
}
