package import Core
package import Transform

/// What a mapping reads and writes, in the names that profiles use: `MAPPING.fields.json` in a run's folder. It is what a report needs to
/// set a target field beside its source fields when the mapping file has changed since.
///
///     {"version":1,"mapping":"contacts","file":"mappings/contacts.yaml","entity":"contact","key":"id","target_key":["contactId"],
///      "fields":[{"field":"phone","sources":["phone"],"privacy":"last4","required":false,"default":false}],
///      "reads":["id","phone"]}
package struct MappedFields: Sendable, Equatable {
  package static let version = 1

  package struct Field: Sendable, Equatable {
    /// The path with dots, as in profiles.
    package var name: String
    /// As in profiles; without those that only a `default` reads.
    package var sources: [String] = []
    /// How values may be shown.
    package var privacy = Privacy.show
    package var isRequired = false
    package var hasDefault = false
    /// The mapping whose keys it has; nil: it is not a reference.
    package var references: String?
  }

  package var mapping: String
  /// The mapping file, as the user named it.
  package var file: String?
  package var entity: String?
  /// The source path that identifies a record, as in profiles.
  package var key: String?
  package var targetKey: [String] = []
  package var fields: [Field] = []
  /// Every source path that something in the mapping reads, as in profiles, each once.
  package var reads: [String] = []

  package init(mapping: String) { self.mapping = mapping }

  package init(_ model: MappingModel) {
    mapping = model.name
    file = model.file
    entity = model.entity
    func name(_ path: SourcePath) -> String { Self.name(of: path, each: model.each) }
    key = name(model.key)
    targetKey = model.targetKey
    fields = model.fields.map { field in
      Field(
        name: field.target.joined(separator: "."), sources: Self.unique(field.value.sources(in: model).map(name)),
        privacy: field.privacy, isRequired: field.isRequired, hasDefault: field.fallback != nil,
        references: field.references?.mapping)
    }
    reads = Self.unique(model.reads.map { name($0.path) } + [name(model.key)])
  }

  /// `tags[]` for an element of the list `tags`, `customFields.KEY` for a custom field.
  ///
  /// - Parameter each: the list whose elements are items.
  package static func name(of path: SourcePath, each: SourcePath? = nil) -> String {
    var text =
      switch path.root {
      case .record, .parent: ""
      case .custom(let key): "customFields.\(key)"
      case .item: each.map { name(of: $0) + "[]" } ?? ""
      }
    for step in path.steps {
      switch step {
      case .member(let name): text += text.isEmpty ? name : ".\(name)"
      case .index, .select: text += "[]"
      }
    }
    return text
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<Name> = []
    return names.filter { !$0.isEmpty && seen.insert(Name($0)).inserted }
  }
}

// MARK: JSON

extension MappedFields {
  package var json: JSONValue {
    func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    let fields = fields.map { field in
      var members: [JSONValue.Member] = [
        .init("field", .string(field.name)), .init("sources", list(field.sources)),
        .init("privacy", .string(field.privacy.rawValue)), .init("required", .bool(field.isRequired)),
        .init("default", .bool(field.hasDefault)),
      ]
      if let references = field.references { members.append(.init("references", .string(references))) }
      return JSONValue.object(members)
    }
    return .object([
      .init("version", .number(Self.version)), .init("mapping", .string(mapping)), .init("file", SummaryJSON.text(file)),
      .init("entity", SummaryJSON.text(entity)), .init("key", SummaryJSON.text(key)), .init("target_key", list(targetKey)),
      .init("fields", .array(fields)), .init("reads", list(reads)),
    ])
  }

  /// Nil for a value that does not describe a mapping.
  package init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let fields = json["fields"]?.arrayValue else { return nil }
    func names(_ value: JSONValue?) -> [String] { (value?.arrayValue ?? []).compactMap(\.stringValue) }
    self.init(mapping: mapping)
    file = json["file"]?.stringValue
    entity = json["entity"]?.stringValue
    key = json["key"]?.stringValue
    targetKey = names(json["target_key"])
    reads = names(json["reads"])
    self.fields = fields.compactMap { field in
      guard let name = field["field"]?.stringValue else { return nil }
      return Field(
        name: name, sources: names(field["sources"]),
        privacy: field["privacy"]?.stringValue.flatMap { Privacy(rawValue: $0) } ?? .never,
        isRequired: field["required"]?.boolValue ?? false, hasDefault: field["default"]?.boolValue ?? false,
        references: field["references"]?.stringValue)
    }
  }
}
