/// Memory for numbers that one owner counts in, without the reference counting and the checks of an array: profiles go through it
/// once per value. Whoever made it releases it, once.
struct OwnedMemory<Element: BitwiseCopyable>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ count: Int, _ value: Element) {
    self.count = count
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: count)
  }

  func release() { base.deallocate() }

  /// The index is not checked.
  subscript(_ index: Int) -> Element {
    @inline(__always) get { base[index] }
    @inline(__always) nonmutating set { base[index] = newValue }
  }

  /// A larger one in its place, with `value` behind what is there.
  func grown(to count: Int, _ value: Element) -> OwnedMemory {
    let larger = OwnedMemory(count, value)
    for index in 0..<self.count { larger[index] = base[index] }
    release()
    return larger
  }

  var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }
}
