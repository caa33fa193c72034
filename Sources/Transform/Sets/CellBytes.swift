import Core

/// Cells as bytes for temporary files of this process: kind, number and text of each, lists followed by their elements.
enum CellBytes {
  private static let head = 13

  static func append(_ cell: Cell, into out: inout ByteArena) {
    out.append(cell.kindCode)
    let count = UInt32(truncatingIfNeeded: cell.count)
    for shift in [0, 8, 16, 24] as [UInt32] { out.append(UInt8(truncatingIfNeeded: count >> shift)) }
    out.append(word: UInt64(bitPattern: cell.number))
    if cell.kind == .list {
      for element in cell.elements { append(element, into: &out) }
    } else {
      out.append(cell.text)
    }
  }

  /// The cell at the beginning of `bytes`, whose text stays where it is, and how many bytes it takes.
  static func read(_ bytes: UnsafePointer<UInt8>, _ lists: inout CellArena) -> (cell: Cell, size: Int) {
    let raw = UnsafeRawPointer(bytes)
    let kind = CellKind(rawValue: bytes[0]) ?? .missing
    let count = Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    let number = Int64(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 5, as: UInt64.self)))
    switch kind {
    case .list:
      let elements = lists.take(count)
      var size = head
      for index in 0..<count {
        let element = read(bytes + size, &lists)
        elements[index] = element.cell
        size += element.size
      }
      return (Cell(list: elements, count: count), size)
    case .missing, .null, .true, .false: return (Cell(kind: kind), head)
    default: return (Cell(kind: kind, text: Text(start: bytes + head, count: count), number: number), head + count)
    }
  }

  /// How many bytes the cell at the beginning of `bytes` takes.
  static func size(_ bytes: UnsafePointer<UInt8>) -> Int {
    let raw = UnsafeRawPointer(bytes)
    let count = Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    switch CellKind(rawValue: bytes[0]) ?? .missing {
    case .list:
      var size = head
      for _ in 0..<count { size += self.size(bytes + size) }
      return size
    case .missing, .null, .true, .false: return head
    default: return head + count
    }
  }
}
