import Core
import Values

/// Functions that are not needed often, kept apart so that the others stay small.
extension Evaluator {
  /// A function without an operation of its own.
  @inline(never)
  mutating func kernel(_ index: Int, _ cell: inout Cell) -> Bool {
    tables.kernels[index]._withUnsafeGuaranteedRef { run($0, &cell) }
  }

  @inline(__always)
  private mutating func run(_ operation: KernelOperation, _ cell: inout Cell) -> Bool {
    guard operation.accepts.contains(cell.kind) else { return refuse(Self.wrongType) }
    guard cell.length < 4096 || room >= cell.count else { return refuse(Self.tooLarge) }
    arena.begin()
    let text = cell.text
    switch operation.run(text.span, &arena) {
    case .same: cell = Cell(kind: operation.made, text: text)
    case .made:
      guard room >= 0 else { return refuse(Self.tooLarge) }
      cell = Cell(kind: operation.made, text: arena.finish())
    case .part(let range):
      if range.count < text.count { mark(.truncated) }
      cell = Cell(kind: operation.made, text: text[range])
    case .constant(let constant): cell = Cell(kind: operation.made, text: constant)
    case .integer(let value): setInteger(value, &cell)
    case .boolean(let value): cell = .boolean(value)
    case .null: cell = .null
    case .refused(let code, let detail):
      return refuse(Failure(code: code, detail: code == .wrongType && detail == .none ? .unusable : detail))
    }
    return true
  }

  @inline(never)
  mutating func postalCode(_ region: UInt16, _ regionSlot: UInt16, _ cell: inout Cell) -> Bool {
    guard cell.kind == .string else { return refuse(Self.wrongType) }
    arena.begin()
    let region = self.region(region, regionSlot)
    if let refusal = PostalCode.normalise(cell.text.span, region: region, into: &arena) {
      return refuse(Failure(code: .postalCodeInvalid, detail: .postalCode(refusal)))
    }
    cell = Cell(kind: .string, text: arena.finish())
    return true
  }
}
