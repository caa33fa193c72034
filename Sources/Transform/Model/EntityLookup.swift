package import Core

/// A lookup whose entries are the records of another entity of the same snapshot: `{entity: user, key: id, values: [email]}`.
///
/// The compiler knows its columns and their types; the entries come when a program is made (`ProgramContext.entityTables`,
/// filled by `EntityLookupLoader`), so that any key is possible until then.
package struct EntityLookup: Sendable, Hashable {
  package var entity: String
  /// Member names, from the record inwards.
  package var key: [String]
  /// Per column.
  package var values: [[String]]
  package var columnTypes: [ValueType]
  /// `settings.blank_is_null` of the mapping: a blank text is null, and not a key.
  package var blankIsNull: Bool

  package init(
    entity: String, key: [String], values: [[String]], columnTypes: [ValueType]? = nil, blankIsNull: Bool = true
  ) {
    self.entity = entity
    self.key = key
    self.values = values
    self.columnTypes = columnTypes ?? values.map { _ in .any }
    self.blankIsNull = blankIsNull
  }

  package static func == (left: EntityLookup, right: EntityLookup) -> Bool {
    left.entity.isExactly(right.entity) && left.key.isExactly(right.key)
      && left.values.elementsEqual(right.values) { $0.isExactly($1) } && left.columnTypes == right.columnTypes
      && left.blankIsNull == right.blankIsNull
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(Name(entity))
    for name in key { hasher.combine(Name(name)) }
    for path in values { hasher.combine(path.map { Name($0) }) }
  }
}
