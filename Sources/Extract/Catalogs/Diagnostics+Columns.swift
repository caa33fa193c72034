package import Core

extension Diagnostics {
  /// A mapping reads a column that the header does not have. The header may be another one once it is known what is read;
  /// every other error stands with any columns.
  package var reportMissingColumn: Bool { all.contains { $0.code == .missingColumn } }
}
