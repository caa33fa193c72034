package import Core
package import Files

/// The beginning of a CSV file: what its first lines say about how it is written, and all bytes that were read for that.
///
///     var opening = try CSVOpening(&input, path: path, reading)
///     var reader = CSVReader(options: opening.dialect.options(reading))
///     reader.feed(opening.head.span)            // then what else `input` gives
///
/// Everything that reads a CSV file begins with this, so that all readers see the same columns.
package struct CSVOpening {
  package let dialect: CSVDialect
  package let head: [UInt8]
  /// The input has no more bytes.
  package let isWhole: Bool
  /// What ended the reading, to be thrown after the rows of `head`.
  package let failure: (any Error)?

  /// The limits of detection: lines below those that are skipped, and bytes.
  private static let lines = 40
  private static let bytes = 64 * 1024
  /// The most bytes that skipped lines may have: a file without line breaks must not exhaust memory.
  static let skippedBytes = 64 << 20

  /// - Throws: `OperationFailure` if the file is refused.
  package init(_ input: inout any ByteInput, path: String, _ reading: RecordReading) throws(OperationFailure) {
    if let known = reading.dialect {
      (dialect, head, isWhole, failure) = (known, [], false, nil)
      return
    }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.bytes)
    defer { buffer.deallocate() }
    var head: [UInt8] = []
    var extent = Extent(skipping: reading.file.skipLines)
    var isWhole = false
    var failure: (any Error)?
    while !isWhole, failure == nil, !extent.isComplete, let base = buffer.baseAddress {
      do {
        let received = try input.read(into: base, count: buffer.count)
        isWhole = received == 0
        head += buffer[..<received]
        extent.take(head)
      } catch { failure = error }
      if extent.isSkipping, head.count > Self.skippedBytes {
        let count = reading.file.skipLines
        throw OperationFailure.csv(
          path, line: 1,
          "the first \(count == 1 ? "line, which is skipped, has" : "\(count) lines, which are skipped, have") more than "
            + "\(Self.skippedBytes >> 20) MiB: correct skip_lines")
      }
    }
    self.head = head
    self.isWhole = isWhole
    self.failure = failure
    do throws(CSVDialectDetection.Refusal) {
      // Bytes beyond the limits must not change what is detected.
      let bytes = head[..<extent.end]
      dialect = try CSVDialectDetection(bytes, isWhole: isWhole && extent.end == head.count, path: path, reading).dialect()
    } catch {
      throw OperationFailure.csv(path, line: error.line, error.reason)
    }
  }

  /// How far the first lines go.
  private struct Extent {
    private(set) var end = 0
    private(set) var isComplete = false
    private var linesToSkip: Int
    var isSkipping: Bool { linesToSkip > 0 }
    private var lines = 0
    /// Where the lines begin that are not skipped.
    private var start = 0
    private var endedWithReturn = false

    init(skipping lines: Int) { linesToSkip = lines }

    mutating func take(_ bytes: [UInt8]) {
      while !isComplete, end < bytes.count {
        let byte = bytes[end]
        end += 1
        let isPair = endedWithReturn && byte == 0x0A
        endedWithReturn = byte == 0x0D
        if linesToSkip > 0 || isPair && lines == 0 {
          if byte == 0x0A && !isPair || byte == 0x0D { linesToSkip -= 1 }
          start = end
          continue
        }
        if byte == 0x0A && !isPair || byte == 0x0D { lines += 1 }
        isComplete = lines == CSVOpening.lines || end - start == CSVOpening.bytes
      }
    }
  }
}
