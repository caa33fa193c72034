package import Core
import Values

extension Program {
  /// The number of items that a record makes with `each`, by the value that `each` names: one per element of a list, none where it is
  /// empty, and one, which is rejected, for anything else.
  package func itemCount(of list: Cell) -> Int {
    list.kind == .list ? list.count : list.isEmpty(blankIsNull: blankIsNull) ? 0 : 1
  }
}

extension Cell {
  /// Empty, whatever shape is expected.
  func isEmpty(blankIsNull: Bool) -> Bool {
    switch kind {
    case .missing, .null: true
    case .string: count == 0 || blankIsNull && Whitespace.isBlank(text.span)
    case .list: count == 0
    case .object: count < 2 || text[1..<count - 1].buffer.allSatisfy { $0 <= 0x20 }
    case .blocked: obstacle.kind == .string && (count == 0 || blankIsNull && Whitespace.isBlank(text.span))
    default: false
    }
  }
}
