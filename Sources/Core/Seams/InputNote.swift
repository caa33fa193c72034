/// A source's note about its input as a whole. It is not a problem of any record, and changes no outcome.
///
///     delimiter ';' detected
///     2 empty rows skipped
package struct InputNote: Sendable, Hashable {
  package enum Code: String, Sendable, Hashable, CaseIterable {
    /// The file is not in UTF-8; its encoding was detected.
    case encoding
    /// The delimiter of a CSV file is not the usual one.
    case delimiter
    /// Lines above the header of a CSV file.
    case skippedLines = "skipped-lines"
    case emptyRows = "empty-rows"
    /// Rows with empty cells after the last column.
    case trailingCells = "trailing-cells"
    /// Columns at the end of a header that have no name.
    case namelessColumns = "nameless-columns"
    /// Byte order marks in the middle of a file.
    case byteOrderMarks = "byte-order-marks"
  }

  package var code: Code
  /// Nil: there is nothing to count.
  package var count: Int?
  package var text: String

  package init(_ code: Code, count: Int? = nil, _ text: String) {
    self.code = code
    self.count = count
    self.text = text
  }
}
