package import Core
package import Files

/// Opens inputs of records.
package enum RecordInput {
  /// A file's text in UTF-8, whatever its content is compressed with and encoded in; `-` is standard input.
  ///
  /// - Throws: `OperationFailure`.
  package static func text(of path: String, encoding: String? = nil, as name: String? = nil) throws -> any ByteInput {
    try TextContent.text(content(of: path), name ?? self.name(of: path), encoding: encoding)
  }

  /// A file's bytes, decompressed.
  ///
  /// - Throws: `OperationFailure`.
  package static func content(of path: String) throws -> any ByteInput {
    try TextContent.decompressed(FileInput(path: path), name(of: path))
  }

  /// Whether places in a file's text are places in the file: it is neither compressed nor converted.
  static func isPlain(_ path: String, encoding: String?) throws -> Bool {
    TextContent.isPlain(try FileInput(path: path), encoding: encoding)
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
    let name = name ?? self.name(of: path)
    return format.open(try text(of: path, encoding: reading.file.encoding, as: name), name, reading)
  }

  private static func name(of path: String) -> String { path == "-" ? "standard input" : path }
}
