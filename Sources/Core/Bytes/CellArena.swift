/// Raw memory for the lists of one record; works like `ByteArena`.
@safe public struct CellArena: ~Copyable {
  private var base: UnsafeMutablePointer<Cell>
  private var capacity: Int
  private var used = 0
  private var retired: [UnsafeMutablePointer<Cell>] = unsafe []

  public init(capacity: Int = 1024) {
    precondition(capacity > 0)
    self.capacity = capacity
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deallocate()
    for index in unsafe retired.indices { unsafe retired[index].deallocate() }
  }

  /// Forgets every list handed out.
  public mutating func reset() {
    used = 0
    guard unsafe !retired.isEmpty else { return }
    for index in unsafe retired.indices { unsafe retired[index].deallocate() }
    unsafe retired.removeAll(keepingCapacity: true)
  }

  /// Reserves `count` cells that stay valid until `reset()`; the caller fills them.
  public mutating func take(_ count: Int) -> UnsafeMutableBufferPointer<Cell> {
    if capacity - used < count {
      unsafe retired.append(base)
      capacity = max(capacity * 2, count * 2)
      unsafe base = .allocate(capacity: capacity)
      used = 0
    }
    let cells = unsafe UnsafeMutableBufferPointer(start: base + used, count: count)
    used += count
    return unsafe cells
  }
}

extension Cell {
  public init(list: UnsafeMutableBufferPointer<Cell>, count: Int) {
    unsafe self.init(kind: .list, pointer: UnsafeRawPointer(list.baseAddress), count: count)
  }
}
