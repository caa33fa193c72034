/// A stack of values that keeps its memory: operands, and the elements of lists that macros are making.
struct ValueStack: ~Copyable {
  private(set) var base: UnsafeMutablePointer<ExpressionValue>
  private(set) var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  mutating func push(_ value: ExpressionValue) {
    if count == capacity { reserve(capacity * 2) }
    base[count] = value
    count += 1
  }

  mutating func truncate(to count: Int) { self.count = min(self.count, count) }

  /// Reserves `wanted` values in total; the content is kept.
  mutating func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = UnsafeMutablePointer<ExpressionValue>.allocate(capacity: wanted)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = wanted
  }
}
