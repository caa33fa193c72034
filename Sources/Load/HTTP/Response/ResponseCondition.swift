import Control
import Core
package import Expressions

/// A condition about a response, in CEL: `response.status == 409 && response.body.code == "locked"`.
///
/// - `response.status`: an int.
/// - `response.headers`: a map from names in lower case to texts.
/// - `response.body`: the JSON value; the text if it is not JSON; null if it is empty.
///
/// It does not hold if it fails, as it does where it reads a member that the response does not have.
package struct ResponseCondition: Sendable {
  package let text: String
  /// Its slots are those of `ResponseCells`.
  private let program: ExpressionProgram
  /// What it reads besides the status.
  let readsHeaders: Bool
  let readsBody: Bool

  static let root = "response"
  private static let members = ["status", "headers", "body"]

  static let scope: ExpressionScope = {
    var response = ExpressionScope.Root(
      root,
      .object(
        ObjectShape([
          FieldShape("status", .integer, isNullable: false),
          FieldShape("headers", .object(ObjectShape([], others: .string)), isNullable: false),
          FieldShape("body", .any, isNullable: false),
        ])), label: "the response", unknownMember: .undeclared)
    response.wholes = [["headers"], ["body"]]
    var scope = ExpressionScope(roots: [response], bareRoot: nil)
    // What a body has is known only when it is there.
    (scope.judgesNull, scope.missingIsNull) = (false, false)
    return scope
  }()

  /// Nil if there are diagnostics.
  package static func compile(_ text: String) -> (condition: ResponseCondition?, diagnostics: [ExpressionDiagnostic]) {
    let compilation = ExpressionCompiler.compile(text, scope: scope, expecting: .condition)
    guard let checked = compilation.expression else { return (nil, compilation.diagnostics) }
    var found = wrongHeaders(in: text)
    for (path, range) in zip(checked.paths, checked.pathRanges) where path.names.isEmpty {
      let hint = "write response.status, response.headers or response.body"
      found.append(ExpressionDiagnostic(.typeMismatch, at: range, "'response' has no value of its own", hint: hint))
    }
    if let failure = checked.constantFailure {
      found.append(ExpressionDiagnostic(.badArgument, at: 0..<text.utf8.count, "it always fails: \(failure.reason)"))
    } else if let truth = checked.constantTruth {
      let hint = "use response.status, response.headers or response.body in it, or remove it"
      found.append(ExpressionDiagnostic(.badArgument, at: 0..<text.utf8.count, "it is always \(truth)", hint: hint))
    }
    return found.isEmpty ? (ResponseCondition(checked), []) : (nil, found)
  }

  private init(_ checked: CheckedExpression) {
    text = checked.text
    let slots = checked.paths.map { path in Self.members.firstIndex { path.names.first.isExactly($0) } ?? 0 }
    program = checked.program.placed(at: slots)
    readsHeaders = slots.contains(1)
    readsBody = slots.contains(2)
  }

  /// Names of headers are in lower case, so that another name never matches.
  private static func wrongHeaders(in text: String) -> [ExpressionDiagnostic] {
    let uses = text.matches(of: /headers\s*(?:\[\s*(?<quote>["'])(?<name>[^"']*)\k<quote>|\.\s*(?<member>[A-Za-z_]\w*))/)
    let tests = text.matches(of: /(?<quote>["'])(?<name>[^"']*)\k<quote>\s+in\s+response\s*\.\s*headers/)
    let names = uses.compactMap { $0.output.name ?? $0.output.member } + tests.map(\.output.name)
    return names.filter { $0.contains(where: \.isUppercase) }.map { name in
      let start = text.utf8.distance(from: text.startIndex, to: name.startIndex)
      return ExpressionDiagnostic(
        .badArgument, at: start..<start + name.utf8.count, "header names are in lower case here, not '\(name)'",
        hint: "write \(name.lowercased())")
    }
  }

  func holds(_ cells: UnsafePointer<Cell>) -> Bool {
    EvaluatorPool.shared.with { evaluator in
      evaluator.reset()
      return evaluator.evaluateCondition(program, slots: cells).isTrue
    }
  }
}

/// Evaluators for tasks that need one for a moment.
private final class EvaluatorPool: Sendable {
  static let shared = EvaluatorPool()

  /// One task at a time has it.
  private final class Holder: @unchecked Sendable {
    var evaluator = ExpressionEvaluator()
  }

  private let free = Locked<[Holder]>([])

  func with<Result>(_ body: (inout ExpressionEvaluator) -> Result) -> Result {
    let holder = free.withLock { $0.popLast() } ?? Holder()
    defer { free.withLock { $0.append(holder) } }
    return body(&holder.evaluator)
  }
}
