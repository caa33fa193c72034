/// Raw memory for the lists and maps of one record; works as `ByteArena` does.
struct ValueArena: ~Copyable {
  private var base: UnsafeMutablePointer<ExpressionValue>
  private var capacity: Int
  private var used = 0
  private var retired: [UnsafeMutablePointer<ExpressionValue>] = []

  init(capacity: Int = 512) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit {
    base.deallocate()
    for chunk in retired { chunk.deallocate() }
  }

  /// Forgets everything handed out. Keeps the largest chunk.
  mutating func reset() {
    used = 0
    guard !retired.isEmpty else { return }
    for chunk in retired { chunk.deallocate() }
    retired.removeAll(keepingCapacity: true)
  }

  /// Reserves `count` values that stay valid until `reset()`; the caller fills them.
  mutating func take(_ count: Int) -> UnsafeMutablePointer<ExpressionValue> {
    if capacity - used < count {
      retired.append(base)
      capacity = max(capacity * 2, count * 2)
      base = .allocate(capacity: capacity)
      used = 0
    }
    let values = base + used
    used += count
    return values
  }
}
