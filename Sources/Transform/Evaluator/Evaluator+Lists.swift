import Core
import Values

/// Functions of a whole list.
extension Evaluator {
  mutating func applyToList(_ operation: Operation, _ cell: inout Cell) -> Bool {
    let elements = cell.elements
    switch operation {
    case .join(let separator): return join(&cell, with: tables.constants[Int(separator)].text)
    case .first: cell = elements.first ?? .null
    case .last: cell = elements.last ?? .null
    case .count: setInteger(Int64(elements.count), &cell)
    case .at(let place):
      let index = place < 0 ? elements.count + Int(place) : Int(place)
      cell = elements.indices.contains(index) ? elements[index] : .null
    case .compact: compact(&cell)
    case .unique: unique(&cell)
    case .sort: return sort(&cell)
    default: return refuse(Self.wrongType)
    }
    return true
  }

  /// Nulls are skipped; without any other element, the result is null.
  private mutating func join(_ cell: inout Cell, with separator: Text) -> Bool {
    arena.begin()
    var isFirst = true
    let most = room
    for (index, element) in cell.elements.enumerated() where !element.isAbsent {
      switch element.kind {
      case .string, .integer, .decimal, .number, .date, .datetime: break
      default: return refuse(Failure(code: .wrongType, element: Int32(index)))
      }
      if !isFirst { arena.append(separator) }
      isFirst = false
      arena.append(element.text)
      guard arena.pendingCount <= most else { return refuse(Self.tooLarge) }
    }
    cell = isFirst ? .null : Cell(kind: .string, text: arena.finish())
    return true
  }

  /// Without nulls and, where blank texts read as null, without these.
  private mutating func compact(_ cell: inout Cell) {
    let elements = cell.elements
    guard elements.contains(where: { isDropped($0) }) else { return }
    let kept = lists.take(elements.count)
    var count = 0
    for element in elements where !isDropped(element) {
      kept[count] = element
      count += 1
    }
    cell = Cell(list: kept, count: count)
  }

  private func isDropped(_ element: Cell) -> Bool {
    element.isAbsent || tables.blankIsNull && element.kind == .string && Whitespace.isBlank(element.text.span)
  }

  /// Keeps the first of equal elements, in order.
  private mutating func unique(_ cell: inout Cell) {
    let elements = cell.elements
    guard elements.count > 1 else { return }
    let kept = lists.take(elements.count)
    var count = 0
    if elements.count <= 32 {
      for element in elements where !kept[0..<count].contains(where: { Self.isSame($0, element) }) {
        kept[count] = element
        count += 1
      }
    } else {
      // Long lists are rare, and a table for them is worth its allocation.
      var seen: [UInt64: [Int]] = [:]
      for element in elements {
        let hash = Hash64.of(element.text.span, seed: UInt64(element.kindCode))
        if seen[hash]?.contains(where: { Self.isSame(kept[$0], element) }) == true { continue }
        seen[hash, default: []].append(count)
        kept[count] = element
        count += 1
      }
    }
    cell = Cell(list: kept, count: count)
  }

  /// Text by code points, numbers by value; nulls first.
  private mutating func sort(_ cell: inout Cell) -> Bool {
    let elements = cell.elements
    var kinds: CellKinds = []
    for element in elements { kinds.insert(CellKinds(element.kind)) }
    kinds.subtract(.absent)
    let isText = kinds.isSubset(of: [.string]) || kinds.isSubset(of: [.date])
    guard isText || kinds.isSubset(of: .numeric) || kinds.isSubset(of: .datetime) else {
      return refuse(Failure(code: .wrongType, detail: .unsortable))
    }
    guard elements.count > 1 else { return true }
    var sorted = lists.take(elements.count)
    guard elements.count <= 32 else {
      for index in elements.indices { sorted[index] = elements[index] }
      sorted.sort { Self.isBefore($0, $1, isText: isText) }
      cell = Cell(list: sorted, count: sorted.count)
      return true
    }
    // Insertion into its place: lists of a record are short, and this needs no memory.
    for (index, element) in elements.enumerated() {
      var place = index
      while place > 0, Self.isBefore(element, sorted[place - 1], isText: isText) {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = element
    }
    cell = Cell(list: sorted, count: sorted.count)
    return true
  }

  private static func isBefore(_ left: Cell, _ right: Cell, isText: Bool) -> Bool {
    if left.isAbsent || right.isAbsent { return left.isAbsent && !right.isAbsent }
    if left.kind == .datetime, right.kind == .datetime { return isEarlier(left, right) }
    if !isText { return (Numbers.compare(left.text.span, right.text.span) ?? 0) < 0 }
    let (left, right) = (left.text, right.text)
    for index in 0..<min(left.count, right.count) where left.start[index] != right.start[index] {
      return left.start[index] < right.start[index]
    }
    return left.count < right.count
  }

  /// By instant, whatever the offsets; the fraction of a second is in the text only, without trailing zeros.
  private static func isEarlier(_ left: Cell, _ right: Cell) -> Bool {
    guard left.number == right.number else { return left.number < right.number }
    return fraction(left.text).lexicographicallyPrecedes(fraction(right.text))
  }

  private static func fraction(_ text: Text) -> Slice<UnsafeBufferPointer<UInt8>> {
    guard text.count > 19, text.start[19] == UInt8(ascii: ".") else { return text.buffer[0..<0] }
    return text.buffer[20...].prefix { $0 &- UInt8(ascii: "0") < 10 }
  }

  private static func isSame(_ left: Cell, _ right: Cell) -> Bool {
    guard left.kindCode == right.kindCode, left.length == right.length else { return false }
    let (left, right) = (left.text, right.text)
    for index in 0..<left.count where left.start[index] != right.start[index] { return false }
    return true
  }
}
