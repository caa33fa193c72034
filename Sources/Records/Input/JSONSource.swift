package import Core
package import Files

/// Records of one JSON text: the elements of its array, or its values one after another (one object, or several, over any
/// number of lines). Elements are found by their brackets alone; the walker then validates each. Only the current element is
/// held.
///
/// If the elements of an array cannot be separated any further, or the input ends before it is closed, nothing after that
/// place could be counted: after the records before it, `fill` throws an `OperationFailure` that names the place.
package struct JSONSource: RecordSource {
  private enum Place {
    case outside, expectsFirst, expectsElement, expectsComma, behind
  }

  private var input: any ByteInput
  private let path: String
  private let batchSize: Int
  private let maximumRecord: Int
  private let chunk: UnsafeMutableBufferPointer<UInt8>
  private let memory: Memory
  private var chunkCount = 0
  private var position = 0
  private var line = 1
  private var offset = 0
  private var records = 0
  private var place = Place.outside
  private var isArray = false
  private var hasValues = false
  private var hasEnded = false
  /// Why nothing after this place can be read.
  private var failure: (any Error)?

  private final class Memory {
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    deinit { chunk.deallocate() }
  }

  /// `path`: the input's name in failures.
  package init(
    _ input: any ByteInput, path: String = "the input", batchSize: Int = 256 * 1024, maximumRecord: Int = 16 << 20
  ) {
    self.input = input
    self.path = path
    self.batchSize = batchSize
    self.maximumRecord = maximumRecord
    memory = Memory()
    chunk = memory.chunk
  }

  package var cursor: RecordCursor { RecordCursor(records: records, line: line, offset: offset) }

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

  /// One byte of white space, one mark, or one element. False at the end.
  private mutating func step(into batch: RecordBatch) throws -> Bool {
    guard try refill() else {
      if isArray, place != .behind { fail("it ends before the array is closed") }
      return false
    }
    let byte = chunk[position]
    if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      advance(1)
    } else if offset == 0, byte == 0xEF {
      for _ in 0..<3 where try refill() { advance(1) }
    } else {
      try take(byte, into: batch)
    }
    return true
  }

  /// The next byte that is not white space, between elements.
  private mutating func take(_ byte: UInt8, into batch: RecordBatch) throws {
    if place == .outside, byte == UInt8(ascii: "["), !isArray, !hasValues {
      isArray = true
      place = .expectsFirst
      advance(1)
    } else if isArray, byte == UInt8(ascii: "]"), place == .expectsFirst || place == .expectsComma {
      place = .behind
      advance(1)
    } else if isArray, byte == UInt8(ascii: ","), place == .expectsComma {
      place = .expectsElement
      advance(1)
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
      path, "\(reason) on line \(line), at byte \(offset + 1) of the input; what follows was not read")
  }

  private mutating func takeElement(into batch: RecordBatch) throws {
    let start = batch.count
    let (firstLine, firstOffset) = (line, offset)
    var scan = JSONElementScan()
    var isTooLong = false
    while try refillInside(batch, start, firstLine, firstOffset) {
      let rest = UnsafeBufferPointer(rebasing: chunk[position..<chunkCount])
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
      advance(count)
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
    do { return try refill() } catch {
      batch.count = start
      (line, offset) = (firstLine, firstOffset)
      throw error
    }
  }

  /// Skips bytes of the current chunk, counting lines.
  private mutating func advance(_ count: Int) {
    var breaks = 0
    for index in position..<position + count { breaks &+= chunk[index] == 0x0A ? 1 : 0 }
    line += breaks
    position += count
    offset += count
  }

  /// Whether there is another byte; reads the next chunk if the current one is used up.
  private mutating func refill() throws -> Bool {
    guard position == chunkCount else { return true }
    guard !hasEnded, let base = chunk.baseAddress else { return false }
    chunkCount = try input.read(into: base, count: chunk.count)
    position = 0
    hasEnded = chunkCount == 0
    return !hasEnded
  }
}

extension SourceFormat {
  package static let json = SourceFormat("json", extensions: ["json"], traits: .isOneText) { input, name, reading in
    JSONSource(input, path: name, maximumRecord: reading.maximumRecordBytes)
  }
}
