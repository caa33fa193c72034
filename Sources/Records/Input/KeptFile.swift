import Core
package import Files

/// A file that may have been compressed since it was written: `GzipFile` leaves `PATH.gz` in place of `PATH`.
package enum KeptFile {
  package static let suffix = ".gz"

  /// The content of `PATH`, or of `PATH.gz` where there is no `PATH`. While a file is being compressed, both are complete, so
  /// either will do. The first bytes do not matter: `PATH` is read as it is.
  ///
  /// - Throws: `OperationFailure` if there is neither, or it cannot be opened.
  package static func input(_ path: String) throws -> any ByteInput {
    if FileKind.of(path) == .regular {
      // Another process may be compressing it right now, and may remove it after the check.
      do { return try FileInput(path: path) } catch {
        guard FileKind.of(path) == nil else { throw error }
      }
    }
    let compressed = path + suffix
    guard FileKind.of(compressed) == .regular else { return try FileInput(path: path) }
    return try GzipInput(FileInput(path: compressed), path: compressed)
  }

  /// Whether the file is there, compressed or not.
  package static func exists(_ path: String) -> Bool {
    FileKind.of(path) == .regular || FileKind.of(path + suffix) == .regular
  }
}
