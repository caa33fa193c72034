import Core
import Values

/// One validation of the value on the tape: where it is, and what it has found.
///
/// Inside `anyOf`, `not` and their like only the verdict counts: `isCollecting` is off, and the first failure ends a schema.
/// `marks` is a stretch of `space.marks` with a bit per child of the value, set for those that a keyword has looked at; -1 where
/// nobody will ask. Every schema that is applied to the same value gets a stretch of its own, which becomes part of its
/// parent's if it was valid: `unevaluatedProperties` sees what is beside and below it, not what is beside its parent.
struct ValidationRun {
  let program: SchemaProgram
  let space: ValidationSpace
  let tape: InstanceTape
  var isCollecting = true
  private(set) var found: [Finding] = []
  private var depth = 0
  private var steps = 0
  private let stepLimit: Int
  /// Given up: the schema leads in circles, or branches without end.
  private(set) var isOverLimit = false
  /// How many texts a pattern has given up on: an "invalid" that rests on one of them is not known to be so.
  private(set) var unjudged = 0
  /// Verdicts by schema and value, once there have been many steps: alternatives within alternatives ask the same over and over,
  /// twice as often with each level. Where a dynamic reference leads depends on the way, so with those nothing is remembered.
  private var verdicts: [UInt64: Verdict] = [:]
  private let remembersAfter: Int
  /// The number of values on the tape at the start: temporary names follow them.
  private let valueCount: Int
  /// The resources that have been entered, outermost first; only where a dynamic reference can ask.
  private var scopes: [Int32] = []

  /// Schemas within schemas, on the way to one value.
  static let depthLimit = 4200
  /// Beyond this depth the rest runs on a larger stack.
  private static let ownStackDepth = 500
  private static let leastSteps = 2_000_000
  /// Failures of an instance that are explained at length: each explanation tries branches again.
  private static let mostExplained = 256
  private enum Verdict {
    case valid, invalid
    /// The failures have been recorded.
    case noted
  }

  /// Steps before verdicts are remembered, and the most that are.
  private static let memory = (after: 50_000, most: 1 << 20)
  /// Of each value: several for each schema, where there are many, since lists of alternatives are tried one by one.
  private static let stepsPerValue = 200...4_000

  /// A recorded failure: its message is made later.
  struct Finding: Hashable {
    var code: ProblemCode
    var schema: Int
    /// The check's number; -1: the schema is `false`.
    var check: Int
    var value: Int
    /// Which name is missing, or how many there were.
    var detail = 0
    /// The member that others depend on.
    var other = -1
  }

  init(_ program: SchemaProgram, _ space: ValidationSpace, stepLimit: Int? = nil) {
    self.program = program
    self.space = space
    tape = space.tape
    valueCount = tape.nodeCount
    remembersAfter = stepLimit == nil ? Self.memory.after : 0
    self.stepLimit = stepLimit ?? Self.stepLimit(values: space.tape.nodeCount, schemas: program.nodes.count)
  }

  static func stepLimit(values: Int, schemas: Int) -> Int {
    leastSteps + values * min(max(2 * schemas, stepsPerValue.lowerBound), stepsPerValue.upperBound)
  }

  mutating func failures() -> [SchemaFailure] {
    space.marks.removeAll(keepingCapacity: true)
    if evaluate(0, 0, -1), !isOverLimit { return [] }
    if isOverLimit {
      return [
        SchemaFailure(
          code: .schemaLimit, instance: "", schema: program.nodes[0].location,
          message: "cannot be judged: schema and value nest too deeply, or branch too often, taken together")
      ]
    }
    // In the order of the instance; a value's own failures in the order of the schema. A schema that applies to a value by several ways
    // says its piece once.
    var seen: Set<Finding> = []
    let found = found.filter { seen.insert($0).inserted }
    var pointers = InstancePointers(tape)
    return found.enumerated().sorted { ($0.element.value, $0.offset) < ($1.element.value, $1.offset) }.map {
      describe($0.element, instance: pointers.pointer(of: $0.element.value), explains: $0.offset < Self.mostExplained)
    }
  }

  /// Whether `value` is valid against a schema. In collecting mode, all failures are recorded.
  mutating func evaluate(_ schema: Int, _ value: Int, _ marks: Int, falseCode: ProblemCode = .schemaFalse) -> Bool {
    steps += 1
    guard !isOverLimit, depth < Self.depthLimit, steps < stepLimit else {
      isOverLimit = true
      return false
    }
    if program.nodes[schema].isFalse {
      if isCollecting { found.append(Finding(code: falseCode, schema: schema, check: -1, value: value)) }
      return false
    }
    let range = program.nodes[schema].checks
    guard !range.isEmpty else { return true }
    let remembers = steps > remembersAfter && marks < 0 && value < valueCount && !program.isDynamic
    let key = UInt64(schema) << 32 | UInt64(value)
    if remembers, let verdict = verdicts[key], !(isCollecting && verdict == .invalid) { return verdict == .valid }
    let unjudged = unjudged
    depth += 1
    defer { depth -= 1 }
    let isValid =
      depth == Self.ownStackDepth ? evaluateFurther(range, schema, value, marks) : evaluate(range, schema, value, marks)
    if remembers, !isOverLimit, self.unjudged == unjudged, verdicts.count < Self.memory.most {
      verdicts[key] = isValid ? .valid : isCollecting ? .noted : .invalid
    }
    return isValid
  }

