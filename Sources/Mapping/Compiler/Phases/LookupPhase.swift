import Core
import Transform

/// `lookups`: the tables are loaded, or declared over an entity.
struct LookupPhase: MappingPhase {
  let context: MappingContext
  var diagnostics: Diagnostics
  let source: SourceScope
  let marks: SourceMarks
  let vars: MappingVars
  let settings: WrittenSettings
  let target: MappingTarget
  private(set) var lookups = MappingLookups()

  init(_ before: TargetPhase) {
    context = before.context
    diagnostics = before.diagnostics
    source = before.source
    marks = before.marks
    vars = before.vars
    settings = before.settings
    target = before.target
    guard let node = context.document["lookups"], let entries = node.entries("lookups", &diagnostics) else { return }
    for entry in entries { read(entry) }
  }

  /// What the phases after this one refer to.
  var scope: MappingScope {
    MappingScope(
      context: context, diagnostics: diagnostics, source: source, marks: marks, settings: settings, target: target,
      lookups: lookups, vars: vars)
  }

  private mutating func read(_ entry: YAMLEntry) {
    if entry.key.utf8.contains(UInt8(ascii: ".")) {
      let hint = "a '.' separates the name and a column: NAME.COLUMN"
      report(.badArgument, at: entry.keyPlace, "a lookup's name cannot have a '.'", hint: hint)
    }
    var loaded = LookupLoader.loadWithPlaces(
      name: entry.key, node: entry.value, relativeTo: context.directory, catalog: context.catalog,
      blankIsNull: settings.values.blankIsNull, within: context.boundary, diagnostics: &diagnostics)
    if LookupLoader.isDeclaration(entry.value) { checkReview(entry.value, "lookup '\(entry.key)'") }
    if let own = loaded, let node = context.options.overrides.lookups?[entry.key] {
      loaded = LookupOverride.load(name: entry.key, node: node, columns: own.table.columns, diagnostics: &diagnostics)
    }
    let state = MappingLookups.State(name: entry.key, keyPlace: entry.keyPlace, loaded: loaded)
    lookups.add(state)
    warnOfLookAlikes(state)
  }

  /// Keys that look the same are different keys, and one of them is usually a typo.
  private mutating func warnOfLookAlikes(_ lookup: MappingLookups.State) {
    guard let loaded = lookup.loaded else { return }
    for pair in NearestName.lookAlikes(in: loaded.table.keys).prefix(10) {
      let line = loaded.place(ofKey: pair.other).map { " on line \($0.line)" } ?? ""
      report(
        .warning, .similarNames, at: loaded.place(ofKey: pair.name) ?? lookup.keyPlace,
        "lookup '\(lookup.name)': the key '\(pair.name)' looks like the one\(line) but is a different key", hint: pair.difference)
    }
  }
}
