package import Core

/// One row of a CSV file: its cells, exactly as they stand in the file, and the line on which it begins.
///
/// Points into the reader's memory: lives until the reader is fed again.
package struct CSVRow: BitwiseCopyable {
  /// Why a row cannot be taken.
  package enum Problem: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    /// A quote inside a cell that does not begin with one, or text behind a closing quote.
    case strayQuote
    /// The file ends inside a quoted cell.
    case unclosedQuote
    /// More or fewer cells than the header has.
    case ragged
    case invalidUTF8
    /// More bytes than `CSVReader.Options.maximumRowBytes`.
    case tooLarge

    package var code: ProblemCode {
      switch self {
      case .strayQuote, .unclosedQuote: .invalidCSV
      case .ragged: .raggedRow
      case .invalidUTF8: .invalidUTF8
      case .tooLarge: .recordTooLarge
      }
    }
  }

  struct Mark: BitwiseCopyable {
    var start: Int
    var count: Int
    var isNull: Bool
  }

  let bytes: UnsafePointer<UInt8>
  let marks: UnsafeBufferPointer<Mark>
  /// From 1: the line of the file on which the row begins, whatever line breaks its cells hold.
  package let line: Int
  /// Rows with a stray or unclosed quote, or too large, have no cells; the others keep theirs.
  package let problem: Problem?
  /// The number of cells that the header has; nil without a header.
  let expected: Int?

  package var count: Int { marks.count }

  /// The content of a cell: spaces kept, quotes taken off, `""` inside them made one.
  package subscript(index: Int) -> Text {
    let mark = marks[index]
    return Text(start: bytes + mark.start, count: mark.count)
  }

  /// Whether a cell is empty and not quoted: `a,,b` has one, `a,"",b` has none.
  package func isNull(_ index: Int) -> Bool { marks[index].isNull }

  /// What is wrong with the row, for messages.
  package var problemText: String? {
    switch problem {
    case nil: nil
    case .strayQuote?: "a quote stands where none may be; a cell with a quote is quoted as a whole, its quotes doubled"
    case .unclosedQuote?: "a quoted cell is not closed before the file ends"
    case .ragged?: "the row has \(count) \(count == 1 ? "cell" : "cells"), the header has \(expected ?? 0)"
    case .invalidUTF8?: "a cell is no valid UTF-8"
    case .tooLarge?: "the row is larger than a record may be"
    }
  }
}
