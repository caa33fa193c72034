/// One owned buffer of raw JSON records, with the range of each: the unit of work. Its user may permit rows of a table to be
/// cells instead (`rowRequest`); `rows` says whether they are.
///
/// 64 readable bytes follow the content, as the walker requires. One task at a time works on a batch.
@safe package final class RecordBatch: @unchecked Sendable {
  /// A record in the batch, or a place where one could not be read.
  package struct Item: BitwiseCopyable, Sendable {
    /// Bytes of the batch; empty if `fault` says why there are none.
    package var start: Int
    package var end: Int
    /// From 1.
    package var line: Int
    /// Bytes from the beginning of the input.
    package var offset: Int
    /// Bytes from the beginning of its line; -1: unknown.
    package var column: Int
    package var fault: ProblemCode?
    /// About a record that is processed anyway.
    package var warnings: RecordWarnings
    /// The index of descriptions of what is wrong, for `note(of:)`. -1: the codes say enough.
    fileprivate(set) var note: Int32 = -1

    package init(
      start: Int, end: Int, line: Int, offset: Int, column: Int = -1, fault: ProblemCode? = nil, warnings: RecordWarnings = []
    ) {
      self.start = start
      self.end = end
      self.line = line
      self.offset = offset
      self.column = column
      self.fault = fault
      self.warnings = warnings
    }
  }

  /// A description of what is wrong with an item.
  package struct Note: Sendable {
    package var code: ProblemCode
    package var text: String

    package init(_ code: ProblemCode, _ text: String) {
      self.code = code
      self.text = text
    }

    fileprivate func isSame(as other: Note) -> Bool { code == other.code && text.isExactly(other.text) }
  }

  package static let padding = 64

  package private(set) var base: UnsafeMutablePointer<UInt8>
  package private(set) var capacity: Int
  /// Bytes in use.
  package var count = 0
  package var items: [Item] = []
  /// Whether rows of a table may come as cells. Nil: all records come as JSON.
  package var rowRequest: RowRequest?
  /// Set by the source: the items without a fault are rows of this shape. Nil: they are JSON.
  package var rows: RowShape?
  /// Descriptions of what is wrong with items. Only the batch itself relates them to its items.
  private var notes: [[Note]] = []

  package init(capacity: Int = 256 * 1024) {
    self.capacity = capacity
    unsafe base = .allocate(capacity: capacity + Self.padding)
    unsafe base.initialize(repeating: 0, count: capacity + Self.padding)
  }

  deinit { unsafe base.deallocate() }

  package func removeAll() {
    count = 0
    items.removeAll(keepingCapacity: true)
    notes.removeAll(keepingCapacity: true)
    rows = nil
  }

  /// Adds an item with descriptions of its fault or its warnings. Neighbors often share their notes, which are then stored once.
  package func append(_ item: Item, notes added: [Note]) {
    var item = item
    if added.isEmpty { item.note = -1 } else { item.note = number(of: added) }
    items.append(item)
  }

  private func number(of added: [Note]) -> Int32 {
    if notes.last?.elementsEqual(added, by: { $0.isSame(as: $1) }) != true { notes.append(added) }
    return Int32(notes.count - 1)
  }

  /// Marks an item that the source has read as a fault.
  package func refuse(_ index: Int, note: Note) {
    items[index].note = number(of: notes(of: items[index]) + [note])
    items[index].fault = note.code
  }

  /// The description of a fault or a warning of one of this batch's items; nil if the code says enough.
  package func note(of item: Item, about code: ProblemCode) -> String? {
    notes(of: item).first { $0.code == code }?.text
  }

  package func notes(of item: Item) -> [Note] { notes.indices.contains(Int(item.note)) ? notes[Int(item.note)] : [] }

  /// Replaces everything in this batch with a copy of `other`.
  package func copy(_ other: RecordBatch) {
    removeAll()
    reserve(other.count)
    unsafe base.update(from: other.base, count: other.count)
    count = other.count
    items = other.items
    notes = other.notes
    rows = other.rows
  }

  /// Replaces everything in this batch with one item of `other`, followed by a line break.
  package func copy(_ item: Item, of other: RecordBatch) {
    removeAll()
    var copied = item
    copied.start = 0
    copied.end = item.end - item.start
    reserve(copied.end + 1)
    unsafe base.update(from: other.base + item.start, count: copied.end)
    unsafe base[copied.end] = 0x0A
    count = copied.end + 1
    rows = other.rows
    append(copied, notes: other.notes(of: item))
  }

  /// Reserves `wanted` bytes in total; the content is kept.
  package func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = max(wanted, capacity * 2)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
    unsafe buffer.initialize(repeating: 0, count: larger + Self.padding)
    unsafe buffer.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = unsafe buffer
    capacity = larger
  }

  /// Releases memory after an unusually large record.
  package func shrink(to wanted: Int) {
    guard capacity > wanted, count <= wanted else { return }
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Self.padding)
    unsafe buffer.initialize(repeating: 0, count: wanted + Self.padding)
    unsafe buffer.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = unsafe buffer
    capacity = wanted
  }

  package var bytes: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: base, count: count) }
}
