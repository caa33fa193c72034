package import Core

/// The static type of an expression. Nullability is not part of it; see `CheckedExpression.isNullable`.
package indirect enum ExpressionType: Sendable, Hashable {
  /// Unknown until a record is available.
  case dyn
  case null
  case bool
  case int
  case uint
  case double
  /// Exact decimal: compares with all numbers, converts with `int()`, `double()` and `string()`, does not calculate.
  case decimal
  /// Any JSON number: an int where it is a whole number of 64 bits, else a double. Calculates with int and double; where one
  /// operand is a double, the result is, and a division's always is.
  case number
  case string
  case bytes
  case list(ExpressionType)
  case map(ExpressionType, ExpressionType)
  /// A map whose members are known by name.
  case object(ObjectShape)
  case timestamp
  case duration
  case type
  /// What a list or map holds that is written down empty: it takes the type of what it is joined with. Only inside of a list's or a
  /// map's type.
  case free
  /// A type variable of a function's declaration.
  case parameter(Int)
  /// Of a part that has been reported: nothing that follows from it is.
  case failed

  /// As messages call it, in CEL's words.
  package var name: String {
    switch self {
    case .dyn, .free, .failed: "dyn"
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .decimal: "decimal"
    case .number: "number"
    case .string: "string"
    case .bytes: "bytes"
    case .list(let element): "list(\(element.name))"
    case .map(let key, let value): "map(\(key.name), \(value.name))"
    case .object: "map(string, dyn)"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .type: "type"
    case .parameter(let number): number == 0 ? "A" : "B"
    }
  }

  /// How a value of a declared type is seen by an expression (MappingLanguage.md, "Values").
  package init(_ type: ValueType) {
    switch type {
    case .string: self = .string
    case .integer: self = .int
    case .decimal: self = .decimal
    case .number: self = .number
    case .boolean: self = .bool
    case .date, .datetime: self = .timestamp
    case .list(let element):
      switch element {
      // Elements come as texts, and are turned into timestamps by `timestamp()`.
      case .date, .datetime: self = .list(.dyn)
      default: self = .list(ExpressionType(element))
      }
    case .object(let shape): self = .object(shape)
    case .oneOf(let members):
      // One of several that an expression sees as one.
      let types = Set(members.map { ExpressionType($0) })
      if types.count == 1, let only = types.first {
        self = only
      } else if types.isSubset(of: [.int, .number]) {
        self = .number
      } else {
        self = .dyn
      }
    case .any: self = .dyn
    }
  }

  /// What a result of this type is to the rest of a mapping.
  package var valueType: ValueType {
    switch self {
    case .bool: .boolean
    case .int: .integer
    case .uint, .double, .number: .number
    case .decimal: .decimal
    case .string, .bytes, .duration, .type: .string
    case .list(let element): .list(element.valueType)
    case .map: .object(ObjectShape([], others: .any))
    case .object(let shape): .object(shape)
    case .timestamp: .datetime
    case .dyn, .free, .null, .parameter, .failed: .any
    }
  }

  var isNumeric: Bool {
    switch self {
    case .int, .uint, .double, .decimal, .number: true
    default: false
    }
  }

  var mayHaveMembers: Bool { if case .object = self { true } else { self == .dyn } }

  /// Known only at run time, in whole.
  var isOpen: Bool { self == .dyn || self == .free || self == .failed }

  /// The type of a value that is taken out of a list or map.
  var asElement: ExpressionType { self == .free ? .dyn : self }
}

extension ValueType {
  /// A scalar whose type the data decides, and operators mind which it is: number or text, text or integer.
  var isMixture: Bool {
    guard case .oneOf(let members) = self else { return false }
    let types = Set(members.map { ExpressionType($0) })
    let areScalars = types.allSatisfy { $0.isNumeric || [.string, .bool, .timestamp].contains($0) }
    return areScalars && types.count > 1 && !types.allSatisfy(\.isNumeric)
  }

  /// For a mixture: what the fix turns it into.
  var takesNumbers: Bool { members.contains { [.number, .decimal].contains($0) } }
  var takesTexts: Bool { members.contains { [.date, .datetime, .integer].contains($0) } }

  private var members: Set<ValueType> { if case .oneOf(let members) = self { members } else { [self] } }
}
