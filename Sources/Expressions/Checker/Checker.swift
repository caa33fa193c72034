import Core

/// Finds the type of every node, what every name means, and all that is wrong and independent of each other.
///
/// One walk from the leaves up. A part that was reported has the type `failed`, which goes with everything, so that no second
/// message follows from the first. Beside types it keeps what conditions say about null: `x != null && …` is checked on the
/// right with `x` known not to be null (see `Truths`).
struct Checker {
  let tree: SyntaxTree
  let bytes: [UInt8]
  let scope: ExpressionScope

  var types: [ExpressionType]
  var isNullable: [Bool]
  var resolutions: [Resolution]
  var truths: [Truths]
  /// Where the value of a node is read from, for nodes that are paths of the scope.
  var paths: [CheckedPath?]
  var places: [NarrowedPlace?]
  /// Nodes that can only fail, whatever the data: what an unchecked evaluation makes of names that are not there.
  var failures: [Int: ExpressionError] = [:]

  var locals: [Local] = []
  var macroCount = 0
  /// Most macros inside each other.
  var localCount = 0
  /// What the conditions around the current node guarantee.
  var nonNull: Set<NarrowedPlace> = []
  var diagnostics: [ExpressionDiagnostic] = []
  /// What has been reported as nullable: fixing the first occurrence fixes them all.
  var reportedNulls: Set<NarrowedPlace> = []
  /// What misspelled names probably mean: a missing guarantee about null may follow from the typo.
  var meantPaths: Set<ExpressionPath> = []
  /// A name is near to none.
  var hasUnknownName = false
  /// Undeclared members of values: null if they are absent.
  var undeclaredMembers: Set<Int> = []
  /// Indexes that are read as members, and the names.
  var memberNames: [Int: String] = [:]
  /// Names that would make sense as texts where they stand: `city == Berlin`.
  var meantAsText: Set<Int> = []
  /// Where a field whose name is not one word has been reported.
  var reportedNames: [Range<Int>] = []
  /// Values of several types, by node: the type depends on the record.
  var mixtures: [Int: ValueType] = [:]

  struct Local {
    var name: String
    var type: ExpressionType
    var level: Int
    var number: Int
  }

  struct CheckedPath {
    var path: ExpressionPath
    var type: ValueType
    var isNullable: Bool
    /// The name in messages of the value whose members are looked up.
    var label: String
    var unknownMember: ExpressionDiagnostic.Code
  }

  init(_ tree: SyntaxTree, bytes: [UInt8], scope: ExpressionScope) {
    self.tree = tree
    self.bytes = bytes
    self.scope = scope
    let count = tree.nodes.count
    types = Array(repeating: .failed, count: count)
    isNullable = Array(repeating: false, count: count)
    resolutions = Array(repeating: .plain, count: count)
    truths = Array(repeating: Truths(), count: count)
    paths = Array(repeating: nil, count: count)
    places = Array(repeating: nil, count: count)
    nonNull = Set(scope.nonNull.map { .path($0) })
  }

  mutating func check() { check(tree.root) }

  // MARK: Reporting

