import Core

/// What the checker found out about one node, for the program builder.
enum Resolution: Hashable {
  /// As the syntax says.
  case plain
  /// The value of a path of the scope, by its number.
  case slot(Int)
  /// The same, where a text is read as a date or a moment.
  case timeSlot(Int)
  /// `has()` of a path of the scope.
  case hasSlot(Int)
  /// A variable of a macro, by the macro's level.
  case local(Int)
  /// The name of a type.
  case type(TypeName)
  case function(FunctionCode)
  /// Arithmetic of JSON numbers: where one operand is a double, both are.
  case promoting
}

/// Types as values. The raw value is kept in constants.
enum TypeName: UInt8, CaseIterable {
  case null, bool, int, uint, double, decimal, string, bytes, list, map, timestamp, duration, type

  var text: StaticString {
    switch self {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .decimal: "decimal"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .type: "type"
    }
  }

  static let byName: [String: TypeName] = Dictionary(uniqueKeysWithValues: allCases.map { ("\($0.text)", $0) })
}

/// Something that a condition can guarantee not to be null.
enum NarrowedPlace: Hashable {
  case path(ExpressionPath)
  /// A variable of a macro (each macro has a number of its own), and names from there on.
  case local(Int, [Name])
}

/// What is known not to be null, depending on how a condition comes out.
struct Truths {
  var ifTrue: Set<NarrowedPlace> = []
  var ifFalse: Set<NarrowedPlace> = []
}
