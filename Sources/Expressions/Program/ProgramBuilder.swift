import Core
import Values

/// Makes a program of a checked tree.
struct ExpressionProgramBuilder {
  private let tree: SyntaxTree
  private let checker: Checker
  private var instructions: [Instruction] = []
  private var ranges: [Range<Int>] = []
  private var constants: [ExpressionValue] = []
  private var texts: [Literal: Int] = [:]
  private let memory = ConstantMemory()
  private var patterns: [Pattern] = []
  private var zones: [ZoneOffset] = []
  private var paths: [ExpressionPath] = []
  private var numbers: [ExpressionPath: Int] = [:]
  private var depth = 0
  private var deepest = 0
  /// Nodes that are made once, not at each evaluation.
  private let isConstant: [Bool]

  static func build(_ tree: SyntaxTree, _ checker: Checker) -> ExpressionProgram {
    var builder = ExpressionProgramBuilder(tree, checker)
    builder.emit(tree.root)
    builder.add(Instruction(.end), tree.root, 0)
    return ExpressionProgram(
      instructions: builder.instructions, ranges: builder.ranges, constants: builder.constants, memory: builder.memory,
      patterns: builder.patterns, zones: builder.zones, paths: builder.paths, stackDepth: builder.deepest + 1,
      localCount: checker.localCount)
  }

  private init(_ tree: SyntaxTree, _ checker: Checker) {
    self.tree = tree
    self.checker = checker
    isConstant = ConstantNodes.of(tree, checker)
  }

  /// Adds an instruction that changes the stack's height by `change`.
  @discardableResult
  private mutating func add(_ instruction: Instruction, _ node: Int, _ change: Int) -> Int {
    instructions.append(instruction)
    ranges.append(tree[node].range)
    depth += change
    deepest = max(deepest, depth)
    return instructions.count - 1
  }

  private var here: Int { instructions.count }

  private mutating func patch(_ index: Int, first: Int? = nil, second: Int? = nil) {
    if let first { instructions[index].first = Int32(first) }
    if let second { instructions[index].second = Int32(second) }
  }

  // MARK: Constants

  private mutating func constant(_ value: ExpressionValue) -> Int {
    constants.append(value)
    return constants.count - 1
  }

  private mutating func constant(_ literal: Literal) -> Int {
    // Equal, and not the same: zero and negative zero.
    if case .double = literal { return constant(value(of: literal)) }
    if let number = texts[literal] { return number }
    let number = constant(value(of: literal))
    texts[literal] = number
    return number
  }

  private func value(of literal: Literal) -> ExpressionValue {
    switch literal {
    case .null: .null
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .uint(let value): .uint(value)
    case .double(let value): .double(value)
    case .string(let bytes): .string(memory.keep(bytes))
    case .bytes(let bytes):
      {
        let text = memory.keep(bytes)
        return ExpressionValue(.bytes, pointer: text.start, count: text.count)
      }()
    }
  }

  private func constantValue(_ node: Int) -> ExpressionValue? {
    guard isConstant[node] else { return nil }
    switch tree[node].kind {
    case .literal(let literal): return value(of: literal)
    case .list(let elements):
      let values = elements.compactMap { constantValue($0) }
      return ExpressionValue(.list, pointer: memory.keep(values), count: values.count)
    case .map(let entries):
      let values = entries.flatMap { [$0.key, $0.value] }.compactMap { constantValue($0) }
      return ExpressionValue(.map, pointer: memory.keep(values), count: values.count / 2)
    default: return ConstantNodes.time(node, tree, checker)
    }
  }

  private mutating func slot(_ node: Int) -> Int {
    guard let path = checker.paths[node]?.path else { return 0 }
    if let number = numbers[path] { return number }
    numbers[path] = paths.count
    paths.append(path)
    return paths.count - 1
  }

  // MARK: Nodes

  private mutating func emit(_ node: Int) {
    if let error = checker.failures[node] {
      add(Instruction(.fail, small: error.rawValue), node, 1)
      return
    }
    switch checker.resolutions[node] {
    case .slot:
      add(Instruction(.slot, first: slot(node)), node, 1)
      return
    case .timeSlot:
      add(Instruction(.timeSlot, first: slot(node)), node, 1)
      return
    case .hasSlot:
      add(Instruction(.hasSlot, first: slot(node)), node, 1)
      return
    case .local(let level):
      add(Instruction(.local, first: level), node, 1)
      return
    case .type(let name):
      add(Instruction(.constant, first: constant(.type(name))), node, 1)
      return
    case .plain, .function, .promoting: break
    }
    switch tree[node].kind {
    case .literal(let literal): add(Instruction(.constant, first: constant(literal)), node, 1)
    case .list(let elements): emitList(node, elements)
    case .map(let entries): emitMap(node, entries)
    case .select(let operand, let field), .has(let operand, let field): emitMember(node, operand, field)
    case .index(let operand, let key):
      if let name = checker.memberNames[node] { return emitMember(node, operand, name) }
      emit(operand)
      emit(key)
      add(Instruction(.index), node, -1)
    case .call(_, let target, let arguments): emitCall(node, (target.map { [$0] } ?? []) + arguments)
    case .unary(let op, let operand):
      emit(operand)
      add(Instruction(op == .not ? .not : .negate), node, 0)
    case .binary(let op, let left, let right):
      emit(left)
      emit(right)
      add(Instruction(op.code, small: checker.resolutions[node] == .promoting ? 1 : 0), node, -1)
    case .and(let operands): emitRow(node, operands, .and, .andNext)
    case .or(let operands): emitRow(node, operands, .or, .orNext)
    case .conditional(let condition, let first, let second): emitConditional(node, condition, first, second)
    case .macro(let macro, let range, _, let body, let transform): emitMacro(node, macro, range, body, transform)
    // Every name has a resolution where nothing was reported.
    case .name: add(Instruction(.constant, first: constant(Literal.null)), node, 1)
    }
  }

