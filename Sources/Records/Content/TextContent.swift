import Core
package import Files

/// From the bytes of a file to its text in UTF-8: decompressed, recognized and converted, by what the file contains and not by
/// its name.
///
///     bytes → gzip, as often as it was applied → refused if it is not text → UTF-16, UTF-32 or a declared encoding → UTF-8
package enum TextContent {
  /// The bytes of a file, decompressed. A file that is not text is refused, and the message says what it is.
  ///
  /// - Parameter path: the input's name in failures.
  /// - Throws: `OperationFailure`.
  package static func decompressed(_ input: any ByteInput, _ path: String) throws -> any ByteInput {
    var content = PeekedInput(input)
    for layer in 0...maximumLayers {
      let head = content.peek(ForeignContent.headBytes)
      guard head.starts(with: gzip) else {
        if let foreign = foreign(head, &content) { throw OperationFailure(.wrongFile, "\(path) \(foreign.sentence)") }
        // An upload that broke off before its first byte.
        if layer == 0, head.isEmpty, path.lowercased().hasSuffix(".gz") {
          throw OperationFailure.reading(path, "it is empty, which is not valid gzip data")
        }
        return content
      }
      content = PeekedInput(try GzipInput(content, path: path))
    }
    throw OperationFailure(.wrongFile, "\(path) is compressed with gzip more than \(maximumLayers) times: decompress it")
  }

  /// The text of a file in UTF-8, from its decompressed bytes, with at most one byte order mark.
  ///
  /// - Parameter encoding: as it was declared; nil: a form of Unicode.
  /// - Throws: `OperationFailure`, also if the bytes show another encoding than the declared one.
  package static func text(_ input: any ByteInput, _ path: String, encoding: String?) throws -> any ByteInput {
    try opened(input, path, encoding: encoding).text
  }

  /// The same, with the name of the encoding if it was detected, and is not UTF-8.
  static func opened(
    _ input: any ByteInput, _ path: String, encoding: String?
  ) throws -> (text: any ByteInput, detected: String?) {
    var content = PeekedInput(input)
    let name = try converted(content.peek(ForeignContent.headBytes), path, encoding)
    var text = name == nil ? content : PeekedInput(try ConvertedInput(content, path: path, encoding: name ?? ""))
    let head = text.peek(ForeignContent.headBytes)
    if let binary = ForeignContent.binary(head) { throw OperationFailure(.wrongFile, "\(path) \(binary.sentence)") }
    text.skip(extraMarks(Array(head.prefix(maximumMarks * UnicodeForm.utf8.mark.count))))
    return (text, encoding == nil ? name : nil)
  }

  /// Whether the file has its text as it is: a place in the one is the same place in the other.
  package static func isPlain(_ input: any ByteInput, encoding: String?) -> Bool {
    var content = PeekedInput(input)
    let head = content.peek(ForeignContent.headBytes)
    guard !head.starts(with: gzip), extraMarks(head) == 0 else { return false }
    do { return try converted(head, "", encoding) == nil } catch { return false }
  }

  /// The encoding that a file with these first bytes must be converted from; nil: it is UTF-8.
  private static func converted(_ head: [UInt8], _ path: String, _ encoding: String?) throws -> String? {
    let marked = UnicodeForm.marked(head)
    guard let encoding else {
      let form = marked ?? UnicodeForm.unmarked(head) ?? .utf8
      return form == .utf8 ? nil : form.rawValue
    }
    guard let declared = TextEncoding(encoding) else {
      throw OperationFailure(.usage, "cannot read \(path): the encoding '\(encoding)' \(TextEncoding.refusal(of: encoding))")
    }
    // The mark of UTF-16LE and a zero are also the mark of UTF-32LE.
    if let form = declared.forms.first(where: { head.starts(with: $0.mark) }) { return form == .utf8 ? nil : form.rawValue }
    if let marked {
      throw OperationFailure(
        .wrongFile,
        "\(path) begins with the byte order mark of \(marked.rawValue), but its encoding is declared as \(declared): "
          + "remove the declaration, or correct it")
    }
    switch declared.forms.count {
    case 0: return declared.name
    case 1: return declared.forms[0] == .utf8 ? nil : declared.forms[0].rawValue
    default:
      if let shown = UnicodeForm.unmarked(head), declared.forms.contains(shown) { return shown.rawValue }
      if head.isEmpty { return nil }
      let names = declared.forms.map { $0.rawValue.lowercased() }.joined(separator: " or ")
      throw OperationFailure(
        .wrongFile, "\(path) has no byte order mark, so \(declared) does not determine its byte order: write \(names)")
    }
  }

  /// Readers skip one byte order mark. The number of bytes of others before it, which a second program has put there.
  private static func extraMarks(_ head: [UInt8]) -> Int {
    let mark = UnicodeForm.utf8.mark
    var count = 0
    while head[(count * mark.count)...].starts(with: mark) { count += 1 }
    return max(0, count - 1) * mark.count
  }

  private static let gzip: [UInt8] = [0x1F, 0x8B]
  private static let maximumLayers = 4
  private static let maximumMarks = 16

  private static func foreign(_ head: [UInt8], _ content: inout PeekedInput) -> ForeignContent? {
    guard ForeignContent.isArchive(head) else { return ForeignContent.of(head) }
    return ForeignContent.archive(content.peek(ForeignContent.archiveBytes))
  }
}
