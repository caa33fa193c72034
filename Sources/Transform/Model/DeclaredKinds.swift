package import Core

/// What a declared type admits at run time: the kinds of a value, and of the elements where it is a list. Objects are not looked into.
package struct DeclaredKinds: BitwiseCopyable, Sendable, Hashable {
  package var kinds: CellKinds
  package var elements: CellKinds
  /// The value is a decimal, or its elements are: expressions compare it exactly, whatever its digits look like.
  package var isDecimal: Bool

  package static let any = DeclaredKinds(kinds: .any, elements: .any, isDecimal: false)

  private init(kinds: CellKinds, elements: CellKinds, isDecimal: Bool) {
    (self.kinds, self.elements, self.isDecimal) = (kinds, elements, isDecimal)
  }

  /// Of a source value, in which dates and moments are texts.
  package init(source type: ValueType) { self.init(type, { $0.sourceKinds }) }

  /// Of a value that an expression gives.
  package init(result type: ValueType) { self.init(type, { $0.resultKinds }) }

  private init(_ type: ValueType, _ kinds: (ValueType) -> CellKinds) {
    self.kinds = CellKinds.absent.union(kinds(type))
    let elements = type.listElements
    self.elements =
      elements.isEmpty ? .any : elements.reduce(into: CellKinds.absent) { $0.formUnion(kinds($1)) }
    isDecimal = type == .decimal || elements == [.decimal]
  }

  /// Whether the value, and each of its elements, is what the type declares.
  func admits(_ cell: Cell) -> Bool { kinds.contains(Self.kind(of: cell)) && Self.firstStranger(in: cell, elements) == nil }

  /// The first element of another kind; nil where all are of these, and for anything else than lists.
  static func firstStranger(in cell: Cell, _ elements: CellKinds) -> Int? {
    guard elements != .any, cell.kind == .list else { return nil }
    return cell.elements.firstIndex { !elements.contains(kind(of: $0)) }
  }

  /// A nested list is kept as its text.
  static func kind(of cell: Cell) -> CellKind {
    cell.kind == .object && cell.count > 0 && cell.text.start[0] == UInt8(ascii: "[") ? .list : cell.kind
  }
}

extension ValueType {
  fileprivate var sourceKinds: CellKinds {
    switch self {
    case .string, .date, .datetime: .string
    case .integer: .integer
    case .decimal, .number: .numeric
    case .boolean: .boolean
    case .list: .list
    case .object: .object
    case .oneOf(let members): members.reduce(into: CellKinds()) { $0.formUnion($1.sourceKinds) }
    case .any: .any
    }
  }

  fileprivate var resultKinds: CellKinds {
    switch self {
    case .date: .date
    case .datetime: .datetime
    case .oneOf(let members): members.reduce(into: CellKinds()) { $0.formUnion($1.resultKinds) }
    default: sourceKinds
    }
  }

  /// The types of elements where this is a list, or may be one; empty where there is none.
  fileprivate var listElements: [ValueType] {
    switch self {
    case .list(let element): [element]
    case .oneOf(let members): members.flatMap { $0.listElements }
    case .any: [.any]
    default: []
    }
  }
}
