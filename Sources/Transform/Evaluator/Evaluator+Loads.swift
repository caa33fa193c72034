import Core
import Expressions
import Values

/// The start of a chain: a value of the record as declared, a var, a constant, or a list of these.
extension Evaluator {
  @inline(__always)
  mutating func load(_ value: ValueCode, into cell: inout Cell) -> Bool {
    switch value {
    case .slot(let slot, let accepts): return load(slots[Int(slot)], accepts, into: &cell)
    case .itemSlot(let slot, let accepts): return load(itemSlots[Int(slot)], accepts, into: &cell)
    case .listSlot(let slot, let accepts, let elements): return load(slots[Int(slot)], accepts, elements, into: &cell)
    case .itemListSlot(let slot, let accepts, let elements):
      return load(itemSlots[Int(slot)], accepts, elements, into: &cell)
    case .variable(let index): cell = variables[Int(index)]
    case .constant(let number): cell = tables.constants[Int(number)]
    case .expression(let number): return evaluate(expression: number, into: &cell)
    case .cases(let number): return evaluate(cases: number, into: &cell)
    case .list(let start, let count): return gather(Int(start), Int(count), into: &cell)
    }
    return true
  }

  @inline(__always)
  mutating func load(_ source: Cell, _ accepts: CellKinds, into cell: inout Cell) -> Bool {
    cell = source
    switch source.kind {
    case .missing, .null: return true
    case .string where tables.blankIsNull && isBlank(source):
      cell = .null
      return true
    case .list where tables.blankIsNull: nullifyBlanks(&cell)
    case .object: return accepts.contains(DeclaredKinds.kind(of: source)) || loadStranger(source, accepts, into: &cell)
    default: break
    }
    return accepts.contains(source.kind) || loadStranger(source, accepts, into: &cell)
  }

  /// The same of what may be a list whose elements are declared.
  @inline(never)
  mutating func load(_ source: Cell, _ accepts: CellKinds, _ elements: CellKinds, into cell: inout Cell) -> Bool {
    guard load(source, accepts, into: &cell) else { return false }
    guard DeclaredKinds.firstStranger(in: cell, elements) != nil else { return true }
    if elements.contains(.integer) { cell = wholeElements(cell) }
    // An integer beyond 64 bits stays a number.
    let isWide = elements.contains(.integer)
    let stranger = cell.elements.firstIndex { element in
      let kind = DeclaredKinds.kind(of: element)
      return !elements.contains(kind) && !(isWide && kind == .number && Numbers.isWhole(element.text.span))
    }
    guard let element = stranger else { return true }
    var failure = Self.undeclared(cell.elements[element])
    failure.element = Int32(element)
    return refuse(failure)
  }

  static func undeclared(_ cell: Cell) -> Failure {
    Failure(code: .wrongType, detail: .undeclared(DeclaredKinds.kind(of: cell)))
  }

  /// Most texts start with a visible ASCII character and need no further check.
  @inline(__always)
  func isBlank(_ cell: Cell) -> Bool {
    let text = cell.text
    if text.count > 0, text.start[0] > 0x20, text.start[0] < 0x80 { return false }
    return Whitespace.isBlank(text.span)
  }

  /// Whether a text reads as null.
  func isNull(_ cell: Cell) -> Bool { tables.blankIsNull && cell.kind == .string && isBlank(cell) }

  mutating func nullifyBlanks(_ cell: inout Cell) {
    let elements = cell.elements
    guard elements.contains(where: { $0.kind == .string && isBlank($0) }) else { return }
    let copy = lists.take(elements.count)
    for index in elements.indices {
      copy[index] = elements[index].kind == .string && isBlank(elements[index]) ? .null : elements[index]
    }
    cell = Cell(list: copy, count: copy.count)
  }

  mutating func gather(_ start: Int, _ count: Int, into cell: inout Cell) -> Bool {
    let cells = lists.take(count)
    var isNested = false
    for index in 0..<count {
      var part = Cell.missing
      guard load(tables.parts[start + index], into: &part) else {
        failure.part = .path(Int32(index))
        return false
      }
      if part.flags == Self.poison {
        cell = part
        return true
      }
      // In a list, what is absent is null.
      cells[index] = part.kind == .missing ? .null : part
      isNested = isNested || part.kind == .list
    }
    cell = Cell(list: cells, count: count)
    return !isNested || mayMake(cell)
  }

  /// The source's value unchanged, although it does not have the type that it declares: `on_error: keep`. If the path is
  /// blocked, there is none.
  mutating func kept(_ value: ValueCode) -> Cell {
    guard case .list(let start, let count) = value else {
      let cell = source(of: value)
      return cell.kind == .blocked ? .missing : cell
    }
    let cells = lists.take(Int(count))
    for index in 0..<Int(count) {
      let part = source(of: tables.parts[Int(start) + index])
      if part.kind == .blocked {
        cells[index] = .null
        continue
      }
      if part.flags == Self.poison { return part }
      cells[index] = part.kind == .missing || isNull(part) ? .null : part
    }
    return Cell(list: cells, count: Int(count))
  }
}
