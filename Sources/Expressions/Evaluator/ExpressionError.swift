/// Why an expression has no value for a record. Never holds a value of the record.
package enum ExpressionError: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case noOverload
  case notACondition
  case divisionByZero
  case modulusByZero
  case overflow
  case intRange, uintRange
  case notAnInt, notAUint, notADouble, notABool
  case doubleRange
  case invalidUTF8
  case notATimestamp, timestampRange
  case notADuration, durationRange
  case unknownZone
  case noSuchKey
  case keyType
  case duplicateKey
  case indexRange
  case indexType
  case badPattern, patternLimit
  case localTime
  case tooManySteps, tooLarge
  case undeclared, unknownFunction
  case tooDeep
  case sameNames
  /// A field of the record differs from its declaration.
  case wrongType

  /// The message of a ledger line.
  package var reason: StaticString {
    switch self {
    case .noOverload: "the operator or function does not accept values of these types"
    case .notACondition: "a condition is neither true nor false"
    case .divisionByZero: "division by zero"
    case .modulusByZero: "modulus by zero"
    case .overflow: "integer overflow: the result is outside 64 bits"
    case .intRange: "range error: outside the 64 bits of an int"
    case .uintRange: "range error: outside the 64 bits of a uint"
    case .notAnInt: "type conversion error: the text is not an int"
    case .notAUint: "type conversion error: the text is not a uint"
    case .notADouble: "type conversion error: the text is not a double"
    case .notABool: "type conversion error: the text is not a bool"
    case .doubleRange: "range error: outside the range of a double"
    case .invalidUTF8: "invalid UTF-8 in bytes that should become a string"
    case .notATimestamp: "type conversion error: the text is not an RFC 3339 timestamp"
    case .timestampRange: "range error: timestamps must be in the years 0001 to 9999"
    case .notADuration: "type conversion error: the text is not a duration"
    case .durationRange: "range error: the duration is too long"
    case .unknownZone: "unknown time zone"
    case .noSuchKey: "no such key"
    case .keyType: "a map's key cannot have this type: keys are int, uint, bool or string"
    case .duplicateKey: "repeated key in a map"
    case .indexRange: "index out of range"
    case .indexType: "invalid index: a list index must be a whole number"
    case .badPattern: "the regular expression cannot be compiled"
    case .patternLimit: "the regular expression takes too long on this text"
    case .localTime: "the time has no offset from UTC, so it is not a timestamp"
    case .tooManySteps: "the macros of the expression take too many steps"
    case .tooLarge: "the values that the expression produces are too large"
    case .undeclared: "undeclared reference: there is no such name"
    case .unknownFunction: "unbound function: there is no such function"
    case .tooDeep: "the values are nested too deeply"
    case .sameNames: "two keys of a map have the same name in JSON"
    case .wrongType: "the source's value has a different type from the declared one"
    }
  }
}
