package import Core

/// Custom field definitions as GHL's API returns them, and as a snapshot and `source.custom_fields` keep them.
extension CustomFieldDefinition {
  /// The definition in one element of the API's `customFields`; nil if the ID or the key is missing, or the field is not
  /// a contact's.
  package init?(_ value: JSONValue) {
    guard let id = value["id"]?.stringValue, let fieldKey = value["fieldKey"]?.stringValue else { return nil }
    if let model = value["model"]?.stringValue, model != "contact" { return nil }
    let prefix = "contact."
    self.init(
      id: id,
      key: fieldKey.hasPrefix(exactly: prefix)
        ? String(fieldKey.unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : fieldKey,
      name: value["name"]?.stringValue ?? fieldKey,
      dataType: value["dataType"]?.stringValue.flatMap { Self.dataTypes[Name($0)] } ?? .unknown,
      options: (value["picklistOptions"]?.arrayValue ?? []).compactMap {
        $0.stringValue ?? $0["value"]?.stringValue ?? $0["name"]?.stringValue
      })
  }

  /// The definitions in a `custom-fields.json`: a list, or an object with `customFields`.
  package static func read(_ document: JSONValue) -> [CustomFieldDefinition] {
    ((document["customFields"] ?? document).arrayValue ?? []).compactMap { CustomFieldDefinition($0) }
  }

  /// `MONETORY` is the API's spelling.
  private static let dataTypes: [Name: DataType] = [
    "TEXT": .text, "LARGE_TEXT": .largeText, "PHONE": .phone, "EMAIL": .email, "SINGLE_OPTIONS": .singleOptions, "RADIO": .radio,
    "NUMERICAL": .numerical, "MONETORY": .monetary, "DATE": .date, "MULTIPLE_OPTIONS": .multipleOptions, "CHECKBOX": .checkbox,
    "FILE_UPLOAD": .fileUpload, "TEXTBOX_LIST": .textboxList,
  ]
}
