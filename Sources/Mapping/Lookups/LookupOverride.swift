import Core
import Transform

/// A lookup in a test, which replaces the mapping's own: a plain value per key if the table has one column, otherwise
/// `{COLUMN: VALUE, …}`; an omitted column is null.
///
///     lookups: {statuses: {lead: prospect}, owners: {u1: {app_user_id: "7", team: north}}}
enum LookupOverride {
  /// `columns`: those of the mapping's own table.
  static func load(
    name: String, node: YAMLNode, columns: [String], diagnostics: inout Diagnostics
  ) -> LoadedLookup? {
    guard let entries = node.entries("lookup '\(name)'", &diagnostics) else { return nil }
    var loaded = LoadedLookup(table: LookupTable(name: name, columns: columns, entries: [:], keys: []))
    var isWhole = true
    for entry in entries {
      let what = "lookup '\(name)', key '\(entry.key)'"
      var values = [JSONValue](repeating: .null, count: columns.count)
      var places = [SourcePlace](repeating: entry.value.place, count: columns.count)
      if let cells = entry.value.entries {
        isWhole = entry.value.checkKeys(what, known: columns, &diagnostics) && isWhole
        for cell in cells {
          guard let index = columns.firstIndex(exactly: cell.key), let value = cell.value.literal(what, &diagnostics) else {
            continue
          }
          (values[index], places[index]) = (value, cell.value.place)
        }
      } else if columns.count == 1, entry.value.scalar != nil, let value = entry.value.literal(what, &diagnostics) {
        values = [value]
      } else {
        entry.value.reportWrongKind(what, wanted: "a map of columns: \(columns.joined(separator: ", "))", &diagnostics)
        isWhole = false
      }
      loaded.add(entry.key, at: entry.keyPlace, values, at: places)
    }
    return isWhole ? loaded : nil
  }
}
