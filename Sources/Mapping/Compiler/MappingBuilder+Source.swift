import Core
import Schema
import Transform

/// What the paths of a mapping can name.
struct SourceScope {
  /// Its name in messages: `ghl contact`.
  var label = "the source"
  var shape = ObjectShape([], others: .any)
  var customFields: [CustomFieldDefinition]?
  /// The element of `each`; nil without `each`.
  var item: (type: ValueType, privacy: Privacy, path: SourcePath)?
  /// The key's path: never null in a record that is let through.
  var key: SourcePath?
  /// How its values may be shown, according to the source, and where the mapping names it.
  var keyPrivacy: (policy: Privacy, place: SourcePlace)?
}

/// `source`: entity, shape, key, `each`.
extension MappingBuilder {
  mutating func source(_ entry: YAMLEntry?) -> (key: SourcePath, updatedAt: SourcePath?, each: SourcePath?)? {
    guard let entry, entry.value.entries("source", &diagnostics) != nil else { return nil }
    let node = entry.value
    node.checkKeys(
      "source", known: MappingKeywords.source, required: MappingKeywords.sourceGroup.required, at: entry.keyPlace,
      &diagnostics)
    checkReview(node, "source")
    entity = node["entity"]?.word("source.entity", &diagnostics) ?? ""
    scope.label = "\(catalog.name) \(entity)"
    readShape(node)
    readExtra(node["extra"])
    readInputOptions(node)
    scope.customFields = customFields(node["custom_fields"])
    if !entityIsKnown {
      // The custom fields of an unknown entity are unknown: report only the entity.
      scope.customFields = nil
      unchecked.append("custom-fields")
    }
    var key: SourcePath?
    if let keyNode = node["key"] {
      if let found = recordPath(keyNode, "source.key") {
        key = found.path
        if !found.facts.isPoisoned, !Self.mayBeKey(found.facts.type) {
          report(
            .typeMismatch, at: keyNode.place,
            "a key must be a text or a number, but '\(found.path.text)' is \(Assignability.article(found.facts.type))",
            hint: "name the field that identifies a record")
        }
        scope.keyPrivacy = (found.facts.privacy, keyNode.place)
      }
    } else if let name = catalog.keyField(of: entity) {
      let path = SourcePath(steps: [.member(name)])
      key = path
      readNames.insert(name)
      markRead(path, at: entry.keyPlace)
    } else if !entity.isEmpty {
      report(.missingKeyword, at: entry.keyPlace, "source needs the key 'key': the field that identifies a record")
    }
    scope.key = key
    let updatedAt = node["updated_at"].flatMap { recordPath($0, "source.updated_at")?.path }
    let each = node["each"].flatMap { readEach($0) }
    return key.map { ($0, updatedAt, each) }
  }

  private mutating func readShape(_ node: YAMLNode) {
    if let schemaNode = node["schema"] {
      scope.label = entity
      hasOwnSchema = true
      guard let file = schemaNode.text("source.schema", &diagnostics) else { return }
      if let schema = loadSchema(file, at: schemaNode.place)?.schema { scope.shape = SourceShapes.shape(of: schema) }
      return
    }
    guard !entity.isEmpty, let entityNode = node["entity"] else { return }
    if let shape = catalog.shape(of: entity) {
      scope.shape = shape
    } else {
      let hint = NearestName.hint(entity, in: catalog.entities) ?? "it has: \(catalog.entities.joined(separator: ", "))"
      entityIsKnown = false
      report(.unknownSourceEntity, at: entityNode.place, "\(catalog.name) has no entity '\(entity)'", hint: hint)
    }
  }

