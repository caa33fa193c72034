package import Core
import Values

/// Runs programs: one evaluator per worker, for any number of programs.
///
/// Values live in the evaluator's arenas until `reset()`, which is called once per record. Nothing is allocated once the arenas
/// have their working size, and nothing throws: a failed evaluation is an error value.
///
///     evaluator.reset()
///     let value = evaluator.evaluate(program, slots: cells)       // cells[i] is the value of program.paths[i]
///     if value.isError { … value.failure?.reason … }
package struct ExpressionEvaluator: ~Copyable {
  /// Steps of macros per evaluation: no expression can hang a run.
  var stepLimit = 10_000_000
  /// Bytes of the texts and lists that are made between two calls of `reset()`: chained macros, and vars that read one another,
  /// can double them at each link.
  package var sizeLimit = 128 << 20
  package var madeBytes = 0
  /// Bytes that one evaluation searches, compares and reads: a step of a macro may look at all of a long text.
  var workLimit = 1 << 30
  var work = 0
  /// Values looked at by comparisons since the evaluation began: a list may hold the same list many times over.
  var comparisons = 0
  /// Why the last comparison was not completed, until that is reported.
  var comparisonFailure: ExpressionError?
  /// Searches for patterns since the evaluation began, and the time of this thread when it was first asked for.
  var searches = 0
  /// Seconds of this thread's time for all searches of an evaluation.
  var longestSearching = 10.0
  var searchStart: Double?

  var stack = ValueStack(capacity: 64)
  var locals = ValueStack(capacity: 16)
  /// Elements of the lists that macros are making.
  var pending = ValueStack(capacity: 64)
  var bytes = ByteArena(capacity: 16 * 1024)
  var lists = ValueArena()
  /// Texts and lists of results. Their texts are made while others are being made in `bytes`.
  var output = ByteArena(capacity: 16 * 1024)
  var cells = CellArena(capacity: 256)
  /// Why the JSON text that was made last is not whole.
  package var outputFailure: ExpressionError?
  /// A result has NaN or an infinity in it.
  var hasNames = false
  let workspace = PatternWorkspace()
  var resolvedTexts = ResolvedTexts()
  /// The evaluation before has searched, or taken texts apart into `lists`; most do not.
  var hasMemories = false
  /// Patterns and zones that are not constants of the expression, by their text.
  var patternCache: [Name: Pattern] = [:]
  var zoneCache: [Name: ZoneOffset] = [:]

  package init() {}

  /// Forgets the values of the record before.
  package mutating func reset() {
    bytes.reset()
    lists.reset()
    output.reset()
    cells.reset()
    if hasMemories { forget() }
    madeBytes = 0
  }

  /// The value of the expression; an error where it has none. `slots` stand as the program's paths do, or where
  /// `placed(at:)` said.
  package mutating func evaluate(_ program: ExpressionProgram, slots: UnsafePointer<Cell>) -> ExpressionValue {
    stack.reserve(program.stackDepth)
    locals.reserve(program.localCount)
    pending.truncate(to: 0)
    work = 0
    comparisons = 0
    if hasMemories { forget() }
    return run(program, slots)
  }

  @inline(never)
  private mutating func forget() {
    searches = 0
    searchStart = nil
    resolvedTexts.removeAll()
    hasMemories = false
  }

  /// The same for an expression that must be true or false.
  package mutating func evaluateCondition(_ program: ExpressionProgram, slots: UnsafePointer<Cell>) -> ExpressionValue {
    let value = evaluate(program, slots: slots)
    return value.kind == .bool || value.isError ? value : ExpressionMismatch.condition(value)
  }

  private mutating func run(_ program: ExpressionProgram, _ slots: UnsafePointer<Cell>) -> ExpressionValue {
    let code = program.instructions
    let constants = program.constants
    let locals = self.locals.base
    // The next free place.
    var top = stack.base
    var at = 0
    var steps = 0
    while true {
      let instruction = code[at]
      at += 1
      let first = Int(instruction.first)
      switch instruction.code {
      case .end:
        return top[-1]
      case .fail:
        top.pointee = Self.stamped(.error(ExpressionError(rawValue: instruction.small) ?? .noOverload), at)
        top += 1
      case .constant:
        top.pointee = constants[first]
        top += 1
      case .slot:
        top.pointee = Self.stamped(value(of: slots[first]), at)
        top += 1
      case .timeSlot:
        top.pointee = Self.stamped(time(of: slots[first]), at)
        top += 1
      case .hasSlot:
        top.pointee = Self.stamped(Self.has(slots[first]), at)
        top += 1
      case .local:
        top.pointee = locals[first]
        top += 1
      case .select:
        let operand = top[-1]
        top[-1] = Self.stamped(select(operand, constants[first], isDeclared: instruction.small != 0), at, instruction, operand)
      case .has:
        let operand = top[-1]
        top[-1] = Self.stamped(has(operand, constants[first], isDeclared: instruction.small != 0), at, instruction, operand)
      case .index:
        top -= 1
        let operand = top[-1]
        top[-1] = Self.stamped(element(of: operand, at: top[0]), at, instruction, operand, top[0])
      case .list:
        top -= first
        top.pointee = list(top, first)
        top += 1
      case .map:
        top -= 2 * first
        top.pointee = Self.stamped(map(top, first), at)
        top += 1
      case .not:
        let operand = top[-1]
        top[-1] =
          operand.kind == .bool
          ? .bool(operand.word == 0)
          : operand.isError ? operand : Self.stamped(.error(.noOverload), at, instruction, operand)
      case .negate:
        let operand = top[-1]
        top[-1] = Self.stamped(negated(operand), at, instruction, operand)
      case .add, .subtract, .multiply, .divide, .modulo:
        top -= 1
        if instruction.small != 0 { Self.promote(instruction.code, top) }
        let left = top[-1]
        top[-1] = Self.stamped(arithmetic(instruction.code, left, top[0]), at, instruction, left, top[0])
      case .equal, .unequal:
        top -= 1
        let (left, right) = (top[-1], top[0])
        if left.isError { break }
        if right.isError {
          top[-1] = right
        } else {
          let isEqual = equal(left, right)
          top[-1] = Self.stamped(compared(isEqual == (instruction.code == .equal)), at)
        }
      case .less, .lessEqual, .greater, .greaterEqual:
        top -= 1
        let left = top[-1]
        top[-1] = Self.stamped(ordered(instruction.code, left, top[0]), at, instruction, left, top[0])
      case .contained:
        top -= 1
        let left = top[-1]
        top[-1] = Self.stamped(contained(left, in: top[0]), at, instruction, left, top[0])
      case .and:
        if top[-1].isFalse { at = first } else { Self.makeOperand(top - 1, at) }
      case .or:
        if top[-1].isTrue { at = first } else { Self.makeOperand(top - 1, at) }
      case .andNext, .orNext:
        top -= 1
        Self.makeOperand(top, at)
        // A deciding operand wins over errors, an error over the others; of errors the first.
        if top[0].kind == .bool, (top[0].word != 0) == (instruction.code == .orNext) {
          top[-1] = top[0]
          at = first
        } else if !top[-1].isError {
          top[-1] = top[0]
        }
      case .branch:
        let condition = top[-1]
        if condition.kind == .bool {
          top -= 1
          if condition.word == 0 { at = first }
        } else {
          Self.makeOperand(top - 1, at)
          at = Int(instruction.second)
        }
      case .jump:
        at = first
      case .iterate:
        let range = top[-1]
        makeIterable(top - 1)
        if top[-1].isError {
          top[-1] = Self.stamped(top[-1], at, instruction, range)
          at = Int(instruction.second)
          break
        }
        // Where the macro is: the next element in `word`, where its own elements begin in `count`.
        top[0] = ExpressionValue(.int, word: 0, count: pending.count)
        top[1] = Self.initial(instruction.small)
        top += 2
      case .next:
        steps += 1
        let position = Int(top[-2].word)
        if position >= top[-3].size {
          at = Int(instruction.second)
        } else if steps > stepLimit || work > workLimit || madeBytes > sizeLimit {
          top[-1] = Self.stamped(.error(madeBytes > sizeLimit ? .tooLarge : .tooManySteps), at)
          at = Int(instruction.second)
        } else {
          locals[first] = item(top[-3], position)
          top[-2].word += 1
        }
      case .step:
        top -= 1
        // The loop's first instruction knows the variable.
        let element = locals[Int(code[first].first)]
        at = step(instruction, result: top - 1, value: top[0], element: element, at: at)
      case .skip:
        top -= 1
        if top[0].kind == .bool {
          if top[0].word == 0 { at = first }
        } else {
          Self.makeOperand(top, at)
          top[-1] = top[0]
          at = Int(instruction.second)
        }
      case .finish:
        let result = finished(instruction.small, top[-1], from: Int(top[-2].count))
        top -= 2
        top[-1] = Self.stamped(result, at)
      case .call:
        let count = Int(instruction.small)
        top -= count
        let result = call(UInt8(truncatingIfNeeded: first), top, count)
        top.pointee = result.isError ? Self.failed(result, at, instruction, top, count) : result
        top += 1
      case .match:
        let operand = top[-1]
        top[-1] = Self.stamped(matches(operand, program.patterns[first]), at, instruction, operand, .string(.empty))
      case .timePart:
        let operand = top[-1]
        top[-1] = Self.stamped(part(instruction.small, of: operand, in: program.zones[first]), at, instruction, operand)
      }
    }
  }

  /// Counts values that are about to be created; false: it would be too much.
  @inline(__always)
  mutating func mayMake(bytes count: Int) -> Bool {
    madeBytes &+= count
    return madeBytes <= sizeLimit
  }

  /// Counts values that are about to be inspected; false: it would be too much.
  @inline(__always)
  mutating func mayRead(bytes count: Int) -> Bool {
    work &+= count
    return work <= workLimit
  }

  /// Records in a new error which instruction raised it.
  @inline(__always)
  static func stamped(_ value: ExpressionValue, _ at: Int) -> ExpressionValue {
    guard value.isError, value.count == 0 else { return value }
    var value = value
    value.count = UInt32(truncatingIfNeeded: at)
    return value
  }

  /// The same for the result of an operation on one or two operands. If they do not fit it, the error also has their types.
  @inline(__always)
  static func stamped(
    _ value: ExpressionValue, _ at: Int, _ instruction: Instruction, _ first: ExpressionValue, _ second: ExpressionValue? = nil
  ) -> ExpressionValue {
    guard value.isError, value.count == 0 else { return value }
    return failed(value, at, instruction, first, second)
  }

  @inline(never)
  private static func failed(
    _ value: ExpressionValue, _ at: Int, _ instruction: Instruction, _ first: ExpressionValue, _ second: ExpressionValue?
  ) -> ExpressionValue {
    withUnsafeTemporaryAllocation(of: ExpressionValue.self, capacity: 2) { operands in
      guard let start = operands.baseAddress else { return stamped(value, at) }
      operands.initialize(repeating: first)
      if let second { operands[1] = second }
      return failed(value, at, instruction, start, second == nil ? 1 : 2)
    }
  }

  @inline(never)
  private static func failed(
    _ value: ExpressionValue, _ at: Int, _ instruction: Instruction, _ operands: UnsafePointer<ExpressionValue>, _ count: Int
  ) -> ExpressionValue {
    guard value.count == 0 else { return value }
    let isMismatch =
      switch value.failure {
      case .noOverload: true
      // A list index that is not a number, or a value that cannot be a map key; a number that is not whole is a different error.
      case .indexType, .keyType: instruction.code == .index && count == 2 && !operands[1].isNumber
      default: false
      }
    return stamped(isMismatch ? ExpressionMismatch.described(value, instruction, operands, count) : value, at)
  }

  /// What is neither true, false nor an error is an error.
  @inline(__always)
  private static func makeOperand(_ operand: UnsafeMutablePointer<ExpressionValue>, _ at: Int) {
    guard operand.pointee.kind != .bool, !operand.pointee.isError else { return }
    operand.pointee = stamped(ExpressionMismatch.condition(operand.pointee), at)
  }
}

extension ValueKind {
  @inline(__always)
  static func != (left: ValueKind, right: ValueKind) -> Bool { left.rawValue != right.rawValue }
}
