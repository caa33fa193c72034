package import Core
package import Files
import Records

/// Custom field definitions from a file: the API's response (`{"customFields": […]}`), as a snapshot keeps it in
/// `custom-fields.json`, or the list alone.
package enum CustomFieldsFile {
  /// Problems of the file are reported at `place`, where a mapping names it, or in the file itself.
  package static func load(
    path: String, at place: SourcePlace? = nil, within boundary: FileBoundary? = nil, _ diagnostics: inout Diagnostics
  ) -> [CustomFieldDefinition]? {
    guard let bytes = TextFile.read(path, at: place, within: boundary, &diagnostics) else { return nil }
    let document: JSONValue
    do {
      document = try JSONReader.read(bytes)
    } catch {
      let message = "not valid JSON: \(error.message)"
      diagnostics.add(.init(.error, .wrongKind, at: SourcePlace(file: path, line: error.line, column: error.column), message))
      return nil
    }
    guard let list = (document["customFields"] ?? document).arrayValue else {
      let start = place ?? SourcePlace(file: path, line: 1, column: 1)
      let hint = "it is the response of GET /locations/ID/customFields"
      diagnostics.add(.init(.error, .wrongKind, at: start, "'\(path)' has no list 'customFields'", hint: hint))
      return nil
    }
    return list.compactMap { CustomFieldDefinition($0) }
  }
}
