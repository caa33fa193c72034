/// What a file declares about its records before the first of them.
package struct TableHeader: Sendable, Hashable {
  /// The names of its columns, in the order of the file.
  package var columns: [String]
  /// How it was read to find them: its records must be read in the same way. Nil if a file of its format can be read in one way only.
  package var dialect: CSVDialect?

  package init(columns: [String], dialect: CSVDialect? = nil) {
    self.columns = columns
    self.dialect = dialect
  }
}
