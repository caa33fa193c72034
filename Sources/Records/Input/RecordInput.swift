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
    let (text, notes) = try opened(path, reading.file.encoding, name)
    return notes.isEmpty ? format.open(text, name, reading) : NotedSource(format.open(text, name, reading), notes)
  }

  /// The whole file as one record.
  ///
  /// - Throws: `OperationFailure`.
  package static func document(_ path: String, encoding: String?) throws -> any RecordSource {
    let (text, notes) = try opened(path, encoding, name(of: path))
    return notes.isEmpty ? DocumentSource(text) : NotedSource(DocumentSource(text), notes)
  }

  private static func opened(_ path: String, _ encoding: String?, _ name: String) throws -> (any ByteInput, [InputNote]) {
    let (text, detected) = try TextContent.opened(content(of: path), name, encoding: encoding)
    return (text, detected.map { [.encoding($0)] } ?? [])
  }

  private static func name(of path: String) -> String { path == "-" ? "standard input" : path }
}
