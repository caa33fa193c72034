package import Core

/// A compiled expression and what is known about it before any record is read.
package struct CheckedExpression: Sendable {
  package let text: String
  package let program: ExpressionProgram
  package let type: ExpressionType
  /// What it is to the rest of a mapping.
  package let valueType: ValueType
  package let isNullable: Bool
  /// It reads nothing: always the same value, or the same error.
  package var isConstant: Bool { program.paths.isEmpty }
  /// The value of an expression that reads nothing, if it has one.
  package let constantValue: JSONValue?
  /// Why an expression that reads nothing has no value for any record.
  package let constantFailure: ExpressionError?
  /// The constant result of a condition, if it is obvious.
  package let constantTruth: Bool?

  /// The first place of each path, in bytes of the text.
  package let pathRanges: [Range<Int>]

  /// What it reads, in the order of its slots.
  package var paths: [ExpressionPath] { program.paths }
}

package struct ExpressionCompilation: Sendable {
  /// Nil if there are errors.
  package let expression: CheckedExpression?
  package let diagnostics: [ExpressionDiagnostic]
  package let narrowing: ExpressionNarrowing
}

/// What a condition guarantees about null, as far as it is known, even if it has errors.
package struct ExpressionNarrowing: Sendable {
  /// What is not null if it is true, and if it is false.
  package var ifTrue: Set<ExpressionPath> = []
  package var ifFalse: Set<ExpressionPath> = []
  /// Unknown: it is not an expression, or a name in it is unknown.
  package var isUnknown = false

  package init(isUnknown: Bool = false) { self.isUnknown = isUnknown }
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
      let error = SyntaxAdvice.improved(error, of: text, in: scope)
      return ExpressionCompilation(expression: nil, diagnostics: [error], narrowing: .init(isUnknown: true))
    }
    var checker = Checker(tree, bytes: Array(text.utf8), scope: scope)
    checker.check()
    if expectation == .condition { checker.requireCondition(tree.root) }
    let narrowing = narrowing(of: checker)
    guard checker.diagnostics.isEmpty else {
      return ExpressionCompilation(expression: nil, diagnostics: sorted(checker.diagnostics), narrowing: narrowing)
    }
    let program = ExpressionProgramBuilder.build(tree, checker)
    var constant: JSONValue?
    var failure: ExpressionError?
    if program.paths.isEmpty { (constant, failure) = value(of: program) }
    var truth = Self.truth(tree.root, in: tree)
    if case .bool(let value)? = constant { truth = value }
    let type = checker.types[tree.root]
    return ExpressionCompilation(
      expression: CheckedExpression(
        text: text, program: program, type: type == .failed ? .dyn : type,
        valueType: checker.mixtures[tree.root] ?? type.valueType, isNullable: checker.isNullable[tree.root],
        constantValue: constant, constantFailure: failure, constantTruth: truth,
        pathRanges: ranges(of: program.paths, in: checker)),
      diagnostics: [], narrowing: narrowing)
  }

  /// For data whose types nobody declared: the program also of an expression that the checker would refuse, and what the checker
  /// says. Checking is optional in CEL and never changes a result: an unknown name, say, is an error that `||` can absorb.
  /// Nil if it is not an expression.
  static func compileUnchecked(_ text: String, scope: ExpressionScope) -> (ExpressionProgram?, [ExpressionDiagnostic]) {
    let tree: SyntaxTree
    do {
      tree = try Parser.parse(text, root: scope.memberRoot)
    } catch {
      return (nil, [SyntaxAdvice.improved(error, of: text, in: scope)])
    }
    var checker = Checker(tree, bytes: Array(text.utf8), scope: scope)
    checker.check()
    return (ExpressionProgramBuilder.build(tree, checker), sorted(checker.diagnostics))
  }

  /// Why an evaluation failed, with the fix.
  ///
  /// - Parameter range: of the part that failed.
  static func mismatch(
    _ found: ExpressionMismatch, at range: Range<Int>, in text: String, scope: ExpressionScope
  ) -> ExpressionDiagnostic {
    guard let tree = try? Parser.parse(text, root: scope.memberRoot) else {
      return ExpressionDiagnostic(.typeMismatch, at: range, found.message)
    }
    var checker = Checker(tree, bytes: Array(text.utf8), scope: scope)
    checker.check()
    return checker.mismatch(found, at: range)
  }

  private static func sorted(_ diagnostics: [ExpressionDiagnostic]) -> [ExpressionDiagnostic] {
    diagnostics.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  private static func narrowing(of checker: Checker) -> ExpressionNarrowing {
    func paths(_ places: Set<NarrowedPlace>) -> Set<ExpressionPath> {
      Set(places.compactMap { if case .path(let path) = $0 { path } else { nil } })
    }
    // A misspelled name was meant to refer to the name that it resembles.
    let meant = checker.meantPaths.reduce(into: Set<NarrowedPlace>()) { $0.formUnion(checker.withAncestors(.path($1))) }
    let truths = checker.truths[checker.tree.root]
    var narrowing = ExpressionNarrowing(isUnknown: checker.hasUnknownName)
    narrowing.ifTrue = paths(truths.ifTrue.union(meant))
    narrowing.ifFalse = paths(truths.ifFalse.union(meant))
    return narrowing
  }

  private static func ranges(of paths: [ExpressionPath], in checker: Checker) -> [Range<Int>] {
    var first: [ExpressionPath: Range<Int>] = [:]
    for (node, found) in checker.paths.enumerated() {
      guard let path = found?.path else { continue }
      let range = checker.tree[node].range
      if let known = first[path], known.lowerBound <= range.lowerBound { continue }
      first[path] = range
    }
    return paths.map { first[$0] ?? 0..<checker.bytes.count }
  }

  /// The value, or why there can be none. Neither where it takes too much to tell now.
  private static func value(of program: ExpressionProgram) -> (JSONValue?, ExpressionError?) {
    var evaluator = ExpressionEvaluator()
    // Constants in a mapping are small; a large one is computed when it is needed.
    evaluator.stepLimit = 10_000
    evaluator.sizeLimit = 64 * 1024
    evaluator.workLimit = 16 * 1024 * 1024
    evaluator.longestSearching = 1
    var nothing = Cell.missing
    let value = evaluator.evaluate(program, slots: &nothing)
    guard !value.isError else {
      switch value.failure {
      case .tooManySteps, .tooLarge, .tooDeep, nil: return (nil, nil)
      case .some(let failure): return (nil, failure)
      }
    }
    let text = evaluator.json(of: value)
    return (evaluator.outputFailure != nil ? nil : try? JSONReader.read(Array(text.buffer)), nil)
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
