/// The forms of each operator by type.
enum OperatorTable {
  typealias Overload = FunctionDeclaration.Overload

  static func overloads(of op: BinaryOperator) -> [Overload] {
    switch op {
    case .add: add
    case .subtract: subtract
    case .multiply, .divide: same([.int, .uint, .double])
    case .modulo: same([.int, .uint])
    case .less, .lessEqual, .greater, .greaterEqual: ordered
    // Checked by hand: what may be compared is wider than a table says.
    case .equal, .unequal, .contained: []
    }
  }

  static func overloads(of op: UnaryOperator) -> [Overload] {
    switch op {
    case .not: [Overload([.bool], .bool)]
    case .negate: [Overload([.int], .int), Overload([.double], .double)]
    }
  }

  private static func same(_ types: [ExpressionType]) -> [Overload] { types.map { Overload([$0, $0], $0) } }

  private static let add: [Overload] =
    same([.int, .uint, .double, .string, .bytes, .list(.parameter(0)), .duration]) + [
      Overload([.timestamp, .duration], .timestamp), Overload([.duration, .timestamp], .timestamp),
    ]

  private static let subtract: [Overload] =
    same([.int, .uint, .double, .duration]) + [
      Overload([.timestamp, .duration], .timestamp), Overload([.timestamp, .timestamp], .duration),
    ]

  private static let ordered: [Overload] = {
    let numbers: [ExpressionType] = [.int, .uint, .double, .decimal]
    let mixed = numbers.flatMap { one in numbers.map { Overload([one, $0], .bool) } }
    return mixed
      + [.bool, .string, .bytes, .timestamp, .duration].map { (type: ExpressionType) in Overload([type, type], .bool) }
  }()
}
