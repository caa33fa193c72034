package import Core

/// What a replay took from a table of rejects that people have corrected.
package struct CorrectionCounts: Sendable, Hashable, Codable {
  package struct Column: Sendable, Hashable, Codable {
    package var name: Name
    /// Rows with such a cell.
    package var rows: Int

    package init(name: Name, rows: Int) {
      self.name = name
      self.rows = rows
    }
  }

  /// The table has rejects of one mapping.
  package var mapping: Name
  /// All rows of the table.
  package var rows: Int
  /// Rows of items that are open, with at least one correction.
  package var corrected: Int
  /// Rows of items that are not open at the destination: their corrections are not sent.
  package var skipped: Int
  /// Columns with corrections, of rows that are open.
  package var columns: [Column]
  /// Columns with cells that a spreadsheet has reformatted: the source's values count.
  package var reformatted: [Column]
  /// Columns of the source that the table does not have: the source's values count.
  package var missing: [Name]

  package init(
    mapping: Name, rows: Int = 0, corrected: Int = 0, skipped: Int = 0, columns: [Column] = [], reformatted: [Column] = [],
    missing: [Name] = []
  ) {
    self.mapping = mapping
    self.rows = rows
    self.corrected = corrected
    self.skipped = skipped
    self.columns = columns
    self.reformatted = reformatted
    self.missing = missing
  }
}
