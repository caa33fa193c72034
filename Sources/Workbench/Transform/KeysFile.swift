import Core
import Files
package import Records

/// `--keys MAPPING=FILE`: the keys that a mapping let through, from what it wrote: a CSV file's column, the member of NDJSON or
/// JSON records, or plain text with a key per line.
package struct KeysFile: Sendable, Hashable {
  package var mapping: String
  package var path: String
  /// The column or member (`address.id` in JSON); nil: the first one of the file.
  package var field: String?
  package var reading = FileReading()

  /// `contacts=out/contacts.csv`, `contacts=out/contacts.csv:contactId`; nil if it does not have this form.
  package init?(_ text: String) {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex else { return nil }
    mapping = String(text[..<equals])
    path = String(text[text.utf8.index(after: equals)...])
    if let colon = path.lastIndex(of: ":"), !path[colon...].contains("/"), !FilePath.exists(path) {
      field = String(path[path.index(after: colon)...])
      path = String(path[..<colon])
    }
    if path.isEmpty || field?.isEmpty == true { return nil }
  }

  /// - Throws: `OperationFailure`, like `KeysLoader.load`.
  func load(folder: String) throws -> LoadedKeys { try KeysLoader.load(self, folder: folder) }

  /// Several files may be given: the options for CSV apply only to files whose format has them.
  func reading(for format: SourceFormat) -> FileReading {
    var reading = reading
    if !format.readingParts.contains(.delimiter) { (reading.delimiter, reading.skipLines) = (nil, 0) }
    return reading
  }
}
