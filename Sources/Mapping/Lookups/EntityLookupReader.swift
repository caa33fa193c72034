import Core
import Transform

/// A lookup over the records of another entity: `{entity: user, key: id, values: [email]}`.
///
/// Its columns are checked against the entity's shape now; its entries come with the snapshot. `key` may be left out where the source
/// says which field identifies a record. Columns may lead into objects: `address.city`.
struct EntityLookupReader {
  let name: String
  let catalog: any SourceCatalog
  let blankIsNull: Bool

  private var what: String { "lookup '\(name)'" }

  func load(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> LoadedLookup? {
    let required = ["entity", "values"]
    guard node.checkKeys(what, known: MappingKeywords.lookupEntityGroup.names, required: required, &diagnostics),
      let entityNode = node["entity"], let entity = entityNode.word("\(what): entity", &diagnostics)
    else { return nil }
    guard let shape = catalog.shape(of: entity) else {
      let hint = NearestName.hint(entity, in: catalog.entities) ?? "it has: \(catalog.entities.joined(separator: ", "))"
      diagnostics.add(
        .init(.error, .unknownSourceEntity, at: entityNode.place, "'\(entity)' is not an entity of \(catalog.name)", hint: hint))
      return nil
    }
    guard let key = key(node, of: entity, shape, &diagnostics), let values = values(node, of: entity, shape, &diagnostics) else {
      return nil
    }
    let declared = EntityLookup(
      entity: entity, key: key, values: values.map(\.path), columnTypes: values.map(\.field.type), blankIsNull: blankIsNull)
    let columns = values.map { $0.path.joined(separator: ".") }
    var loaded = LoadedLookup(
      table: LookupTable(name: name, columns: columns, entries: [:], keys: [], entity: declared, place: node.place))
    loaded.columns = values.map(\.field)
    return loaded
  }

  private func key(
    _ node: YAMLNode, of entity: String, _ shape: ObjectShape, _ diagnostics: inout Diagnostics
  ) -> [String]? {
    guard let keyNode = node["key"] else {
      if let name = catalog.keyField(of: entity) { return [name] }
      diagnostics.add(.init(.error, .missingKeyword, at: node.place, "\(what) needs the key 'key'"))
      return nil
    }
    guard let name = keyNode.word("\(what): key", &diagnostics) else { return nil }
    return field(name, at: keyNode.place, of: entity, shape, &diagnostics)?.path
  }

  private func values(
    _ node: YAMLNode, of entity: String, _ shape: ObjectShape, _ diagnostics: inout Diagnostics
  ) -> [(path: [String], field: FieldShape)]? {
    guard let list = node["values"] else { return nil }
    let wanted = list.elements ?? [list]
    if wanted.isEmpty {
      diagnostics.add(.init(.error, .wrongKind, at: list.place, "\(what): values must name at least one field"))
      return nil
    }
    var found: [(path: [String], field: FieldShape)] = []
    for element in wanted {
      guard let name = element.word("\(what): values", &diagnostics),
        let value = field(name, at: element.place, of: entity, shape, &diagnostics)
      else { continue }
      guard !found.contains(where: { $0.path.isExactly(value.path) }) else {
        diagnostics.add(.init(.error, .duplicateKey, at: element.place, "\(what) names the field '\(name)' twice"))
        continue
      }
      found.append(value)
    }
    return found.count == wanted.count ? found : nil
  }

  /// The field at a path of dotted names, which must hold a plain value.
  private func field(
    _ text: String, at place: SourcePlace, of entity: String, _ shape: ObjectShape, _ diagnostics: inout Diagnostics
  ) -> (path: [String], field: FieldShape)? {
    let path = text.split(exactly: ".")
    var here = FieldShape("", .object(shape), isNullable: false)
    for name in path {
      let members: ObjectShape? =
        switch here.type {
        case .object(let shape): shape
        case .any: ObjectShape([], others: .any)
        default: nil
        }
      guard let members, !name.isEmpty else {
        diagnostics.add(.init(.error, .badPath, at: place, "\(what): '\(text)' is not a field of \(catalog.name) \(entity)"))
        return nil
      }
      if let field = members.field(named: name) {
        // A member of an object that may be missing may be missing too, and is as private.
        let outer = here
        here = field
        here.isNullable = field.isNullable || outer.isNullable
        here.privacy = max(field.privacy, outer.privacy)
      } else if let others = members.others {
        here = FieldShape(name, others, privacy: here.privacy)
      } else {
        let hint = NearestName.hint(name, in: members.fields.map(\.name))
        let code: DiagnosticCode = catalog.columns(of: entity) == nil ? .unknownSourceField : .missingColumn
        diagnostics.add(.init(.error, code, at: place, "no field '\(name)' in \(catalog.name) \(entity)", hint: hint))
        return nil
      }
    }
    guard Self.isPlain(here.type) else {
      diagnostics.add(
        .init(
          .error, .typeMismatch, at: place,
          "\(what): '\(text)' is \(Assignability.article(here.type)), but keys and values of a lookup must be plain",
          hint: here.type.element == nil ? "read one of its members: \(text).MEMBER" : nil))
      return nil
    }
    return (path, here)
  }

  private static func isPlain(_ type: ValueType) -> Bool {
    switch type {
    case .list, .object: false
    case .oneOf(let members): members.contains(where: isPlain)
    default: true
    }
  }
}
