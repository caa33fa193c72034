/// What a reader skipped in a CSV file, or dropped from its rows, without losing a value.
package struct CSVTally: Sendable, Hashable {
  /// Rows whose cells are all empty.
  package var emptyRows = 0
  /// Rows with empty cells after the last column.
  package var longRows = 0
  /// Empty names at the end of the header.
  package var namelessColumns = 0
  /// Byte order marks in front of rows, except at the beginning of the file.
  package var innerMarks = 0
}
