package import Core

extension Diagnostics {
  /// A mapping reads a column that the header does not have. The header may change once it is known which columns are read;
  /// every other error holds whatever the columns are.
  package var reportMissingColumn: Bool { all.contains { $0.code == .missingColumn } }
}
