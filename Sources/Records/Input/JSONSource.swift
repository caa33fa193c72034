package import Core
package import Files

/// Records of one JSON text: the elements of its array, or its values one after another (one object, or several, over any
/// number of lines); with a pointer, the elements of the list that it leads to. Elements are found by their brackets alone; the
/// walker then validates each. Only the current element is held.
///
/// If the elements of an array cannot be separated any further, or the input ends before it is closed, nothing after that
/// place could be counted: after the records before it, `fill` throws an `OperationFailure` that names the place.
package struct JSONSource: RecordSource {
  private enum Place {
    case outside, expectsFirst, expectsElement, expectsComma, behind
  }

  private var bytes: JSONBytes
  private let path: String
  private let batchSize: Int
  private let maximumRecord: Int
  /// Nil: the document itself is the list, or the records.
  private var locator: RecordsLocator?
  private var records = 0
  private var place = Place.outside
  private var isArray = false
  private var hasValues = false
  /// Byte order marks between values, as in files that were joined.
  private var innerMarks = 0
  /// Why nothing after this place can be read.
  private var failure: (any Error)?

  /// `path`: the input's name in failures; `list`: where the records are in the document.
  package init(
    _ input: any ByteInput, path: String = "the input", batchSize: Int = 256 * 1024, maximumRecord: Int = 16 << 20,
    list: RecordsPointer? = nil
  ) {
    bytes = JSONBytes(input)
    self.path = path
    self.batchSize = batchSize
    self.maximumRecord = maximumRecord
    locator = list.map { RecordsLocator($0, path: path) }
  }

  package var cursor: RecordCursor { RecordCursor(records: records, line: bytes.line, offset: bytes.offset) }

  package var notes: [InputNote] { [InputNote.byteOrderMarks(innerMarks)].compactMap(\.self) }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: batchSize * 2)
    while batch.count < batchSize, batch.items.count < 65_536, failure == nil {
      do {
        guard try step(into: batch) else { break }
      } catch {
        failure = error
      }
    }
    // The records before the fault are returned first, so that they are counted.
    if batch.items.isEmpty, let failure { throw failure }
    records += batch.items.count
    return !batch.items.isEmpty
  }

  /// One mark, or one element. False at the end.
  private mutating func step(into batch: RecordBatch) throws -> Bool {
    if place == .outside, !isArray, locator != nil {
      try locator?.enter(&bytes)
      isArray = true
      place = .expectsFirst
      return true
    }
    guard let byte = try bytes.skipSpace() else {
      if isArray, place != .behind { fail("it ends before the array is closed") }
      return false
    }
    try take(byte, into: batch)
    return true
  }

  /// The next byte that is not white space, between elements.
  private mutating func take(_ byte: UInt8, into batch: RecordBatch) throws {
    if place == .outside, byte == UInt8(ascii: "["), !isArray, !hasValues {
      isArray = true
      place = .expectsFirst
      bytes.advance(1)
    } else if place == .outside, byte == 0xEF, hasValues {
      guard try bytes.skipMark() else { return fail("a byte that does not begin a value follows") }
      innerMarks += 1
    } else if isArray, byte == UInt8(ascii: "]"), place == .expectsFirst || place == .expectsComma {
      place = .behind
      bytes.advance(1)
      try locator?.leave(&bytes)
    } else if isArray, byte == UInt8(ascii: ","), place == .expectsComma {
      place = .expectsElement
      bytes.advance(1)
    } else if isArray, place == .behind {
      fail("something follows the array")
    } else if isArray, place == .expectsComma {
      fail("a comma or ']' is missing")
    } else if isArray, byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
      fail("an element is missing")
    } else {
      try takeElement(into: batch)
      hasValues = true
      if isArray { place = .expectsComma }
    }
  }

  private mutating func fail(_ reason: String) {
    failure = OperationFailure.reading(
      path, "\(reason) on line \(bytes.line), at byte \(bytes.offset + 1) of the input; what follows was not read")
  }

  private mutating func takeElement(into batch: RecordBatch) throws {
    let start = batch.count
    let (firstLine, firstOffset) = (bytes.line, bytes.offset)
    var scan = JSONElementScan()
    var isTooLong = false
    while try refillInside(batch, start, firstLine, firstOffset) {
      let rest = bytes.rest
      let (count, hasEnded) = scan.take(rest)
      if !isTooLong, batch.count - start + count > maximumRecord {
        isTooLong = true
        batch.count = start
      }
      if !isTooLong, let base = rest.baseAddress {
        batch.reserve(batch.count + count)
        (batch.base + batch.count).update(from: base, count: count)
        batch.count += count
      }
      bytes.advance(count)
      if hasEnded { break }
    }
    batch.items.append(
      RecordBatch.Item(
        start: start, end: batch.count, line: firstLine, offset: firstOffset, fault: isTooLong ? .recordTooLarge : nil))
    // Separates elements for the indexer.
    batch.reserve(batch.count + 1)
    batch.base[batch.count] = 0x0A
    batch.count += 1
  }

  /// Like `refill`, in the middle of an element: if the input fails, nothing of the element remains, and the cursor is before it.
  private mutating func refillInside(
    _ batch: RecordBatch, _ start: Int, _ firstLine: Int, _ firstOffset: Int
  ) throws -> Bool {
    do { return try bytes.refill() } catch {
      batch.count = start
      bytes.back(toLine: firstLine, offset: firstOffset)
      throw error
    }
  }
}

extension SourceFormat {
  package static let json = SourceFormat(
    "json", extensions: ["json"],
    inPipelines:
      "One JSON document per entity: an array of records, or a document with one inside ({path: PATH, records: /list}).",
    traits: .isOneText
  ) { input, name, reading in
    JSONSource(input, path: name, maximumRecord: reading.maximumRecordBytes, list: reading.file.records)
  }
}
