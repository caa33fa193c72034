import Core
import Values

/// A record on its way through a profile.
struct RecordPlace: BitwiseCopyable {
  /// From 0, in the whole input.
  var position: Int
  /// See `RecordRank`.
  var rank: Int
  /// Of dates that are not in the future: days since 1970-01-01.
  var today: Int
}

/// What is known about the values of one field. Two tallies over different records merge into that over all of them, whatever the
/// records were divided by.
struct FieldTally: Sendable {
  static let mostShapes = 64
  static let mostShaped = 2_048
  /// A shape of a masked field that fewer values have is not shown.
  static let rareShape = 10

  // What every value changes comes first, so that it shares cache lines.
  private var lastRecord = -1
  private var lastFilled = -1
  private(set) var present = 0
  private(set) var filled = 0
  private(set) var values = 0
  private(set) var types = FieldSummary.Types()
  let isMasked: Bool
  /// `shapes.level`.
  private var shapesLevel = 0
  private(set) var lengths = LengthTally()
  private(set) var distinct = ValueSketch()
  private(set) var texts = TextBounds()
  /// The first record that has the field, and its place among the values of this record.
  private(set) var first = (position: Int.max, order: Int.max)
  private(set) var nulls = 0
  private(set) var blanks = 0
  private(set) var readsAs = FieldSummary.ReadsAs()
  private(set) var dates: DateTally
  private(set) var numbers: NumberTally
  private(set) var shapes = SampledCounts(capacity: Self.mostShapes, mostCounted: Self.mostShaped)

  init(isMasked: Bool) {
    self.isMasked = isMasked
    numbers = NumberTally(isMasked: isMasked)
    dates = DateTally(isMasked: isMasked)
  }

  /// A tally owns memory: it is released once, by its creator.
  func release() {
    lengths.release()
    numbers.release()
    distinct.release()
    shapes.release()
  }

  /// Counts one occurrence. `order`: its number among the values of the record.
  @inline(__always)
  mutating func add(_ cell: Cell, in record: RecordPlace, order: Int) {
    let kind = cell.kind
    if kind == .missing { return }
    if record.position != lastRecord {
      lastRecord = record.position
      present &+= 1
      if record.position < first.position { first = (record.position, order) }
    }
    let isFilled: Bool
    switch kind {
    case .string, .date, .datetime: isFilled = addText(cell.text, record)
    case .integer:
      types.integer &+= 1
      addNumber(Double(cell.number), cell.text.buffer, record)
      isFilled = true
    case .decimal, .number:
      types.number &+= 1
      addNumber(PlainNumber.ofNumber(cell.text.buffer), cell.text.buffer, record)
      isFilled = true
    case .true, .false:
      types.boolean &+= 1
      addBoolean(kind == .true, record)
      isFilled = true
    case .list:
      types.list &+= 1
      isFilled = cell.count > 0
      if isFilled { lengths.add(cell.count) }
    case .object:
      types.object &+= 1
      // The text of an empty object is `{}`; a count of members is 0.
      isFilled = cell.count > (cell.pointer == nil ? 0 : 2)
    case .null:
      nulls &+= 1
      return
    default: return
    }
    guard isFilled else {
      blanks &+= 1
      return
    }
    values &+= 1
    if record.position != lastFilled {
      lastFilled = record.position
      filled &+= 1
    }
  }

  /// False: it is blank.
  @inline(__always)
  private mutating func addText(_ text: Text, _ record: RecordPlace) -> Bool {
    types.text &+= 1
    let bytes = text.buffer
    if TextScan.isBlank(bytes) { return false }
    let scan = TextScan(bytes)
    lengths.add(scan.characters(of: bytes))
    addValue(scan.hash, bytes, record)
    if record.rank >= shapesLevel { addShape(bytes, record) }
    if !isMasked { texts.add(bytes, scan) }
    // Numbers and dates begin with a digit or a minus sign.
    let first = bytes[0]
    guard first &- 0x30 <= 9 || first == UInt8(ascii: "-") else { return true }
    if let date = DateTally.day(of: bytes) {
      readsAs.date &+= 1
      dates.add(date, date.daysSinceEpoch, today: record.today)
    } else if let number = PlainNumber.ofText(bytes) {
      readsAs.number &+= 1
      numbers.add(number, bytes)
    }
    return true
  }

  @inline(__always)
  private mutating func addNumber(_ number: Double?, _ text: UnsafeBufferPointer<UInt8>, _ record: RecordPlace) {
    if let number { numbers.add(number, text) }
    addValue(TextScan(text).hash, text, record)
  }

  private mutating func addBoolean(_ value: Bool, _ record: RecordPlace) {
    let word: StaticString = value ? "true" : "false"
    word.withUTF8Buffer { addValue(TextScan($0).hash, $0, record) }
  }

  @inline(__always)
  private mutating func addValue(_ hash: UInt64, _ text: UnsafeBufferPointer<UInt8>, _ record: RecordPlace) {
    let isMasked = isMasked
    distinct.add(hash, rank: record.rank) { isMasked ? .none : ValueText(text) }
  }

  @inline(never)
  private mutating func addShape(_ text: UnsafeBufferPointer<UInt8>, _ record: RecordPlace) {
    let shape = TextShape.of(text, isMasked: isMasked)
    // A masked text of punctuation alone would be shown whole.
    let count = isMasked && !shape.hasContent ? 0 : shape.count
    withUnsafeBytes(of: shape.bytes) { raw in
      let bytes = UnsafeBufferPointer(rebasing: raw.assumingMemoryBound(to: UInt8.self)[..<count])
      shapes.add(TextScan(bytes).hash, rank: record.rank) { ValueText(bytes) }
    }
    shapesLevel = shapes.level
  }

  mutating func merge(_ other: FieldTally) {
    if other.first < first { first = other.first }
    present += other.present
    filled += other.filled
    nulls += other.nulls
    blanks += other.blanks
    values += other.values
    types.add(other.types)
    readsAs.add(other.readsAs)
    lengths.merge(other.lengths)
    numbers.merge(other.numbers)
    dates.merge(other.dates)
    texts.merge(other.texts)
    distinct.merge(other.distinct)
    shapes.merge(other.shapes)
    shapesLevel = shapes.level
  }
}
