import Core
import Transform

/// `lookups`, and the checks of their keys once all uses are known.
extension MappingBuilder {
  mutating func readLookups(_ node: YAMLNode) {
    guard let entries = node.entries("lookups", &diagnostics) else { return }
    var index = 0
    for entry in entries {
      if entry.key.utf8.contains(UInt8(ascii: ".")) {
        let hint = "a '.' separates the name and a column: NAME.COLUMN"
        report(.badArgument, at: entry.keyPlace, "a lookup's name cannot have a '.'", hint: hint)
      }
      var loaded = LookupLoader.loadWithPlaces(
        name: entry.key, node: entry.value, relativeTo: directory, catalog: catalog, blankIsNull: settings.blankIsNull,
        within: boundary, diagnostics: &diagnostics)
      if LookupLoader.isDeclaration(entry.value) { checkReview(entry.value, "lookup '\(entry.key)'") }
      if let own = loaded, let node = options.overrides.lookups?[entry.key] {
        loaded = LookupOverride.load(name: entry.key, node: node, columns: own.table.columns, diagnostics: &diagnostics)
      }
      var state = LookupState(name: entry.key, keyPlace: entry.keyPlace, loaded: loaded)
      if let table = loaded?.table {
        state.index = index
        lookupShapes[entry.key] = table.shape(index: index)
        lookupOfIndex.append(lookups.count)
        index += 1
      }
      lookupNumbers[entry.key] = lookups.count
      lookups.append(state)
      warnOfLookAlikes(state)
    }
  }

  /// Keys that look the same are different keys, and one of them is usually a typo.
  private mutating func warnOfLookAlikes(_ lookup: LookupState) {
    guard let loaded = lookup.loaded else { return }
    for pair in NearestName.lookAlikes(in: loaded.table.keys).prefix(Self.deadKeysShown) {
      let line = loaded.place(ofKey: pair.other).map { " on line \($0.line)" } ?? ""
      report(
        .warning, .similarNames, at: loaded.place(ofKey: pair.name) ?? lookup.keyPlace,
        "lookup '\(lookup.name)': the key '\(pair.name)' looks like the one\(line) but is a different key", hint: pair.difference)
    }
  }

  var lookupPlaces: [[SourcePlace]] {
    lookups.compactMap { state in
      state.loaded.map { loaded in loaded.table.keys.map { loaded.place(ofKey: $0) ?? state.keyPlace } }
    }
  }

  /// The result of a lookup.
  struct LookupResult {
    var known: [KnownValue]?
    var isNullable = true
    /// For a lookup over an entity: the privacy of its field, and its name, `user.email`.
    var privacy = Privacy.show
    var field: String?
  }

  /// Records that `facts` reach the lookup, and returns its result.
  mutating func look(
    up index: Int, column: Int, miss: FunctionCall.LookupMiss, otherwise place: SourcePlace, facts: ValueFacts
  ) -> LookupResult {
    guard lookupOfIndex.indices.contains(index), let loaded = lookups[lookupOfIndex[index]].loaded else {
      return LookupResult()
    }
    let position = lookupOfIndex[index]
    lookups[position].isUsed = true
    lookups[position].inputs.append(facts)
    if let entity = loaded.table.entity, loaded.columns.indices.contains(column) {
      let field = loaded.columns[column]
      let isNullable = field.isNullable || miss == .nullify || miss == .value(.null)
      return LookupResult(
        isNullable: isNullable, privacy: field.privacy, field: "\(entity.entity).\(loaded.table.columns[column])")
    }
    var known: [KnownValue] = []
    var isNullable = false
    for key in loaded.table.keys {
      guard let values = loaded.table.entries[key], values.indices.contains(column) else { continue }
      if values[column] == .null {
        isNullable = true
      } else if let place = loaded.place(ofValueFor: key, column: column) {
        known.append(KnownValue(value: values[column], place: place, what: "lookup '\(loaded.table.name)'"))
      }
    }
    switch miss {
    case .error: return LookupResult(known: known, isNullable: isNullable)
    case .keep: return LookupResult(isNullable: isNullable)
    case .nullify, .value(.null): return LookupResult(known: known)
    case .value(let value):
      return LookupResult(known: known + [KnownValue(value: value, place: place, what: "'else'")], isNullable: isNullable)
    }
  }

  /// Top-level fields of other entities that lookups in use need.
  var lookupReads: [String: Set<Name>] {
    var reads: [String: Set<Name>] = [:]
    for lookup in lookups where lookup.isUsed {
      guard let entity = lookup.loaded?.table.entity else { continue }
      reads[entity.entity, default: []].formUnion(Set(names: ([entity.key] + entity.values).compactMap(\.first)))
    }
    return reads
  }

  mutating func checkLookups() {
    for lookup in lookups {
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
}
