import Core
import Transform

/// Checks `normalizes` against the mapping.
extension HTTPDocument {
  func checkNormalized(by resource: ResourceDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    for field in resource.normalizes {
      func add(_ code: DiagnosticCode, _ message: String, _ hint: String?) {
        diagnostics.add(.init(.error, code, at: field.place, message, hint: hint))
      }
      let key = resource.key?.text ?? fields.key.first
      if let key, field.name.isExactly(key) {
        add(
          .badArgument, "normalizes: '\(field.name)' is the key, which is always compared exactly",
          "normalize it in the mapping, and remove it here")
      } else if !fields.has(field.path) {
        let hint =
          NearestName.hint(field.name, in: fields.names)
          ?? (fields.names.count > 12 ? nil : "the fields are: \(fields.names.joined(separator: ", "))")
        add(
          .unknownTargetField,
          "normalizes: the mapping '\(resource.mapping)' does not write '\(VisibleText.escaped(field.name))'", hint)
      } else if field.normalizers.contains(.unordered), let type = fields.type(of: field), !type.canBeList {
        add(
          .typeMismatch, "normalizes: '\(field.name)' is \(type.name), and only lists can be unordered", "remove 'unordered'")
      }
    }
  }
}

extension TargetFields {
  /// Nil if the path is not itself a field.
  fileprivate func type(of field: NormalizedField) -> ValueType? {
    names.firstIndex(exactly: field.name).map { model.fields[$0].type }
  }
}

extension ValueType {
  fileprivate var canBeList: Bool {
    switch self {
    // An object may contain lists.
    case .list, .object, .any: true
    case .oneOf(let types): types.contains { $0.canBeList }
    case .string, .integer, .decimal, .number, .boolean, .date, .datetime: false
    }
  }
}
