/// Which operation did not accept which types, of an evaluation that failed: five trivial bytes, in the part of an error's `word` that
/// its reason leaves free. Never holds a value of the record.
package struct ExpressionMismatch: BitwiseCopyable, Sendable, Hashable {
  /// An instruction's code, plus 1; of a function, its code plus `firstFunction`; nothing: `condition`.
  private let form: UInt8
  /// Up to three `TypeName`s, each plus 1, the first in the lowest byte.
  private let operands: UInt32

  private static let firstFunction: UInt8 = 128
  private static let condition: UInt8 = 127

  /// Nil if the error does not have one.
  package init?(_ error: ExpressionValue) {
    guard error.isError, let form = UInt8(exactly: (error.word >> 8) & 0xFF), form > 0 else { return nil }
    self.form = form
    operands = UInt32(truncatingIfNeeded: error.word >> 16)
  }

  /// The error with the operation that raised it.
  static func described(
    _ error: ExpressionValue, _ instruction: Instruction, _ values: UnsafePointer<ExpressionValue>, _ count: Int
  ) -> ExpressionValue {
    switch instruction.code {
    case .call: function(error, UInt8(truncatingIfNeeded: instruction.first), values, count)
    case .match: function(error, FunctionCode.matches.rawValue, values, count)
    case .timePart: function(error, instruction.small, values, count)
    default: marked(error, instruction.code.rawValue + 1, values, count)
    }
  }

  /// The same for a value that is neither true nor false.
  static func condition(_ value: ExpressionValue) -> ExpressionValue {
    withUnsafePointer(to: value) { marked(.error(.notACondition), condition, $0, 1) }
  }

  private static func function(
    _ error: ExpressionValue, _ code: UInt8, _ values: UnsafePointer<ExpressionValue>, _ count: Int
  ) -> ExpressionValue {
    marked(error, firstFunction + code, values, count)
  }

  private static func marked(
    _ error: ExpressionValue, _ form: UInt8, _ values: UnsafePointer<ExpressionValue>, _ count: Int
  ) -> ExpressionValue {
    var error = error
    error.word = (error.word & 0xFF) | Int64(form) << 8
    for index in 0..<min(3, count) { error.word |= Int64(values[index].typeName.rawValue + 1) << (16 + 8 * index) }
    return error
  }

  // MARK: Words

  /// The types of the operands.
  var types: [ExpressionType] {
    (0..<3).compactMap { TypeName(rawValue: UInt8(truncatingIfNeeded: operands >> (8 * $0)) &- 1).map(ExpressionType.init) }
  }

  /// As the specification names the operator; a function's name; nil for everything else.
  var name: String? {
    if let function { return function.name }
    return switch code {
    case .not: "!_"
    case .negate: "-_"
    case .add: "_+_"
    case .subtract: "_-_"
    case .multiply: "_*_"
    case .divide: "_/_"
    case .modulo: "_%_"
    case .less: "_<_"
    case .lessEqual: "_<=_"
    case .greater: "_>_"
    case .greaterEqual: "_>=_"
    case .contained: "@in"
    case .index: "_[_]"
    default: nil
    }
  }

  /// Whether the operation read a member.
  var isMember: Bool { code == .select || code == .has }

  private var code: Instruction.Code? { form < Self.condition ? Instruction.Code(rawValue: form - 1) : nil }

  private var function: FunctionDeclaration? {
    guard form >= Self.firstFunction, let code = FunctionCode(rawValue: form - Self.firstFunction) else { return nil }
    return FunctionTable.all.first { $0.code == code }
  }

  /// The message of a ledger line, in the words of the checker.
  package var message: String {
    let types = types
    guard let first = types.first else { return "\(ExpressionError.noOverload.reason)" }
    if let function {
      let isMethod = !function.overloads.contains { !$0.isMethod && $0.parameters.count == types.count }
      return MismatchText.message(of: function, types, isMethod: isMethod).message
    }
    if let name { return MismatchText.message(ofOperator: name, types) }
    if form == Self.condition { return MismatchText.condition(first) }
    return isMember ? "\(first.noun) has no members" : MismatchText.macro(first)
  }
}

extension ExpressionType {
  /// The type of a value; the types of its elements are unknown.
  fileprivate init(_ name: TypeName) {
    self =
      switch name {
      case .null: .null
      case .bool: .bool
      case .int: .int
      case .uint: .uint
      case .double: .double
      case .decimal: .decimal
      case .string: .string
      case .bytes: .bytes
      case .list: .list(.dyn)
      case .map: .map(.dyn, .dyn)
      case .timestamp: .timestamp
      case .duration: .duration
      case .type: .type
      }
  }
}
