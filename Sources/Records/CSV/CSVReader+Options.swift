import Core

extension CSVReader {
  package struct Options: Sendable, Hashable {
    /// One ASCII byte.
    package var delimiter: UInt8
    /// The first row names the columns: it becomes `header` instead of a row, and other rows must have the same number of cells.
    package var hasHeader: Bool
    package var maximumRowBytes: Int
    /// Lines at the beginning of the file that belong to no row, whatever they contain.
    package var linesAbove = 0
    package var quotes = FileReading.Quotes.lenient
    /// Whether rows of empty cells count as rows, in a file with a header.
    package var keepsEmptyRows = false

    package init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true, maximumRowBytes: Int = 16 << 20) {
      self.delimiter = delimiter
      self.hasHeader = hasHeader
      self.maximumRowBytes = maximumRowBytes
    }
  }

  /// A quoted cell that was still open at the end of a line.
  struct OpenCell {
    /// The line of its opening quote.
    var line: Int
    /// Its index in the row.
    var cell: Int
  }

  /// Why reading cannot continue: a quoted cell took more than `maximumRowBytes` before its fault was detected.
  package struct Failure: DescribedError, Hashable {
    /// The line of the opening quote.
    package let line: Int
    package let limit: Int

    package var description: String {
      "the quoted cell that opens on line \(line) has a missing or misplaced closing quote, and exceeded \(limit) bytes "
        + "(max_record_bytes) before this was detected: close the quote, or double quotes inside a quoted cell"
    }
  }
}
