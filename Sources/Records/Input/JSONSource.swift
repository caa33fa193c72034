package import Core

/// Records of one JSON text: the elements of its array, or its values one after another (one object, or several, over
/// any number of lines). Elements are found by their brackets alone; the walker then validates each. Only the element at
/// hand is held.
package struct JSONSource: RecordSource {
  private enum Place {
    case outside, expectsFirst, expectsElement, expectsComma, behind
  }

  private var input: any ByteInput
  private let batchSize: Int
  private let maximumRecord: Int
  private let chunk: UnsafeMutableBufferPointer<UInt8>
  private let memory: Memory
  private var chunkCount = 0
  private var position = 0
  private var line = 1
  private var offset = 0
  private var place = Place.outside
  private var isArray = false
  private var hasValues = false
  private var hasEnded = false
  private var isBroken = false

  private final class Memory {
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    deinit { chunk.deallocate() }
  }

  package init(_ input: any ByteInput, batchSize: Int = 256 * 1024, maximumRecord: Int = 16 << 20) {
    self.input = input
    self.batchSize = batchSize
    self.maximumRecord = maximumRecord
    memory = Memory()
    chunk = memory.chunk
  }

  package mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: batchSize * 2)
    while batch.count < batchSize, batch.items.count < 65_536, !isBroken {
      guard let byte = try peek() else {
        if isArray, place != .behind { fault(in: batch) }
        break
      }
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
        advance(byte)
      } else if offset == 0, byte == 0xEF {
        for _ in 0..<3 { if let byte = try peek() { advance(byte) } }
      } else {
        try take(byte, into: batch)
      }
    }
    return !batch.items.isEmpty
  }

  /// The next byte that is no white space, between elements.
  private mutating func take(_ byte: UInt8, into batch: RecordBatch) throws {
    if place == .outside, byte == UInt8(ascii: "["), !isArray, !hasValues {
      isArray = true
      place = .expectsFirst
      advance(byte)
    } else if isArray, byte == UInt8(ascii: "]"), place == .expectsFirst || place == .expectsComma {
      place = .behind
      advance(byte)
    } else if isArray, byte == UInt8(ascii: ","), place == .expectsComma {
      place = .expectsElement
      advance(byte)
    } else if isArray, place == .behind || place == .expectsComma || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
      fault(in: batch)
    } else {
      try takeElement(into: batch)
      hasValues = true
      if isArray { place = .expectsComma }
    }
  }

  /// What follows cannot be told apart: one record error, and the end.
  private mutating func fault(in batch: RecordBatch) {
    batch.items.append(
      RecordBatch.Item(start: batch.count, end: batch.count, line: line, offset: offset, fault: .invalidJSON))
    isBroken = true
  }

  private mutating func takeElement(into batch: RecordBatch) throws {
    let start = batch.count
    let (firstLine, firstOffset) = (line, offset)
    var depth = 0
    var isString = false
    var isEscaped = false
    var isTooLong = false
    while let byte = try peek() {
      if !isString, depth == 0, batch.count > start || isTooLong {
        // A bare scalar ends where white space, a comma or a bracket begins.
        if byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { break }
      }
      advance(byte)
      if !isTooLong {
        batch.reserve(batch.count + 1)
        batch.base[batch.count] = byte
        batch.count += 1
        if batch.count - start > maximumRecord {
          isTooLong = true
          batch.count = start
        }
      }
      if isEscaped {
        isEscaped = false
      } else if isString {
        if byte == UInt8(ascii: "\\") { isEscaped = true }
        if byte == UInt8(ascii: "\"") { isString = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: continue
        }
      }
      if depth <= 0, !isString { break }
    }
    if isTooLong {
      batch.items.append(
        RecordBatch.Item(start: start, end: start, line: firstLine, offset: firstOffset, fault: .recordTooLarge))
    } else {
      batch.items.append(RecordBatch.Item(start: start, end: batch.count, line: firstLine, offset: firstOffset))
    }
    // Keeps elements apart for the indexer.
    batch.reserve(batch.count + 1)
    batch.base[batch.count] = 0x0A
    batch.count += 1
  }

  private mutating func advance(_ byte: UInt8) {
    position += 1
    offset += 1
    if byte == 0x0A { line += 1 }
  }

  private mutating func peek() throws -> UInt8? {
    if position == chunkCount {
      guard !hasEnded, let base = chunk.baseAddress else { return nil }
      chunkCount = try input.read(into: base, count: chunk.count)
      position = 0
      if chunkCount == 0 {
        hasEnded = true
        return nil
      }
    }
    return chunk[position]
  }
}
