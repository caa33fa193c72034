import Core
import Records
import Schema
import Values

/// Whole numbers where Your App's schema takes only integers: `2.0` becomes `2`. Everything else stays as it is, byte for byte.
extension Evaluator {
  /// A finished value with its whole numbers as integers; nil if nothing changes.
  @inline(never)
  mutating func wholeNumbers(in cell: Cell, _ places: IntegerPlaceTree) -> Cell? {
    wholeNumbers(in: cell, at: places.start(), places)
  }

  private mutating func wholeNumbers(in cell: Cell, at place: Int, _ places: IntegerPlaceTree) -> Cell? {
    switch cell.kind {
    case .number, .decimal: return places.takesIntegersOnly(at: place) && Numbers.isWhole(cell.text.span) ? whole(cell) : nil
    case .object:
      var rewriting = IntegerRewriting(text: cell.text, place: place, places)
      guard rewriting.run(into: &arena) else { return nil }
      return Cell(kind: .object, text: arena.finish())
    case .list:
      var copy: UnsafeMutableBufferPointer<Cell>?
      for (index, element) in cell.elements.enumerated() where IntegerColumn.mayChange(element.kind) {
        guard let changed = wholeNumbers(in: element, at: places.element(index, of: place), places) else { continue }
        if copy == nil {
          let elements = lists.take(cell.elements.count)
          for (index, element) in cell.elements.enumerated() { elements[index] = element }
          copy = elements
        }
        copy?[index] = changed
      }
      return copy.map { Cell(list: $0, count: $0.count) }
    default: return nil
    }
  }
}

/// Copies the JSON text of an object or a list, in which whole numbers become integers where only integers are valid.
///
/// The text is valid JSON. Its tokens are read only as far as needed to know where in the value a number stands; names and places
/// are compared only for a number that has a point or an exponent.
private struct IntegerRewriting {
  /// An object or a list that is open.
  private struct Container {
    let isObject: Bool
    /// The current name, without its quotes.
    var name = 0..<0
    var index = 0
    /// The container's own place; nil until a number in it has been looked up.
    var place: Int?
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let places: IntegerPlaceTree
  private let start: Int
  private var open: [Container] = []
  private var position = 0
  /// Where the bytes begin that have not been copied yet.
  private var copied = 0
  private var hasChanged = false

  init(text: Text, place: Int, _ places: IntegerPlaceTree) {
    (bytes, start, self.places) = (text.buffer, place, places)
  }

  /// Returns false if nothing changes; in that case, nothing was written.
  mutating func run(into arena: inout ByteArena) -> Bool {
    var expectsName = false
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        expectsName = bytes[position] == UInt8(ascii: "{")
        open.append(Container(isObject: expectsName))
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        open.removeLast()
        expectsName = false
        position += 1
      case UInt8(ascii: ","):
        expectsName = open[open.count - 1].isObject
        open[open.count - 1].index += 1
        position += 1
      case UInt8(ascii: "\""):
        let start = position
        skipString()
        if expectsName { open[open.count - 1].name = start + 1..<position - 1 }
        expectsName = false
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): number(&arena)
      default: position += 1
      }
    }
    guard hasChanged else { return false }
    append(copied..<bytes.count, to: &arena)
    return true
  }

  private mutating func skipString() {
    position += 1
    while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    position += 1
  }

  private mutating func number(_ arena: inout ByteArena) {
    let start = position
    var isPlain = true
    scan: while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isPlain = false
      default: break scan
      }
      position += 1
    }
    // The only other notation without a point and an exponent.
    let isNegativeZero = position - start == 2 && bytes[start] == UInt8(ascii: "-") && bytes[start + 1] == UInt8(ascii: "0")
    guard !isPlain || isNegativeZero else { return }
    let digits = text(start..<position)
    guard places.takesIntegersOnly(at: place()), Numbers.isWhole(digits.span) else { return }
    if !hasChanged { arena.begin() }
    hasChanged = true
    append(copied..<start, to: &arena)
    _ = Numbers.whole(digits.span, into: &arena)
    copied = position
  }

  /// The place of the current number.
  private mutating func place() -> Int {
    var place = start
    for level in open.indices {
      let own = open[level].place ?? place
      open[level].place = own
      if level + 1 < open.count, open[level + 1].place != nil { continue }
      let container = open[level]
      place = container.isObject ? places.member(text(container.name), of: own) : places.element(container.index, of: own)
    }
    return place
  }

  private func text(_ range: Range<Int>) -> Text {
    guard let base = bytes.baseAddress else { return .empty }
    return Text(start: base + range.lowerBound, count: range.count)
  }

  private func append(_ range: Range<Int>, to arena: inout ByteArena) { arena.append(text(range)) }
}
