import Core
import Schema
import Transform

/// `target`: its schema and its key.
struct TargetPhase: MappingPhase {
  let context: MappingContext
  var diagnostics: Diagnostics
  let source: SourceScope
  private(set) var marks: SourceMarks
  let vars: MappingVars
  let settings: WrittenSettings
  private(set) var target: MappingTarget

  init(_ before: SettingsPhase) {
    context = before.context
    diagnostics = before.diagnostics
    source = before.source
    marks = before.marks
    vars = before.vars
    settings = before.settings
    target = MappingTarget(entity: context.name ?? "", place: context.start)
    if let entry = context.document.entry("target"), entry.value.entries("target", &diagnostics) != nil { read(entry) }
  }

  private mutating func read(_ entry: YAMLEntry) {
    let node = entry.value
    node.checkKeys(
      "target", known: MappingKeywords.target, required: MappingKeywords.targetGroup.required, at: entry.keyPlace, &diagnostics)
    checkReview(node, "target")
    target.entity = node["entity"]?.word("target.entity", &diagnostics) ?? target.entity
    if let schemaNode = node["schema"] {
      target.namesSchema = true
      if let file = schemaNode.text("target.schema", &diagnostics) {
        let loaded = loadSchema(file, at: schemaNode.place, .request)
        target.schema = loaded?.schema
        target.record = loaded?.validator
        target.validator = loaded.map { TargetValidator($0.schema) }
      }
    } else if node.misspells("schema", among: MappingKeywords.target) {
      target.namesSchema = true
    } else {
      marks.unchecked.append("target-schema")
      report(
        .note, .targetNotChecked, at: entry.keyPlace, "the output is not checked: 'target.schema' does not name a schema",
        hint: "add schema: FILE, the target's JSON Schema")
    }
    guard let keyNode = node["key"] else { return }
    target.keyPlace = keyNode.place
    let keyNodes = keyNode.elements ?? [keyNode]
    if keyNodes.isEmpty { keyNode.reportWrongKind("target.key", wanted: "a field or a list of fields", &diagnostics) }
    let keys = keyNodes.compactMap { $0.word("target.key", &diagnostics) }
    if !keys.isEmpty { (target.key, target.keyNodes) = (keys, keyNodes) }
  }
}