  mutating func report(
    _ code: ExpressionDiagnostic.Code, at range: Range<Int>, _ message: String, hint: String? = nil, offered: [String] = []
  ) {
    // Who reads more?
    guard diagnostics.count < Self.mostDiagnostics else { return }
    let diagnostic = ExpressionDiagnostic(code, at: range, message, hint: hint, offered: offered)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  static let mostDiagnostics = 100

  func text(_ node: Int) -> String { tree.text(of: tree[node].range, in: bytes) }

  /// In strict mode, reports an operand that may be null, or whose type depends on the record.
  mutating func requireValue(_ node: Int) {
    if requireOneType(node) { requireNotNull(node) }
  }

  mutating func requireNotNull(_ node: Int) {
    guard scope.isStrict, scope.judgesNull, isNullable[node], types[node] != .failed, types[node] != .null else { return }
    if let place = places[node] {
      guard reportedNulls.insert(place).inserted else { return }
      if case .path(let path) = place, meantPaths.contains(path) { return }
    }
    let text = text(node)
    let name = text.count > 40 ? "the operand" : "'\(text)'"
    let hint =
      places[node] == nil
      ? "choose another value for null: x != null ? x : …" : "test it first: \(text) != null && …"
    report(.nullableOperand, at: tree[node].range, "\(name) may be null here", hint: hint)
    // Said once.
    isNullable[node] = false
  }

  /// Reports a value that is, say, a number in one record and a text in the next: an operator would fail on some of them. Answers
  /// false where it did.
  @discardableResult
  mutating func requireOneType(_ node: Int) -> Bool {
    guard scope.isStrict, let type = mixtures[node], types[node] != .failed else { return true }
    let text = text(node)
    let name = text.count > 40 ? "the operand" : "'\(text)'"
    let step = type.takesNumbers ? "number" : type.takesTexts ? "datetime" : "lower"
    let hint =
      paths[node] == nil
      ? "make it one type: double(…), int(…) or string(…) around it"
      : "make it one type in a var, and read that: {from: \(text), do: [\(step)]}"
    report(.typeMismatch, at: tree[node].range, "\(name) is \(type.name), as the record has it", hint: hint)
    types[node] = .failed
    return false
  }

  /// Checks `node` while `facts` also hold.
  mutating func check(_ node: Int, knowing facts: Set<NarrowedPlace>) {
    let new = learn(facts)
    check(node)
    nonNull.subtract(new)
  }

  /// From here on `facts` are known; gives those that were not.
  mutating func learn(_ facts: Set<NarrowedPlace>) -> Set<NarrowedPlace> {
    facts.filter { nonNull.insert($0).inserted }
  }

  // MARK: Nodes

  mutating func check(_ node: Int) {
    switch tree[node].kind {
    case .literal(let literal): checkLiteral(node, literal)
    case .name(let name, let isRooted): checkName(node, name, isRooted: isRooted)
    case .select(let operand, let field): checkSelect(node, operand, field)
    case .has(let operand, let field): checkHas(node, operand, field)
    case .index(let operand, let key): checkIndex(node, operand, key)
    case .call(let name, let target, let arguments): checkCall(node, name, target, arguments)
    case .unary(let op, let operand): checkUnary(node, op, operand)
    case .binary(let op, let left, let right): checkBinary(node, op, left, right)
    case .and(let operands): checkLogical(node, operands, isAnd: true)
    case .or(let operands): checkLogical(node, operands, isAnd: false)
    case .conditional(let condition, let first, let second): checkConditional(node, condition, first, second)
    case .list(let elements): checkList(node, elements)
    case .map(let entries): checkMap(node, entries)
    case .macro(let macro, let range, let variable, let body, let transform):
      checkMacro(node, macro, range, variable, body, transform)
    }
  }

  private mutating func checkLiteral(_ node: Int, _ literal: Literal) {
    switch literal {
    case .null:
      types[node] = .null
      isNullable[node] = true
    case .bool: types[node] = .bool
    case .int: types[node] = .int
    case .uint: types[node] = .uint
    case .double: types[node] = .double
    case .string: types[node] = .string
    case .bytes: types[node] = .bytes
    }
  }

  private mutating func checkList(_ node: Int, _ elements: [Int]) {
    for element in elements { check(element) }
    types[node] = .list(TypeRelations.joined(elements.map { types[$0] }))
  }

  private mutating func checkMap(_ node: Int, _ entries: [MapEntry]) {
    for entry in entries {
      check(entry.key)
      check(entry.value)
      requireValue(entry.key)
      switch types[entry.key] {
      case .dyn, .failed, .bool, .int, .uint, .string, .number: break
      default:
        report(
          .typeMismatch, at: tree[entry.key].range, "a map's key cannot be \(types[entry.key].noun)",
          hint: "keys are int, uint, bool or string")
        types[entry.key] = .failed
      }
    }
    types[node] = .map(
      TypeRelations.joined(entries.map { types[$0.key] }), TypeRelations.joined(entries.map { types[$0.value] }))
  }

  private mutating func checkMacro(_ node: Int, _ macro: Macro, _ range: Int, _ variable: String, _ body: Int, _ transform: Int?)
  {
    check(range)
    requireValue(range)
    let element: ExpressionType
    switch types[range] {
    case .list(let type): element = type.asElement
    case .map(let key, _): element = key.asElement
    case .object: element = .string
    case .dyn: element = .dyn
    case .failed: element = .failed
    default:
      report(
        .typeMismatch, at: tree[range].range, MismatchText.macro(types[range]))
      element = .failed
    }
    let level = locals.count
    locals.append(Local(name: variable, type: element, level: level, number: macroCount))
    macroCount += 1
    localCount = max(localCount, locals.count)
    check(body)
    if let transform { check(transform, knowing: truths[body].ifTrue) }
    locals.removeLast()

    if macro != .map || transform != nil { requireCondition(body) }
    switch macro {
    case .all, .exists, .existsOne: types[node] = .bool
    case .filter: types[node] = .list(element == .failed ? .dyn : element)
    case .map: types[node] = .list(types[transform ?? body])
    }
  }

  /// Reports a value that is not a condition.
  mutating func requireCondition(_ node: Int) {
    switch types[node] {
    case .bool, .dyn, .failed: requireValue(node)
    // If it is not a condition, null does not matter.
    default:
      report(
        .typeMismatch, at: tree[node].range, MismatchText.condition(types[node]),
        hint: comparisonHint(node))
    }
  }

  private func comparisonHint(_ node: Int) -> String? {
    switch types[node] {
    case .string: "compare it: \(text(node)) != ''"
    case .int, .uint, .double, .number: "compare it: \(text(node)) != 0"
    case .list, .map, .object: "test its size: size(\(text(node))) > 0"
    default: nil
    }
  }
}
