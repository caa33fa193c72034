import Core
package import Files

/// Reads whole small files that people write or export: schemas, lookups, definitions of custom fields. They are decompressed
/// and converted to UTF-8 as files of records are.
package enum SmallText {
  /// Why a file was not read.
  package enum Failure: Error, Hashable {
    /// As `SmallFile`.
    case file(SmallFile.Failure)
    /// It is not text, or does not have the encoding that it should have: a sentence.
    case content(String)
  }

  /// - Parameters:
  ///   - name: what sentences call the file: `the schema file 'a.json'`.
  ///   - encoding: as it was declared; nil: a form of Unicode.
  package static func bytes(
    of path: String, as name: String? = nil, encoding: String? = nil, atMost maximumBytes: Int = SmallFile.maximumBytes
  ) -> Result<[UInt8], Failure> {
    let bytes: [UInt8]
    switch SmallFile.bytes(of: path, atMost: maximumBytes) {
    case .success(let read): bytes = read
    case .failure(let failure): return .failure(.file(failure))
    }
    do {
      let name = name ?? "'\(path)'"
      let content = try TextContent.decompressed(MemoryInput(bytes), name)
      var text = try TextContent.text(content, name, encoding: encoding)
      guard let whole = try text.readAll(atMost: maximumBytes) else { return .failure(.file(.tooLarge)) }
      return .success(whole)
    } catch {
      return .failure(.content(OperationFailure(error).description))
    }
  }
}
