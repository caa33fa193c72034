/// What blocks a path: a value of a different shape than the path's next step takes, or several values where it takes one.
package struct Obstacle: Sendable, Hashable {
  package enum Reason: Int64, Sendable, Hashable {
    /// The value after the steps has a different shape than the next step takes.
    case otherShape = 0
    /// An element of the list after the steps has no selector member, and no other element was selected.
    case strayElement = 1
    /// Several custom fields have this id, and they differ.
    case repeatedField = 2
    /// A custom field has different values under several of its names.
    case severalValues = 3
    /// A custom field has no value under a known name, but something under a similar one.
    case unknownValueName = 4
  }

  package var reason: Reason
  /// The kind of the blocking value.
  package var kind: CellKind
  /// The number of path steps that lead to it.
  package var steps: Int
}

extension Cell {
  /// For the rest of a path beyond this value, which takes a different shape.
  package static func blocked(by cell: Cell) -> Cell {
    let text = cell.text
    // A list in a list is kept as its text.
    let isList = unsafe cell.kind == .object && text.count > 0 && text.start[0] == UInt8(ascii: "[")
    return unsafe Cell(
      kind: .blocked, pointer: text.count > 0 ? cell.pointer : nil, count: text.count,
      flags: isList ? CellKind.list.rawValue : cell.kindCode)
  }

  /// The obstacle of a blocked cell. The cell's text is that of the value: the bytes of a string, the JSON of anything
  /// else, or nothing.
  package var obstacle: Obstacle {
    Obstacle(
      reason: Obstacle.Reason(rawValue: number >> 32) ?? .otherShape, kind: CellKind(rawValue: flags) ?? .missing,
      steps: Int(truncatingIfNeeded: number & 0xFFFF_FFFF))
  }
}
