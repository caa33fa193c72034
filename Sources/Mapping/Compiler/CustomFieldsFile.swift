package import Core
package import Files

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
    return list.compactMap(definition)
  }

  private static func definition(_ value: JSONValue) -> CustomFieldDefinition? {
    guard let id = value["id"]?.stringValue, let fieldKey = value["fieldKey"]?.stringValue else { return nil }
    if let model = value["model"]?.stringValue, model != "contact" { return nil }
    let prefix = "contact."
    return CustomFieldDefinition(
      id: id,
      key: fieldKey.hasPrefix(exactly: prefix)
        ? String(fieldKey.unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : fieldKey,
      name: value["name"]?.stringValue ?? fieldKey,
      dataType: value["dataType"]?.stringValue.flatMap { .init(rawValue: $0) } ?? .unknown,
      options: (value["picklistOptions"]?.arrayValue ?? []).compactMap {
        $0.stringValue ?? $0["value"]?.stringValue ?? $0["name"]?.stringValue
      })
  }
}
