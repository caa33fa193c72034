/// A parsed expression: nodes in one array, children before their parents, named by their index.
struct SyntaxTree {
  var nodes: [SyntaxNode] = []
  var root = 0

  subscript(index: Int) -> SyntaxNode { nodes[index] }

  func text(of range: Range<Int>, in bytes: [UInt8]) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

struct SyntaxNode {
  enum Kind {
    case literal(Literal)
    /// `name`, or `.name`, which no macro's variable hides.
    case name(String, isRooted: Bool)
    case select(Int, field: String)
    /// `has(operand.field)`
    case has(Int, field: String)
    case index(Int, Int)
    case call(String, target: Int?, arguments: [Int])
    case unary(UnaryOperator, Int)
    case binary(BinaryOperator, Int, Int)
    /// All operands of a row of `&&`: evaluation absorbs errors in any order, so the row needs no shape.
    case and([Int])
    case or([Int])
    case conditional(Int, Int, Int)
    case list([Int])
    case map([MapEntry])
    case macro(Macro, range: Int, variable: String, body: Int, transform: Int?)
  }

  var kind: Kind
  /// All of it.
  var range: Range<Int>
  /// The word that a message points at: the operator, the function's or the member's name.
  var place: Range<Int>
  /// Levels below, itself included.
  var depth: Int

  var children: [Int] {
    switch kind {
    case .literal, .name: []
    case .select(let operand, _), .has(let operand, _), .unary(_, let operand): [operand]
    case .index(let one, let two), .binary(_, let one, let two): [one, two]
    case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
    case .and(let operands), .or(let operands), .list(let operands): operands
    case .conditional(let one, let two, let three): [one, two, three]
    case .map(let entries): entries.flatMap { [$0.key, $0.value] }
    case .macro(_, let range, _, let body, let transform): [range, body] + (transform.map { [$0] } ?? [])
    }
  }
}

struct MapEntry {
  var key: Int
  var value: Int
}

enum Literal: Hashable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string([UInt8])
  case bytes([UInt8])
}

enum UnaryOperator: String {
  case not = "!_"
  case negate = "-_"
}

/// The raw value is the function that the operator stands for, as the specification names it.
enum BinaryOperator: String, CaseIterable {
  case add = "_+_"
  case subtract = "_-_"
  case multiply = "_*_"
  case divide = "_/_"
  case modulo = "_%_"
  case equal = "_==_"
  case unequal = "_!=_"
  case less = "_<_"
  case lessEqual = "_<=_"
  case greater = "_>_"
  case greaterEqual = "_>=_"
  case contained = "@in"
}

/// Raw values are kept in instructions.
enum Macro: UInt8, CaseIterable {
  case all, exists, existsOne, filter, map

  init?(name: String, arguments: Int) {
    switch (name, arguments) {
    case ("all", 2): self = .all
    case ("exists", 2): self = .exists
    case ("exists_one", 2): self = .existsOne
    case ("filter", 2): self = .filter
    case ("map", 2), ("map", 3): self = .map
    default: return nil
    }
  }

  static let names = ["all", "exists", "exists_one", "filter", "map", "has"]
}