  mutating func loadSchema(_ file: String, at place: SourcePlace) -> (schema: TargetSchema, validator: SchemaValidator)? {
    var options = SchemaOptions(yaml: YAMLSchemaReader.read, boundary: boundary)
    options.isReference = true
    let result = SchemaCompiler.load(path: resolve(file), options: options)
    for source in result.sources { diagnostics.register(source) }
    for var diagnostic in result.diagnostics {
      // A missing file is an error of the mapping: report it where the mapping names the file.
      if [.inputMissing, .outsideProject, .notRegularFile].contains(diagnostic.code) { diagnostic.place = place }
      diagnostics.add(diagnostic)
    }
    guard let schema = result.schema, let validator = result.validator else { return nil }
    return (schema, validator)
  }

  /// `extra: {additionalEmails: any}`: fields that the built-in shape lacks or has with a wrong type.
  private mutating func readExtra(_ node: YAMLNode?) {
    guard let node, let entries = node.entries("source.extra", &diagnostics) else { return }
    for entry in entries {
      let field = FieldShape(
        entry.key, extraType(entry.value, "source.extra.\(entry.key)"), privacy: DefaultPrivacy.policy(of: entry.key))
      if let index = scope.shape.fields.firstIndex(where: { $0.name.isExactly(entry.key) }) {
        scope.shape.fields[index].type = field.type
      } else {
        scope.shape.fields.append(field)
      }
    }
  }

  private mutating func extraType(_ node: YAMLNode, _ what: String) -> ValueType {
    if let elements = node.elements {
      guard elements.count == 1 else {
        node.reportWrongKind(what, wanted: "a type, [type] or {member: type}", &diagnostics)
        return .any
      }
      return .list(extraType(elements[0], what))
    }
    if let entries = node.entries {
      return .object(
        ObjectShape(
          entries.map { FieldShape($0.key, extraType($0.value, "\(what).\($0.key)"), privacy: DefaultPrivacy.policy(of: $0.key)) }
        ))
    }
    let types = MappingKeywords.types
    guard let word = node.word(what, oneOf: types.map(\.name), &diagnostics) else { return .any }
    return types.first { $0.name == word }?.type ?? .any
  }

  private mutating func customFields(_ node: YAMLNode?) -> [CustomFieldDefinition]? {
    if let given = options.customFields { return given }
    guard let node else { return catalog.customFields(of: entity) }
    guard let file = node.text("source.custom_fields", &diagnostics) else { return nil }
    let fields = CustomFieldsFile.load(path: resolve(file), at: node.place, within: boundary, &diagnostics)
    // The reason why nothing is checked has been reported.
    if fields == nil { unchecked.append("custom-fields") }
    return fields
  }

  /// Whether some value of the type is a text or a number.
  private static func mayBeKey(_ type: ValueType) -> Bool {
    switch type {
    case .boolean, .list, .object: false
    case .oneOf(let members): members.contains { mayBeKey($0) }
    default: true
    }
  }

  private mutating func readEach(_ node: YAMLNode) -> SourcePath? {
    guard let found = recordPath(node, "source.each") else { return nil }
    switch found.facts.type {
    case .list(let element): scope.item = (element, found.facts.privacy, found.path)
    case .any: scope.item = (.any, found.facts.privacy, found.path)
    case .oneOf(let members):
      guard let list = members.first(where: { $0.element != nil }) else { fallthrough }
      scope.item = (list.element ?? .any, found.facts.privacy, found.path)
    default:
      let name = Assignability.article(found.facts.type)
      report(.typeMismatch, at: node.place, "each needs a list, but '\(found.path.text)' is \(name)")
      scope.item = (.any, found.facts.privacy, found.path)
    }
    return found.path
  }

  /// A path that starts at the record itself: no var, no custom field, no item.
  mutating func recordPath(_ node: YAMLNode, _ what: String) -> (path: SourcePath, facts: ValueFacts)? {
    guard let found = readPath(node, what) else { return nil }
    guard case .source(let path, _, _) = found.value, path.root == .record else {
      report(.badPath, at: node.place, "\(what) must be a field of the record itself")
      return nil
    }
    return (path, found.facts)
  }
}
