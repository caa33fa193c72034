import Core
import Schema
import Transform

/// `source`: entity, shape, key, `each`.
struct SourcePhase: SourceReader {
  let context: MappingContext
  var diagnostics: Diagnostics
  var source = SourceScope()
  var marks = SourceMarks()
  /// None yet.
  var vars = MappingVars()

  init(_ header: HeaderPhase) {
    context = header.context
    diagnostics = header.diagnostics
    source.updatedAtIsStated = context.document["source"]?.entry("updated_at") != nil
    if let entry = context.document.entry("source"), entry.value.entries("source", &diagnostics) != nil { read(entry) }
    source.roots = source.expressionRoots()
  }

  private mutating func read(_ entry: YAMLEntry) {
    let node = entry.value
    node.checkKeys(
      "source", known: MappingKeywords.source, required: MappingKeywords.sourceGroup.required, at: entry.keyPlace,
      &diagnostics)
    checkReview(node, "source")
    source.entity = node["entity"]?.word("source.entity", &diagnostics) ?? ""
    source.label = "\(context.catalog.name) \(source.entity)"
    readShape(node)
    readExtra(node["extra"])
    readInputOptions(node)
    source.customFields = customFields(node["custom_fields"])
    if !source.isKnown {
      // The custom fields of an unknown entity are unknown: report only the entity.
      source.customFields = nil
      marks.unchecked.append("custom-fields")
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
        source.keyPrivacy = (found.facts.privacy, keyNode.place)
      }
    } else if let name = context.catalog.keyField(of: source.entity) {
      let path = SourcePath(steps: [.member(name)])
      key = path
      marks.names.insert(name)
      marks.add(path, at: entry.keyPlace)
    } else if !source.entity.isEmpty {
      report(.missingKeyword, at: entry.keyPlace, "source needs the key 'key': the field that identifies a record")
    }
    source.key = key
    let updatedAt = node["updated_at"].flatMap { recordPath($0, "source.updated_at")?.path }
    let each = node["each"].flatMap { readEach($0) }
    if key != nil { (source.updatedAt, source.each) = (updatedAt, each) }
  }

  private mutating func readShape(_ node: YAMLNode) {
    if let schemaNode = node["schema"] {
      source.label = source.entity
      source.hasOwnSchema = true
      guard let file = schemaNode.text("source.schema", &diagnostics) else { return }
      if let schema = loadSchema(file, at: schemaNode.place, .response)?.schema { source.shape = SourceShapes.shape(of: schema) }
      return
    }
    guard !source.entity.isEmpty, let entityNode = node["entity"] else { return }
    if let shape = context.catalog.shape(of: source.entity) {
      source.shape = shape
      guard context.catalog.isInferred(source.entity) else { return }
      report(
        .note, .sourceInferred, at: entityNode.place,
        "nothing describes '\(source.entity)': its fields are those of the file's first records, of any type",
        hint: "describe them: source: {schema: FILE}")
    } else {
      let known = "the entities of \(context.catalog.name) are: \(context.catalog.entities.joined(separator: ", "))"
      let hint =
        NearestName.hint(source.entity, in: context.catalog.entities)
        ?? "for a source of your own, write source: {schema: FILE}, or name its file in the project's pipeline; \(known)"
      source.isKnown = false
      report(
        .unknownSourceEntity, at: entityNode.place,
        "nothing describes '\(source.entity)', which is not an entity of \(context.catalog.name)", hint: hint)
    }
  }

  /// `extra: {additionalEmails: any}`: fields that the built-in shape lacks or has with a wrong type.
  private mutating func readExtra(_ node: YAMLNode?) {
    guard let node, let entries = node.entries("source.extra", &diagnostics) else { return }
    for entry in entries {
      let field = FieldShape(
        entry.key, extraType(entry.value, "source.extra.\(entry.key)"), privacy: DefaultPrivacy.policy(of: entry.key))
      if let index = source.shape.fields.firstIndex(where: { $0.name.isExactly(entry.key) }) {
        source.shape.fields[index].type = field.type
      } else {
        source.shape.fields.append(field)
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
    if let given = context.options.customFields { return given }
    guard let node else { return context.catalog.customFields(of: source.entity) }
    guard let file = node.text("source.custom_fields", &diagnostics) else { return nil }
    let fields = CustomFieldsFile.load(path: context.resolve(file), at: node.place, within: context.boundary, &diagnostics)
    // The reason why nothing is checked has been reported.
    if fields == nil { marks.unchecked.append("custom-fields") }
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
    case .list(let element): source.item = (element, found.facts.privacy, found.path)
    case .any: source.item = (.any, found.facts.privacy, found.path)
    case .oneOf(let members):
      guard let list = members.first(where: { $0.element != nil }) else { fallthrough }
      source.item = (list.element ?? .any, found.facts.privacy, found.path)
    default:
      let name = Assignability.article(found.facts.type)
      report(.typeMismatch, at: node.place, "each needs a list, but '\(found.path.text)' is \(name)")
      source.item = (.any, found.facts.privacy, found.path)
    }
    return found.path
  }
}
