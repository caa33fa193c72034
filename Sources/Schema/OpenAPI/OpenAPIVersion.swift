/// A version of OpenAPI whose schema objects are read. 3.1 uses JSON Schema 2020-12; the older ones have a schema language of
/// their own, close to JSON Schema draft-04 (`OpenAPITranslation`).
enum OpenAPIVersion: Sendable, Hashable, CaseIterable {
  case swagger2, v30, v31

  var name: String {
    switch self {
    case .swagger2: "Swagger 2.0"
    case .v30: "OpenAPI 3.0"
    case .v31: "OpenAPI 3.1"
    }
  }

  /// Its schema objects are translated.
  var isTranslated: Bool { self != .v31 }

  /// Where a document keeps the schemas that have a name.
  var schemas: String { self == .swagger2 ? "/definitions" : "/components/schemas" }

  /// The keyword that also allows null. Swagger 2.0 has only the extension that most of its tools know.
  var nullable: String { self == .swagger2 ? "x-nullable" : "nullable" }

  /// Whether schema objects have a keyword (OpenAPI 3.0.3, section 4.7.24; Swagger 2.0, "Schema Object"). Any other keyword of JSON
  /// Schema has no effect.
  func has(_ keyword: Keyword) -> Bool {
    switch keyword {
    case .reference, .type, .enum, .allOf, .items, .properties, .additionalProperties, .multipleOf, .maximum, .exclusiveMaximum,
      .minimum, .exclusiveMinimum, .maxLength, .minLength, .pattern, .maxItems, .minItems, .uniqueItems, .maxProperties,
      .minProperties, .required, .format:
      true
    case .anyOf, .oneOf, .not: self != .swagger2
    default: !isTranslated
    }
  }
}
