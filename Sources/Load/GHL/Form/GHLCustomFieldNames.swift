import Core
import GHL
import Records

/// The custom fields of a location, as the mapping names them.
///
/// GHL shows values by the IDs of their definitions, and locations have IDs of their own; mappings name them by key.
struct GHLCustomFieldNames: Sendable {
  /// By the name in target records: the key, or what the mapping writes in its place.
  private var definitions: [Name: CustomFieldDefinition] = [:]
  /// The name in target records, by ID.
  private var names: [Name: String] = [:]

  /// - Throws: `OperationFailure` with the code `configuration`, with all names that the location does not have.
  init(_ columns: [[String]], _ known: [CustomFieldDefinition], location: String) throws(OperationFailure) {
    for definition in known {
      definitions[Name(definition.key)] = definition
      names[Name(definition.id)] = definition.key
    }
    var unknown: [String] = []
    for column in columns where column.count > 1 && column[0].isExactly(GHLFields.customFields) {
      let name = column[1]
      if definitions[Name(name)] != nil || unknown.contains(exactly: name) { continue }
      if let definition = known.first(where: { $0.id.isExactly(name) }) {
        definitions[Name(name)] = definition
        names[Name(definition.id)] = name
      } else {
        unknown.append(name)
      }
    }
    guard let first = unknown.first else { return }
    let all = unknown.map { "'\($0)'" }.joined(separator: ", ")
    let hint = NearestName.hint(first, in: known.map(\.key)).map { "; \($0)" } ?? ""
    throw OperationFailure(
      .configuration,
      "the location \(location) has no custom field \(all)\(hint): create \(unknown.count == 1 ? "it" : "them") in GHL, or remove \(unknown.count == 1 ? "it" : "them") from the mapping"
    )
  }

  func definition(of name: String) -> CustomFieldDefinition? { definitions[Name(name)] }

  /// Whether a field can be written at all. How files and lists of text boxes are written is not defined.
  func isWritable(_ name: String) -> Bool {
    switch definition(of: name)?.dataType {
    case .fileUpload, .textboxList, nil: false
    default: true
    }
  }

  // MARK: Canonical

  /// An object by name.
  ///
  /// - Parameter value: GHL's list of `{id, value}`, the list in a body, or an object by name.
  func canonical(_ value: JSONValue) -> JSONValue {
    if let members = value.objectValue {
      return .object(members.map { .init($0.name, Self.canonical($0.value, definitions[Name($0.name)]?.dataType)) })
    }
    guard let items = value.arrayValue else { return value }
    var members: [JSONValue.Member] = []
    for item in items {
      guard let id = item["id"]?.stringValue else { continue }
      // A field that has been deleted since; its values remain.
      let name = names[Name(id)] ?? "cf_\(id)"
      let own = item["value"] ?? item["fieldValue"] ?? item["field_value"] ?? .null
      members.append(.init(name, Self.canonical(own, definitions[Name(name)]?.dataType)))
    }
    return .object(members)
  }

  private static func canonical(_ value: JSONValue, _ type: CustomFieldDefinition.DataType?) -> JSONValue {
    switch (type, value) {
    case (.numerical, .string(let text)), (.monetary, .string(let text)):
      // JSON's numbers only: `$5` and `007` are texts.
      if case .number(let digits)? = try? JSONReader.read(text) { return .number(digits) }
      return value
    case (.checkbox, .string(let text)), (.multipleOptions, .string(let text)):
      return text.isEmpty ? .array([]) : .array([value])
    case (.date, _): return GHLTime.day(value)
    default: return value
    }
  }

  // MARK: Bodies

  /// The list in a body. An empty value clears a field.
  func items(_ members: [JSONValue.Member], _ generation: GHLVersions.Generation) -> [JSONValue] {
    members.compactMap { member in
      guard let definition = definitions[Name(member.name)] else { return nil }
      let value = member.value == .null ? Self.empty(definition.dataType) : member.value
      return .object([.init("id", .string(definition.id)), .init(generation == .v3 ? "fieldValue" : "field_value", value)])
    }
  }

  private static func empty(_ type: CustomFieldDefinition.DataType) -> JSONValue {
    switch type {
    case .multipleOptions, .checkbox: .array([])
    case .fileUpload, .textboxList: .object([])
    default: .string("")
    }
  }
}
