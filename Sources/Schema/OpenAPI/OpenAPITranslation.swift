import Core

/// What the keywords of one schema object of OpenAPI 3.0 or Swagger 2.0 mean in JSON Schema. The document stays as it is, so
/// that messages quote the user's own file; its meaning is asked for when a keyword is read, and when it is written
/// (`StandaloneSchema`).
///
///     {"type": "string", "nullable": true}        ->  {"type": ["string", "null"]}
///     {"minimum": 0, "exclusiveMinimum": true}    ->  {"exclusiveMinimum": 0}
///     {"required": ["id"], "properties": {"id": {"readOnly": true}}}    ->  nothing is required of a request
///
/// - `nullable` works only beside `type` in the same schema object, and `enum` must list null as well (OpenAPI 3.0.3, section
///   4.7.24.1, and the proposal "Clarify Semantics of nullable" that led to its wording).
/// - Members that go one way only are not required in the other (`OneWayMembers`).
/// - `discriminator` selects a schema for tools that create classes; it does not change what is valid (3.0.4, section 4.8.25).
struct OpenAPITranslation {
  let document: SchemaDocument
  let node: Int
  let version: OpenAPIVersion
  /// Members that are not required, although `required` may list them.
  let oneWay: OneWayMembers

  enum Meaning {
    case keyword(Keyword, JSONValue)
    /// It has no effect, or a sibling has it.
    case none
    case mistake(String, hint: String)
  }

  /// The meaning of a keyword of this schema object that the version has.
  /// - Parameter child: the node of its value.
  func meaning(of keyword: Keyword, _ child: Int) -> Meaning {
    let value = document.value(child)
    switch keyword {
    case .type: return type(value)
    case .minimum where exclusive(.exclusiveMinimum, .minimum) != nil: return .none
    case .maximum where exclusive(.exclusiveMaximum, .maximum) != nil: return .none
    case .exclusiveMinimum: return limit(keyword, value, .minimum)
    case .exclusiveMaximum: return limit(keyword, value, .maximum)
    case .items where version == .v30 && value.arrayValue != nil:
      return .mistake(
        "'items' must be one schema, not a list of schemas", hint: "OpenAPI 3.0 has no schema for each element of a list")
    case .required:
      let optional = optionalNames
      guard let names = value.arrayValue, !optional.isEmpty else { return .keyword(keyword, value) }
      return .keyword(keyword, .array(names.filter { name in !optional.contains { $0.name.isExactly(name.stringValue ?? "") } }))
    default: return .keyword(keyword, value)
    }
  }

  private func value(_ name: String) -> JSONValue? { document.child(node, name).map(document.value) }

  // MARK: Types

  /// Whether the schema object says that null is allowed, which is so only beside `type`.
  var isNullable: Bool { value(version.nullable)?.boolValue == true }

  private func type(_ value: JSONValue) -> Meaning {
    switch value {
    case .string("file"):
      return .mistake(
        "'type: file' is allowed only for a form parameter or a response: it is not a JSON value",
        hint: "name a schema that describes JSON")
    case .string("null") where version == .v30:
      return .mistake(
        "OpenAPI 3.0 has no type 'null'", hint: "write the other type with nullable: true, or declare openapi: 3.1.0")
    case .array where version == .v30:
      return .mistake(
        "'type' must be one type in OpenAPI 3.0, not a list", hint: "write nullable: true for null, or declare openapi: 3.1.0")
    case .string where isNullable: return .keyword(.type, .array([value, .string("null")]))
    case .array(let names) where isNullable && !names.contains(.string("null")):
      return .keyword(.type, .array(names + [.string("null")]))
    default: return .keyword(.type, value)
    }
  }

  // MARK: Limits

  /// The limit that `exclusiveMinimum: true` makes exclusive.
  private func exclusive(_ keyword: Keyword, _ limit: Keyword) -> JSONValue? {
    guard value(keyword.rawValue)?.boolValue == true, let value = value(limit.rawValue), case .number = value else { return nil }
    return value
  }

  private func limit(_ keyword: Keyword, _ value: JSONValue, _ inclusive: Keyword) -> Meaning {
    guard value.boolValue != nil else {
      return .mistake(
        "'\(keyword.rawValue)' must be true or false in \(version.name)",
        hint: "write the limit as '\(inclusive.rawValue)', with \(keyword.rawValue): true")
    }
    return exclusive(keyword, inclusive).map { .keyword(keyword, $0) } ?? .none
  }

  // MARK: Members of one direction

  struct OptionalName {
    var name: String
    var isReadOnly: Bool
  }

  /// Names in `required` that are not required in this direction.
  var optionalNames: [OptionalName] {
    (value("required")?.arrayValue ?? []).compactMap(\.stringValue).compactMap { name in
      if oneWay.readOnly.contains(Name(name)) { return OptionalName(name: name, isReadOnly: true) }
      if oneWay.writeOnly.contains(Name(name)) { return OptionalName(name: name, isReadOnly: false) }
      return nil
    }
  }
}
