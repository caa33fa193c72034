/// One owned buffer of raw JSON records and where each begins and ends: the unit of work.
///
/// 64 readable bytes follow the content, as the walker asks. One task at a time works on a batch.
package final class RecordBatch: @unchecked Sendable {
  /// A record in the batch, or a place where one cannot be had.
  package struct Item: BitwiseCopyable, Sendable {
    /// Bytes of the batch; empty where `fault` says why there are none.
    package var start: Int
    package var end: Int
    /// From 1.
    package var line: Int
    /// Bytes from the beginning of the input.
    package var offset: Int
    /// Bytes from the beginning of its line; -1: not known.
    package var column: Int
    package var fault: ProblemCode?
    /// What is wrong with it in words, an index into `notes`; -1: what its code says.
    package var note: Int32

    package init(start: Int, end: Int, line: Int, offset: Int, column: Int = -1, fault: ProblemCode? = nil, note: Int32 = -1) {
      self.start = start
      self.end = end
      self.line = line
      self.offset = offset
      self.column = column
      self.fault = fault
      self.note = note
    }
  }

  package static let padding = 64

  package private(set) var base: UnsafeMutablePointer<UInt8>
  package private(set) var capacity: Int
  /// Bytes in use.
  package var count = 0
  package var items: [Item] = []
  package var notes: [String] = []

  package init(capacity: Int = 256 * 1024) {
    self.capacity = capacity
    base = .allocate(capacity: capacity + Self.padding)
    base.initialize(repeating: 0, count: capacity + Self.padding)
  }

  deinit { base.deallocate() }

  package func removeAll() {
    count = 0
    items.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
  }

  /// Room for `wanted` bytes in all; what is there stays.
  package func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = max(wanted, capacity * 2)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
    buffer.initialize(repeating: 0, count: larger + Self.padding)
    buffer.update(from: base, count: count)
    base.deallocate()
    base = buffer
    capacity = larger
  }

  /// Gives memory back after an unusually large record.
  package func shrink(to wanted: Int) {
    guard capacity > wanted, count <= wanted else { return }
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Self.padding)
    buffer.initialize(repeating: 0, count: wanted + Self.padding)
    buffer.update(from: base, count: count)
    base.deallocate()
    base = buffer
    capacity = wanted
  }

  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
}
