package import Core
package import Files
package import Transform

/// Loads the lookups of a mapping: inline tables and CSV files; declares those over the snapshot's own entities.
///
///     statuses: {lead: prospect, customer: active}
///     owners: {file: lookups/owners.csv, key: ghl_user_id, values: [app_user_id, team]}
///     users: {entity: user, key: id, values: [email]}
///
/// Keys are text, whatever they look like. Cells of a file are trimmed, and an empty one is null. All problems are reported;
/// the result is nil if the table cannot be used at all.
package struct LookupLoader {
  /// `directory`: that of the mapping file, which `file` is relative to. `catalog` has the shapes that lookups over entities are
  /// checked against. With the place of every key and value, for messages about the table's content.
  package static func loadWithPlaces(
    name: String, node: YAMLNode, relativeTo directory: String, catalog: any SourceCatalog, blankIsNull: Bool = true,
    within boundary: FileBoundary? = nil, diagnostics: inout Diagnostics
  ) -> LoadedLookup? {
    guard !node.isRefused else { return nil }
    guard let entries = node.entries("lookup '\(name)'", &diagnostics) else { return nil }
    let keys = entries.map(\.key)
    if node["entity"] != nil, isDeclaration(node, keys, word: "entity") {
      return EntityLookupReader(name: name, catalog: catalog, blankIsNull: blankIsNull).load(node, &diagnostics)
    }
    if node["file"] != nil, isDeclaration(node, keys, word: "file") {
      return CSVLookup.load(name: name, node: node, relativeTo: directory, within: boundary, diagnostics: &diagnostics)
    }
    return inline(name: name, node: node, entries: entries, diagnostics: &diagnostics)
  }

  /// Whether the node names a file or an entity, rather than being the table itself.
  static func isDeclaration(_ node: YAMLNode) -> Bool {
    let keys = (node.entries ?? []).map(\.key)
    return ["entity", "file"].contains { node[$0] != nil && isDeclaration(node, keys, word: $0) }
  }

  /// Whether a map declares where its table comes from, and is not a table that happens to have the key `file`.
  private static func isDeclaration(_ node: YAMLNode, _ keys: [String], word: String) -> Bool {
    let words: Set<String> = [word, "key", "values", "value", "review"]
    // A table's values are plain: a list can only name columns.
    return keys.contains("key") || node["values"]?.elements != nil || words.isSuperset(of: keys)
  }

  private static func inline(
    name: String, node: YAMLNode, entries: [YAMLEntry], diagnostics: inout Diagnostics
  ) -> LoadedLookup? {
    var loaded = LoadedLookup(table: LookupTable(name: name, columns: [""], entries: [:], keys: []))
    var isWhole = true
    if entries.isEmpty {
      diagnostics.add(
        .init(.error, .wrongKind, at: node.place, "lookup '\(name)' has no entry", hint: "write {KEY: VALUE, …}"))
      return nil
    }
    for entry in entries {
      let what = "lookup '\(name)', key '\(entry.key)'"
      guard entry.value.scalar != nil else {
        entry.value.reportWrongKind(what, wanted: "a plain value or null", &diagnostics)
        isWhole = false
        continue
      }
      guard let value = entry.value.literal(what, &diagnostics) else {
        isWhole = false
        continue
      }
      loaded.add(entry.key, at: entry.keyPlace, [value], at: [entry.value.place])
    }
    return isWhole ? loaded : nil
  }
}

/// A lookup table and the places of its parts in the file.
package struct LoadedLookup: Sendable {
  package var table: LookupTable
  /// For a lookup over an entity: its columns in the entity's shape.
  package internal(set) var columns: [FieldShape] = []
  private var keyPlaces: [Name: SourcePlace] = [:]
  private var valuePlaces: [Name: [SourcePlace]] = [:]

  init(table: LookupTable) { self.table = table }

  /// The place of `key`.
  package func place(ofKey key: String) -> SourcePlace? { keyPlaces[key] }

  /// The place of the value of a column for `key`.
  package func place(ofValueFor key: String, column: Int) -> SourcePlace? {
    guard let places = valuePlaces[key], places.indices.contains(column) else { return nil }
    return places[column]
  }

  mutating func add(_ key: String, at keyPlace: SourcePlace, _ values: [JSONValue], at places: [SourcePlace]) {
    table.entries[key] = values
    table.keys.append(key)
    keyPlaces[key] = keyPlace
    valuePlaces[key] = places
  }
}
