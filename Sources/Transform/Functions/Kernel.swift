package import Core

/// What a function without an operation of its own does with one value: its kernel, called with the literal arguments of the
/// mapping.
package struct Kernel: Sendable {
  /// Takes the text of a value, and says what became of it; bytes of the result are appended to `result`. It is called once per
  /// value: it must not allocate, and what it needs from the arguments is prepared where the closure is made.
  package typealias Body = @Sendable (_ text: Span<UInt8>, _ result: inout ByteArena) -> KernelResult

  package var facts: ResultFacts
  package var body: Body

  package init(_ facts: ResultFacts = ResultFacts(), _ body: @escaping Body) {
    self.facts = facts
    self.body = body
  }
}

/// What became of a value.
package enum KernelResult: Sendable {
  /// The text stays as it is.
  case same
  /// The bytes that were appended: a text, or the digits of a number.
  case made
  /// A part of the text, in bytes; nothing is copied.
  case part(Range<Int>)
  /// Memory that is never freed: an entry of a table.
  case constant(Text)
  case integer(Int64)
  case boolean(Bool)
  case null
  /// The function does not accept the text: the code, and what the kernel says about it. `ProblemText` words both.
  case refused(ProblemCode, Problem.Detail = .none)
}

/// The arguments of one call, with checks that report what is wrong with them.
package struct KernelArguments {
  /// As in messages.
  package let function: String
  let values: [String: JSONValue]
  private(set) var issues: [BindIssue] = []

  init(function: String, values: [String: JSONValue]) {
    self.function = function
    self.values = values
  }

  /// Nil if the mapping does not give it. Kinds have been checked, and required arguments are there.
  package func text(_ parameter: String) -> String? { values[parameter]?.stringValue }
  package func integer(_ parameter: String) -> Int? { values[parameter]?.intValue }
  package func boolean(_ parameter: String) -> Bool? { values[parameter]?.boolValue }

  /// An integer within `range`; nil if it is absent, or has been reported.
  package mutating func integer(_ parameter: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = integer(parameter) else { return nil }
    if range.contains(value) { return value }
    refuse(parameter, "'\(parameter)' of \(function) must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
    return nil
  }

  /// Reports that an argument cannot be used. The kernel that is made in spite of it never runs.
  package mutating func refuse(_ parameter: String?, _ message: String, hint: String? = nil) {
    issues.append(BindIssue(.badArgument, parameter: parameter, message, hint: hint))
  }
}

/// A kernel with its arguments: one step of a chain. Two are equal if they are the same function with the same arguments.
package struct KernelCall: Sendable, Hashable {
  package let function: FunctionDefinition
  package let arguments: [String: JSONValue]
  let operation: KernelOperation

  init(
    function: FunctionDefinition, arguments: [String: JSONValue], takes: [ValueType], gives: ValueType,
    body: @escaping Kernel.Body
  ) {
    self.function = function
    self.arguments = arguments
    operation = KernelOperation(
      accepts: takes.reduce(into: []) { $0.formUnion(Self.kinds(of: $1) ?? []) }, made: Self.kind(of: gives) ?? .string,
      body: body)
  }

  package static func == (left: KernelCall, right: KernelCall) -> Bool {
    left.function.name == right.function.name && left.arguments == right.arguments
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(function.name)
    hasher.combine(arguments)
  }

  static func canTake(_ types: [ValueType]) -> Bool { !types.isEmpty && types.allSatisfy { kinds(of: $0) != nil } }
  static func canGive(_ type: ValueType) -> Bool { kind(of: type) != nil }

  /// Values of these kinds have their text.
  private static func kinds(of type: ValueType) -> CellKinds? {
    switch type {
    case .string: .string
    case .integer, .decimal, .number: .numeric
    case .date: .date
    case .datetime: .datetime
    case .boolean, .list, .object, .oneOf, .any: nil
    }
  }

  /// What appended bytes are. Integers and booleans are results of their own.
  private static func kind(of type: ValueType) -> CellKind? {
    switch type {
    case .string, .integer, .boolean: .string
    case .decimal: .decimal
    case .number: .number
    case .date, .datetime, .list, .object, .oneOf, .any: nil
    }
  }
}

/// A kernel as the evaluator calls it. It is a class, whose members are constant, so that a call does not count references: the
/// step of the model keeps it.
final class KernelOperation: Sendable {
  let accepts: CellKinds
  let made: CellKind
  private let body: Kernel.Body

  init(accepts: CellKinds, made: CellKind, body: @escaping Kernel.Body) {
    self.accepts = accepts
    self.made = made
    self.body = body
  }

  @inline(__always)
  func run(_ text: Span<UInt8>, _ result: inout ByteArena) -> KernelResult { body(text, &result) }
}
