import Core
import Transform

/// What is declared but not used, and what is used but missing: known once everything has been read.
struct UsePhase: ScopedPhase {
  var scope: MappingScope
  let fields: MappingFields
  let filter: MappingFilter
  let rules: MappingRules

  init(_ before: RulePhase) {
    scope = before.scope
    fields = before.fields
    filter = before.filter
    rules = before.rules
    checkLookups()
    checkVars()
    if let entry = context.document.entry("source") { noteUnmapped(at: entry.keyPlace) }
    checkColumns()
  }

  private mutating func checkLookups() {
    for lookup in lookups.states {
      guard let loaded = lookup.loaded else { continue }
      guard lookup.isUsed else {
        report(.note, .unusedLookup, at: lookup.keyPlace, "lookup '\(lookup.name)' is never used")
        continue
      }
      guard !lookup.inputs.isEmpty, !lookup.inputs.contains(where: \.isPoisoned) else { continue }
      let dead = loaded.table.keys.filter { key in !lookup.inputs.contains { $0.canBe(key) } }
      let options = lookup.inputs.flatMap { $0.options ?? [] }
      let inputs = lookup.inputs
      func folded(_ key: String) -> String? {
        [key.lowercased(), key.uppercased(), key.trimmed].first { name in
          !name.isExactly(key) && inputs.contains { $0.canBe(name) }
        }
      }
      if dead.count == loaded.table.keys.count, dead.count > 1, options.isEmpty, folded(dead[0]) == nil {
        report(
          .warning, .lookupDeadKey, at: lookup.keyPlace,
          "lookup '\(lookup.name)': no value that reaches it can be any of its \(dead.count) keys: '\(dead[0])', …")
        continue
      }
      for key in dead.prefix(Self.deadKeysShown) {
        let hint = folded(key).map { NearestName.question(key, $0) } ?? NearestName.hint(key, in: options)
        report(
          .warning, .lookupDeadKey, at: loaded.place(ofKey: key) ?? lookup.keyPlace,
          "lookup '\(lookup.name)': no value that reaches it can be '\(key)'", hint: hint)
      }
      if dead.count > Self.deadKeysShown {
        report(
          .warning, .lookupDeadKey, at: lookup.keyPlace,
          "lookup '\(lookup.name)': no value that reaches it can be any of \(dead.count) of its \(loaded.table.keys.count) keys; the first \(Self.deadKeysShown) are shown"
        )
      }
    }
  }

  /// Listing more would add nothing.
  private static var deadKeysShown: Int { 10 }

  private mutating func checkVars() {
    for name in vars.names {
      guard let state = vars[name], !state.isUsed else { continue }
      report(.note, .unusedVar, at: state.entry.keyPlace, "var '\(name)' is never used")
    }
  }

  /// A note that names the fields that the mapping does not read.
  private mutating func noteUnmapped(at place: SourcePlace) {
    let names =
      source.shape.fields.map(\.name)
      + (source.customFields ?? []).map { "custom.\($0.key)" }
    let unread = names.filter { !marks.names.contains($0) && !($0 == "customFields" && marks.names.contains("custom")) }
    guard !unread.isEmpty else { return }
    let shown = unread.prefix(12).joined(separator: ", ") + (unread.count > 12 ? " and \(unread.count - 12) more" : "")
    let verb = unread.count == 1 ? "is" : "are"
    report(
      .note, .unmappedSourceField, at: place,
      "\(unread.count) of \(names.count) fields of \(source.label) \(verb) not read: \(shown)")
  }

  /// Reports columns that are read but missing, each once, and optional ones that nothing reads.
  private mutating func checkColumns() {
    if let columns {
      var seen: Set<[UInt8]> = []
      for read in marks.reads {
        guard let name = read.member, seen.insert(Array(name.utf8)).inserted else { continue }
        let isThere = columns.contains { $0.utf8.elementsEqual(name.utf8) }
        let isDeclared = source.optional.contains { $0.name.utf8.elementsEqual(name.utf8) }
        if !isThere, !isDeclared { reportMissingColumn(name, read, in: columns) }
      }
      for (name, place) in source.optional where isRead(name) { warnOfLookAlike(name, at: place, in: columns) }
    }
    for (name, place) in source.optional where !isRead(name) {
      let hint = NearestName.hint(name, in: marks.reads.compactMap(\.member)) ?? "remove it, or read it"
      report(.warning, .unusedOptional, at: place, "source.optional names '\(name)', which nothing reads", hint: hint)
    }
  }

  /// An optional column that is missing reads as null: a column that looks the same was probably meant.
  private mutating func warnOfLookAlike(_ name: String, at place: SourcePlace, in columns: [String]) {
    guard !columns.contains(exactly: name) else { return }
    let folded = name.lowercased()
    guard
      let other = NearestName.lookAlike(of: name, in: columns)?.other ?? columns.first(where: { $0.lowercased() == folded })
    else { return }
    report(
      .warning, .similarNames, at: place, "the input has no column '\(name)', but it has '\(other)', which looks similar",
      hint: NearestName.question(name, other))
  }

  private func isRead(_ name: String) -> Bool {
    marks.names.contains(name)
      || marks.reads.contains { name.utf8.elementsEqual($0.path.text.utf8) || $0.member?.utf8.elementsEqual(name.utf8) == true }
  }

  private mutating func reportMissingColumn(_ name: String, _ read: SourceRead, in columns: [String]) {
    // In a CSV file a nested field is one column: its name is not a path.
    let whole = columns.first { $0.utf8.elementsEqual(read.path.text.utf8) }
    let hint = whole.map { "the column '\($0)' is read as record[\(JSONValue.string($0).text)]" }
    report(
      .missingColumn, at: read.place, "the input has no column '\(name)'", hint: hint ?? Self.columnHint(name, in: columns))
  }
}