  /// On a larger stack.
  private mutating func evaluateFurther(_ range: Range<Int32>, _ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    var isValid = false
    let hasRun = withUnsafeMutablePointer(to: &self) { run in
      OwnThread.run { isValid = run.pointee.evaluate(range, schema, value, marks) }
    }
    if !hasRun { isOverLimit = true }
    return isValid
  }

  private mutating func evaluate(_ range: Range<Int32>, _ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    let entersResource = program.isDynamic && scopes.last != program.nodes[schema].resource
    if entersResource { scopes.append(program.nodes[schema].resource) }
    defer { if entersResource { scopes.removeLast() } }
    let ownsMarks = marks < 0 && program.nodes[schema].tracks && tape.childCount(value) > 0
    let marks = ownsMarks ? takeMarks(value) : marks
    defer { if ownsMarks { releaseMarks(marks) } }

    let kind = tape.kind(value)
    var isValid = true
    for check in Int(range.lowerBound)..<Int(range.upperBound) {
      let passes: Bool =
        switch kind {
        case .object: checkObject(check, schema, value, marks)
        case .array: checkArray(check, schema, value, marks)
        case .string: checkString(check, schema, value)
        case .number: checkNumber(check, schema, value)
        case .null, .true, .false: checkAny(check, schema, value, marks)
        }
      if !passes {
        isValid = false
        if !isCollecting || isOverLimit { break }
      }
    }
    return isValid
  }

  /// Records a failure and returns false.
  mutating func fail(_ code: ProblemCode, _ schema: Int, _ check: Int, _ value: Int, detail: Int = 0, other: Int = -1) -> Bool {
    if code == .patternLimit { unjudged += 1 }
    if isCollecting {
      found.append(Finding(code: code, schema: schema, check: check, value: value, detail: detail, other: other))
    }
    return false
  }

  // MARK: Marks

  /// A stretch of unset bits, one per child of `value`.
  mutating func takeMarks(_ value: Int) -> Int {
    let start = space.marks.count
    for _ in 0..<((tape.childCount(value) + 63) / 64) { space.marks.append(0) }
    return start
  }

  mutating func releaseMarks(_ start: Int) { space.marks.removeLast(space.marks.count - start) }

  @inline(__always)
  func mark(_ child: Int, in marks: Int) { if marks >= 0 { space.marks[marks + child / 64] |= 1 << UInt64(child % 64) } }

  @inline(__always)
  func isMarked(_ child: Int, in marks: Int) -> Bool { space.marks[marks + child / 64] >> UInt64(child % 64) & 1 == 1 }

  func markAll(_ value: Int, in marks: Int) {
    guard marks >= 0 else { return }
    for child in 0..<tape.childCount(value) { mark(child, in: marks) }
  }

  /// Applies a schema to the same value. What it has evaluated counts if it is valid; with `always` also if it is not, since
  /// then its parent is invalid whatever follows, and nothing should be reported twice.
  mutating func apply(
    _ schema: Int, _ value: Int, _ marks: Int, always: Bool = false, falseCode: ProblemCode = .schemaFalse
  ) -> Bool {
    guard marks >= 0 else { return evaluate(schema, value, -1, falseCode: falseCode) }
    let own = takeMarks(value)
    defer { releaseMarks(own) }
    let isValid = evaluate(schema, value, own, falseCode: falseCode)
    if isValid || always {
      for offset in 0..<(space.marks.count - own) { space.marks[marks + offset] |= space.marks[own + offset] }
    }
    return isValid
  }

  /// Only the verdict: nothing is recorded.
  mutating func isValid(_ schema: Int, _ value: Int, _ marks: Int) -> Bool {
    let wasCollecting = isCollecting
    isCollecting = false
    defer { isCollecting = wasCollecting }
    return apply(schema, value, marks)
  }

  // MARK: Dynamic references

  /// Where a dynamic reference leads: what the outermost resource that was entered and has such an anchor calls so.
  func target(of dynamic: Int) -> Int {
    let reference = program.tables.dynamics[dynamic]
    guard !reference.byResource.isEmpty else { return reference.initial }
    for scope in scopes { if let schema = reference.byResource[scope] { return schema } }
    return reference.initial
  }
}
