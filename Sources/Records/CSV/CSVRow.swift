import CLibCSV
package import Core

/// One row of a CSV file: its cells, exactly as in the file, and the line on which it begins.
///
/// Points into the reader's memory: lives until the reader is fed again.
package struct CSVRow: BitwiseCopyable {
  /// Why a row cannot be used.
  package enum Problem: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
    /// A quote inside a cell that does not begin with one, where that is not text.
    case strayQuote
    /// The same, with only spaces before it: `1, "Doe, Ann"`.
    case quoteAfterSpaces
    /// A closing quote that is not followed by a delimiter or a line break.
    case textAfterQuote
    /// The file ends inside a quoted cell.
    case unclosedQuote
    /// More or fewer cells than the header has.
    case ragged
    /// The header again, in the middle of the file.
    case repeatedHeader
    case invalidUTF8
    /// More bytes than `CSVReader.Options.maximumRowBytes`.
    case tooLarge

    package var code: ProblemCode {
      switch self {
      case .strayQuote, .quoteAfterSpaces, .textAfterQuote, .unclosedQuote: .invalidCSV
      case .ragged: .raggedRow
      case .repeatedHeader: .repeatedHeader
      case .invalidUTF8: .invalidUTF8
      case .tooLarge: .recordTooLarge
      }
    }
  }

  /// Where a cell is in the row's bytes.
  struct Mark: BitwiseCopyable {
    private var cell: waybill_csv_cell

    init(start: Int, count: Int) { cell = waybill_csv_cell(start: UInt32(start), count: UInt32(count)) }

    /// Of a cell that is empty and not quoted. No other cell has this size (`CSVRowCollector.init`).
    init(nullAt start: Int) { cell = waybill_csv_cell(start: UInt32(start), count: .max) }

    var isNull: Bool { cell.count == .max }
    var start: Int { Int(cell.start) }
    var count: Int { isNull ? 0 : Int(cell.count) }
  }

  let bytes: UnsafePointer<UInt8>
  let marks: UnsafeBufferPointer<Mark>
  let mark: CSVRowCollector.RowMark
  /// The number of cells that the header has; nil without a header.
  private let expected: Int?

  init(_ mark: CSVRowCollector.RowMark, in collector: borrowing CSVRowCollector, expected: Int?) {
    bytes = UnsafePointer(collector.bytes.base + mark.firstByte)
    marks = UnsafeBufferPointer(start: collector.cells.base + mark.firstCell, count: mark.keptCells)
    self.mark = mark
    self.expected = expected
  }

  /// From 1: the line of the file on which the row begins, however many line breaks its cells contain.
  package var line: Int { mark.line }

  /// Rows with a misplaced or unclosed quote, or that are too large, have no cells; the others keep theirs.
  package var problem: Problem? {
    if let problem = mark.problem { return problem }
    guard let expected else { return mark.keptCells < mark.cellCount ? .tooLarge : nil }
    return expected == mark.cellCount ? nil : .ragged
  }

  /// The line of the opening quote of a cell that would have swallowed the line on which this row begins: the row may be
  /// text that only looks like one. Nil for rows that are not suspect.
  package var resynchronizedFrom: Int? { mark.suspectQuote > 0 ? mark.suspectQuote : nil }

  /// The index of the first unquoted cell with a quote inside, which is text; nil if there is none.
  package var bareQuoteCell: Int? { mark.bareQuoteCell < 0 ? nil : Int(mark.bareQuoteCell) }
  package var bareQuoteLine: Int { mark.quoteLine }

  /// The index of the first cell with a control character; nil if there is none.
  package var controlCell: Int? { mark.controlCell < 0 ? nil : Int(mark.controlCell) }

  package var count: Int { marks.count }

  /// The content of a cell: spaces kept, quotes removed, `""` inside them reduced to one.
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
    case .strayQuote?:
      "an unquoted cell on line \(mark.quoteLine) contains a quote: quote the whole cell and double the quotes inside it"
    case .quoteAfterSpaces?:
      "a cell on line \(mark.quoteLine) has spaces before its opening quote: remove the spaces"
    case .textAfterQuote?:
      "the quoted cell that opens on line \(mark.quoteLine) has text after its closing quote\(swallowed)"
    case .unclosedQuote?:
      "the quoted cell that opens on line \(mark.quoteLine) is never closed\(swallowed)"
    case .ragged?:
      "the row has \(mark.cellCount) \(mark.cellCount == 1 ? "cell" : "cells"), the header has \(expected ?? 0)"
    case .repeatedHeader?:
      "the row repeats the header, as in files that were joined: remove it, or read the files one by one"
    case .invalidUTF8?: InvalidUTF8.sentence("a cell", firstInvalidCell.span)
    case .tooLarge?: "the row exceeds the maximum record size"
    }
  }

  /// Why a valid row is suspect, for messages.
  package var resynchronizedText: String? {
    resynchronizedFrom.map {
      "the quoted cell that opens on line \($0) would have swallowed this line, which may be text that only looks like a row"
    }
  }

  /// The first cell that is not valid UTF-8; an empty one if all that are kept are valid.
  private var firstInvalidCell: Text {
    (0..<count).lazy.map { self[$0] }.first { InvalidUTF8.firstInvalid($0.span) != nil } ?? .empty
  }

  /// The end of a message about a bad cell: how many lines it would have swallowed.
  private var swallowed: String {
    mark.swallowed == 0 ? "" : "; it would have swallowed \(mark.swallowed) \(mark.swallowed == 1 ? "line" : "lines")"
  }
}
