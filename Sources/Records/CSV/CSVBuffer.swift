/// Trivial elements in raw memory that grows and is reused: the buffer for a row, without an allocation once the working
/// size is reached.
struct CSVBuffer<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  mutating func append(_ element: Element) {
    if count == capacity { grow(by: 1) }
    (base + count).initialize(to: element)
    count += 1
  }

  mutating func append(_ source: UnsafePointer<Element>, count added: Int) {
    if capacity - count < added { grow(by: added) }
    (base + count).update(from: source, count: added)
    count += added
  }

  /// Where the next element goes; `reserve` gives room there, `take` makes what was put there part of the buffer.
  var end: UnsafeMutablePointer<Element> { base + count }

  mutating func reserve(_ added: Int) { if capacity - count < added { grow(by: added) } }

  mutating func take(_ added: Int) {
    precondition(added >= 0 && added <= capacity - count)
    count += added
  }

  /// Forgets the elements before `index`; the rest moves to the front.
  mutating func removeFirst(_ index: Int) {
    guard index > 0 else { return }
    count -= index
    base.update(from: base + index, count: count)
  }

  /// Forgets the elements from `index` on.
  mutating func truncate(to index: Int) { count = index }

  private mutating func grow(by needed: Int) {
    capacity = max(capacity * 2, count + needed)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }
}
