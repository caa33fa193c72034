import Core

/// How much a mapping may produce from one record: vars and functions can double a text or a list at each link of a chain.
///
/// Texts are counted where functions make long ones, lists where they are copied or put into
/// one another: of these every element counts as often as it would be written, with its cell.
extension Evaluator {
  /// Levels of nested lists: none of our JSON readers accepts more.
  private static var maximumDepth: Int { 1024 }

  static var tooLarge: Failure {
    Failure(code: .recordTooLarge, detail: .tooLarge)
  }

  /// Bytes that may still be produced.
  var room: Int { program.valueLimit - madeBytes - arena.heldBytes }

  /// Counts the cells of a list that is about to be created; false, with a failure, if there is no room for them.
  mutating func mayMake(cells count: Int) -> Bool {
    madeBytes += count * MemoryLayout<Cell>.stride
    return room >= 0 || refuse(Self.tooLarge)
  }

  /// Counts the written size of a list of lists; false, with a failure, if that is too much.
  mutating func mayMake(_ list: Cell) -> Bool {
    var left = room
    let isFine = Self.count(list, &left, depth: 0)
    madeBytes = program.valueLimit - arena.heldBytes - left
    return isFine || refuse(Self.tooLarge)
  }

  private static func count(_ cell: Cell, _ left: inout Int, depth: Int) -> Bool {
    left -= MemoryLayout<Cell>.stride + cell.text.count
    guard left >= 0, depth <= maximumDepth else { return false }
    for element in cell.elements { guard count(element, &left, depth: depth + 1) else { return false } }
    return true
  }
}