  private mutating func emitList(_ node: Int, _ elements: [Int]) {
    if let value = constantValue(node) {
      add(Instruction(.constant, first: constant(value)), node, 1)
      return
    }
    for element in elements { emit(element) }
    add(Instruction(.list, first: elements.count), node, 1 - elements.count)
  }

  private mutating func emitMap(_ node: Int, _ entries: [MapEntry]) {
    if let value = constantValue(node) {
      add(Instruction(.constant, first: constant(value)), node, 1)
      return
    }
    for entry in entries {
      emit(entry.key)
      emit(entry.value)
    }
    add(Instruction(.map, first: entries.count), node, 1 - 2 * entries.count)
  }

  private mutating func emitMember(_ node: Int, _ operand: Int, _ field: String) {
    emit(operand)
    // A member that a shape declares is null where the data does not have it.
    var isDeclared = checker.undeclaredMembers.contains(node)
    if checker.scope.missingIsNull, case .object = checker.types[operand] { isDeclared = true }
    let name = constant(.string(Array(field.utf8)))
    if case .has = tree[node].kind {
      add(Instruction(.has, small: isDeclared ? 1 : 0, first: name), node, 0)
    } else {
      add(Instruction(.select, small: isDeclared ? 1 : 0, first: name), node, 0)
    }
  }

  private mutating func emitRow(_ node: Int, _ operands: [Int], _ first: Instruction.Code, _ next: Instruction.Code) {
    var jumps: [Int] = []
    for (index, operand) in operands.enumerated() {
      emit(operand)
      jumps.append(add(Instruction(index == 0 ? first : next), node, index == 0 ? 0 : -1))
    }
    for jump in jumps { patch(jump, first: here) }
  }

  private mutating func emitConditional(_ node: Int, _ condition: Int, _ first: Int, _ second: Int) {
    emit(condition)
    let branch = add(Instruction(.branch), condition, -1)
    emit(first)
    let jump = add(Instruction(.jump), node, -1)
    patch(branch, first: here)
    emit(second)
    patch(branch, second: here)
    patch(jump, first: here)
  }

  /// The stack holds the range, where the macro is in it, and its result so far.
  private mutating func emitMacro(_ node: Int, _ macro: Macro, _ range: Int, _ body: Int, _ transform: Int?) {
    emit(range)
    let level = macroLevel
    macroLevel += 1
    let begin = add(Instruction(.iterate, small: macro.rawValue, first: level), node, 2)
    let loop = add(Instruction(.next, first: level), node, 0)
    emit(body)
    var skip: Int?
    if let transform {
      skip = add(Instruction(.skip), body, -1)
      emit(transform)
    }
    let step = add(Instruction(.step, small: macro.rawValue, first: loop), transform ?? body, -1)
    let end = add(Instruction(.finish, small: macro.rawValue, first: level), node, -2)
    patch(loop, second: end)
    patch(step, second: end)
    if let skip { patch(skip, first: loop, second: end) }
    patch(begin, second: here)
    macroLevel -= 1
  }
  private var macroLevel = 0

  private mutating func emitCall(_ node: Int, _ operands: [Int]) {
    guard case .function(let code) = checker.resolutions[node] else { return }
    if let value = constantValue(node) {
      add(Instruction(.constant, first: constant(value)), node, 1)
      return
    }
    if code == .dyn, let only = operands.first { return emit(only) }
    if operands.count == 2, case .literal(.string(let bytes)) = tree[operands[1]].kind {
      let text = String(decoding: bytes, as: UTF8.self)
      if code == .matches, let pattern = try? Pattern(re2: text) {
        emit(operands[0])
        patterns.append(pattern)
        add(Instruction(.match, first: patterns.count - 1), node, 0)
        return
      }
      if code.isTimePart, let zone = TimeText.zone(bytes.span) {
        emit(operands[0])
        zones.append(zone)
        add(Instruction(.timePart, small: code.rawValue, first: zones.count - 1), node, 0)
        return
      }
    }
    for operand in operands { emit(operand) }
    add(Instruction(.call, small: UInt8(operands.count), first: Int(code.rawValue)), node, 1 - operands.count)
  }
}

extension BinaryOperator {
  fileprivate var code: Instruction.Code {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .equal: .equal
    case .unequal: .unequal
    case .less: .less
    case .lessEqual: .lessEqual
    case .greater: .greater
    case .greaterEqual: .greaterEqual
    case .contained: .contained
    }
  }
}
