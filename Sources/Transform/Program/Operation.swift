import Core
import Values

/// One function of a chain, as the evaluator runs it: a trivial value in one flat array. Tables, patterns and texts are
/// numbers of the program's own.
enum Operation: BitwiseCopyable, Sendable {
  case trim, lower, upper, title, collapse, digits, stripHTML
  case replace(UInt16)
  case truncate(UInt32)
  case split(UInt16)
  case join(UInt16)
  case first, last, unique, sort, count, compact
  case at(Int32)
  case email
  /// `region` 0: none; `regionSlot` `Operation.noSlot`: none.
  case phone(region: UInt16, regionSlot: UInt16, mustBeValid: Bool, extensions: FunctionCall.PhoneExtensions)
  case country
  case postalCode(region: UInt16, regionSlot: UInt16)
  case date(UInt16)
  case datetime(UInt16)
  case epoch(isMilliseconds: Bool)
  case format(UInt16)
  /// With the number of a form in the program's table; 0 is the plain one.
  case int(UInt16), decimal(UInt16), number(UInt16)
  case text(UInt16)
  case round(places: Int16)
  case bool(UInt16)
  /// A function without a case of its own: a number in the program's table of kernels.
  case kernel(UInt16)
  case lookup(table: UInt16, column: UInt16, miss: Miss, constant: UInt16)

  enum Miss: UInt8, BitwiseCopyable, Sendable {
    case error, value, keep, nullify
  }

  static let noSlot = UInt16.max

  /// Takes a list as one value; any other function, given a list, works on each element.
  var takesList: Bool {
    switch self {
    case .join, .first, .last, .unique, .sort, .count, .compact, .at: true
    default: false
    }
  }
}

/// Where a chain starts.
enum ValueCode: BitwiseCopyable, Sendable {
  case slot(UInt16, accepts: CellKinds)
  /// A slot of the element of `each`.
  case itemSlot(UInt16, accepts: CellKinds)
  /// The same of what may be a list whose elements are declared.
  case listSlot(UInt16, accepts: CellKinds, elements: CellKinds)
  case itemListSlot(UInt16, accepts: CellKinds, elements: CellKinds)
  case variable(UInt16)
  case constant(UInt16)
  case expression(UInt16)
  case cases(UInt16)
  /// `Program.parts[start..<start + count]`, as a list.
  case list(start: UInt16, count: UInt16)

  /// Whether it is a value of the record or of its item, unchanged.
  var isOfRecord: Bool {
    switch self {
    case .slot, .itemSlot, .listSlot, .itemListSlot: true
    case .variable, .constant, .expression, .cases, .list: false
    }
  }
}

/// One field or var: a value, a range of operations, and what happens on an error and on null.
struct FieldCode: BitwiseCopyable, Sendable {
  var value: ValueCode
  var firstStep: UInt32
  var stepCount: UInt32
  var onError: ErrorPolicy
  var isRequired: Bool
  var hasFallback: Bool
  var fallback: ValueCode
  var firstFallbackStep: UInt32
  var fallbackStepCount: UInt32
  /// `nulls: omit`: a null is left out before the record is checked.
  var omitsNull = false
  /// How its source values may be shown.
  var privacy = Privacy.show
  /// The expression of `when`; `noCondition`: there is none.
  var condition = noCondition

  /// Part of the target's key: missing is as wrong as null.
  var isKey = false

  static let noCondition = UInt16.max

  var isConditional: Bool { condition != Self.noCondition }

  /// Neither changed, nor required, nor replaced when it is absent, nor left out at times.
  var isCopy: Bool { stepCount == 0 && !isRequired && !hasFallback && !isConditional && !omitsNull }

  enum ErrorPolicy: UInt8, BitwiseCopyable, Sendable {
    case reject, nullify, fallback, keep
  }
}
