/// Raw memory for the lists of one record; works like `ByteArena`.
public struct CellArena: ~Copyable {
  private var base: UnsafeMutablePointer<Cell>
  private var capacity: Int
  private var used = 0
  private var retired: [UnsafeMutablePointer<Cell>] = []

  public init(capacity: Int = 1024) {
    precondition(capacity > 0)
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deallocate()
    for chunk in retired { chunk.deallocate() }
  }

  /// Forgets every list handed out.
  public mutating func reset() {
    used = 0
    guard !retired.isEmpty else { return }
    for chunk in retired { chunk.deallocate() }
    retired.removeAll(keepingCapacity: true)
  }

  /// Reserves `count` cells that stay valid until `reset()`; the caller fills them.
  public mutating func take(_ count: Int) -> UnsafeMutableBufferPointer<Cell> {
    if capacity - used < count {
      retired.append(base)
      capacity = max(capacity * 2, count * 2)
      base = .allocate(capacity: capacity)
      used = 0
    }
    let cells = UnsafeMutableBufferPointer(start: base + used, count: count)
    used += count
    return cells
  }
}

extension Cell {
  public init(list: UnsafeMutableBufferPointer<Cell>, count: Int) {
    self.init(kind: .list, pointer: UnsafeRawPointer(list.baseAddress), count: count)
  }
}
