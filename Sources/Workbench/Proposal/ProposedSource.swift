import Core
import Extract

/// What a sample is: an entity of GHL, or records of another source, which get a schema file of their own.
struct ProposedSource {
  let entity: String
  /// Empty: no field identifies a record.
  let key: [String]
  /// Why its key is a guess; nil if it is not one.
  let review: String?
  /// The content of the braces of `source`.
  let text: String
  /// The same source with a key, if it has none, so that the rest of the mapping can be compiled and checked.
  var provisionalText: String?
  /// Relative to the mapping.
  let schemaFile: (path: String, schema: JSONValue)?

  /// An entity of GHL, known by name.
  /// - Parameter review: why it is a guess.
  init(entity: String, review: String?) {
    self.entity = entity
    self.review = review
    key = [SourceCatalogs.ghl().keyField(of: entity) ?? "id"]
    text = "entity: \(entity), key: \(key[0])" + (review.map { ", review: \(YAMLText.sentence($0))" } ?? "")
    schemaFile = nil
  }

  /// - Parameter targetKey: the target's key, if the source's key is to fill it.
  init(_ fields: [FieldProfile], name: String, records: Int, isCSV: Bool, targetKey: String? = nil) {
    let catalog = SourceCatalogs.ghl()
    if !isCSV, let known = Self.entity(of: fields, catalog), let shape = catalog.shape(of: known),
      let key = catalog.keyField(of: known)
    {
      entity = known
      self.key = [key]
      var seen: Set<Name> = []
      let extra = fields.filter { shape.field(named: $0.path[0]) == nil && seen.insert($0.path[0]) }
      let listed = extra.map { "\(YAMLText.scalar($0.path[0])): \(Self.type(of: $0))" }
      review = nil
      text =
        "entity: \(known), key: \(key)" + (listed.isEmpty ? "" : ", extra: {\(listed.joined(separator: ", "))}")
      schemaFile = nil
      return
    }
    entity = NameMatch.camelCase(name) ?? "record"
    let choice = KeyChoice(fields, entity: entity, records: records, targetKey: targetKey)
    key = choice.field?.path ?? []
    review = choice.review
    let path = "schemas/\(name).source.schema.json"
    let named = "entity: \(YAMLText.scalar(entity))"
    let schema = "schema: \(YAMLText.scalar(path))"
    schemaFile = (path, SampleSchema.json(fields, title: entity))
    func keyed(_ path: [String]) -> String {
      let marked = choice.review.map { ", review: \(YAMLText.sentence($0))" } ?? ""
      return "\(named), key: \(YAMLText.scalar(SourcePathText.text(path) ?? "id")), \(schema)\(marked)"
    }
    if choice.field == nil {
      text = "\(named), \(schema)"
      let plain = fields.filter { !$0.isMostly(.list) && !$0.isMostly(.object) && !$0.isMostly(.boolean) }
      let fullest = plain.max { $0.filled < $1.filled } ?? fields.first
      provisionalText = keyed(fullest?.path ?? [])
    } else {
      text = keyed(key)
    }
  }

  /// The entity of GHL whose members these mostly are.
  private static func entity(of fields: [FieldProfile], _ catalog: any SourceCatalog) -> String? {
    let names = Set(fields.map { $0.path[0] })
    guard names.contains("id") else { return nil }
    let scored = catalog.entities.compactMap { entity -> (entity: String, share: Double)? in
      guard let shape = catalog.shape(of: entity) else { return nil }
      let known = names.filter { shape.field(named: $0) != nil }
      // Ids and names are in everything.
      guard known.count >= 5 || (known.contains("locationId") && known.count >= 3) else { return nil }
      return (entity, Double(known.count) / Double(names.count))
    }
    guard let best = scored.max(by: { ($0.share, $1.entity) < ($1.share, $0.entity) }), best.share >= 0.6 else { return nil }
    // Anything with a location is GHL's; without one it must be GHL's through and through.
    return names.contains("locationId") || best.share >= 0.95 ? best.entity : nil
  }

  private static func type(of field: FieldProfile) -> String {
    guard field.path.count == 1, field.kinds.count == 1, let kind = field.kinds.keys.first else { return "any" }
    switch kind {
    case .string, .integer, .number, .boolean: return kind.rawValue
    case .list, .object: return "any"
    }
  }
}

/// A JSON Schema of what a sample has.
enum SampleSchema {
  static func json(_ fields: [FieldProfile], title: String) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")), .init("title", .string(title)),
      .init("description", .string("What the records of a sample look like: types and members that were seen.")),
    ]
    members += object(fields, depth: 0)
    return .object(members)
  }

  private static func object(_ fields: [FieldProfile], depth: Int) -> [JSONValue.Member] {
    var names: [String] = []
    var groups: [Name: [FieldProfile]] = [:]
    for field in fields {
      let name = field.path[depth]
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append(field)
    }
    let properties = names.map { name -> JSONValue.Member in
      let group = groups[name] ?? []
      if let leaf = group.first(where: { $0.path.count == depth + 1 }) { return .init(name, .object(leafSchema(leaf))) }
      return .init(name, .object(object(group, depth: depth + 1).map(Self.nullable)))
    }
    return [.init("type", .string("object")), .init("properties", .object(properties))]
  }

  private static func nullable(_ member: JSONValue.Member) -> JSONValue.Member {
    member.name == "type" ? .init("type", .array([.string("object"), .string("null")])) : member
  }

  private static func leafSchema(_ field: FieldProfile) -> [JSONValue.Member] {
    let kinds = FieldProfile.Kind.allCases.filter { field.kinds[$0] != nil }
    var types = kinds.map { $0 == .list ? "array" : $0.rawValue }
    if types.contains("number") { types.removeAll { $0 == "integer" } }
    var members: [JSONValue.Member] = [.init("type", .array((types + ["null"]).map { .string($0) }))]
    let elements = FieldProfile.Kind.allCases.filter { field.elementKinds[$0] != nil }
    if elements.count == 1, let only = elements.first, only != .list, only != .object {
      members.append(.init("items", .object([.init("type", .array([.string(only.rawValue), .string("null")]))])))
    }
    return members
  }
}
