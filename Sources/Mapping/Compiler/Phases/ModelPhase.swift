import Core
import Transform

/// The end: how values may be shown depends on all fields, and the parts become one model.
struct ModelPhase: ScopedPhase {
  var scope: MappingScope
  let filter: MappingFilter
  var fields: MappingFields
  let rules: MappingRules
  let tests: [MappingTest]

  init(_ before: TestPhase) {
    scope = before.scope
    filter = before.filter
    fields = before.fields
    rules = before.rules
    tests = before.tests
    spreadPrivacy()
    checkKeyPrivacy()
  }

  var compilation: MappingCompilation {
    MappingCompilation(
      model: diagnostics.hasErrors ? nil : model, diagnostics: diagnostics, explanation: explanations(),
      // Which custom fields are read matters only for notes; they are fetched together.
      reads: SourceReads(
        entity: source.entity, fields: marks.names.filter { !$0.text.hasPrefix(exactly: "custom.") }, lookups: lookups.reads),
      columns: marks.reads.columns(optional: source.optional.map(\.name)), tests: tests, customFields: source.customFields,
      lookupPlaces: lookups.places)
  }

  /// Nil if the document yields no model at all; `diagnostics` determines whether the model may be used.
  private var model: MappingModel? {
    guard let name = context.name, let key = source.key, !target.key.isEmpty else { return nil }
    var model = MappingModel(
      name: name, file: context.file, entity: source.entity, key: key, updatedAt: source.updatedAt, each: source.each,
      targetEntity: target.entity, targetKey: target.key, target: target.schema, record: target.record, settings: settings.values,
      lookups: lookups.states.compactMap { $0.loaded?.table }, vars: vars.models, fields: fields.drafts.map(\.model),
      filter: filter.model, rules: rules.assertions, unchecked: marks.unchecked)
    model.unique = rules.unique
    model.merge = rules.merge
    model.reading = source.reading
    model.optional = source.optional.map(\.name)
    model.reads = marks.reads
    return model
  }
}
