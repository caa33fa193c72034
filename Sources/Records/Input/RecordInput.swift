package import Core
package import Files

/// Opens inputs of records.
package enum RecordInput {
  /// A file's bytes, decompressed if its name ends in `.gz`; `-` is standard input.
  ///
  /// - Throws: `OperationFailure`.
  package static func bytes(of path: String) throws -> any ByteInput {
    let file = try FileInput(path: path)
    return path.lowercased().hasSuffix(".gz") ? try GzipInput(file, path: path) : file
  }

  /// Whether the path is a file that ends: not a pipe, a device or a folder.
  package static func isRegular(_ path: String) -> Bool {
    FileKind.of(path) == .regular
  }

  /// Its records. `name`: what messages call the input, if not `path`.
  ///
  /// - Throws: `OperationFailure`.
  package static func open(
    _ path: String, format: SourceFormat, reading: RecordReading = .init(), as name: String? = nil
  ) throws -> any RecordSource {
    format.open(try bytes(of: path), name ?? path, reading)
  }
}
