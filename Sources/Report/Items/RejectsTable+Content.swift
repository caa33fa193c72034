import Core

extension RejectsTable {
  /// What is in a file that a table would replace.
  package enum FileContent: Sendable, Hashable {
    case nothing
    /// A table of rejects, perhaps corrected, or saved with a different delimiter.
    case rejects
    case other
  }

  /// Looks at the beginning of the first row only.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func content(of path: String) throws -> FileContent {
    guard let names = try FileHead.names(of: path) else { return .nothing }
    // Those of earlier versions do not have the last one.
    let known = own.filter { !$0.isExactly(advice) }
    return Array(names.prefix(known.count)).isExactly(known) ? .rejects : .other
  }
}
