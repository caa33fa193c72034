package import Core

/// A field of a mapping's target records.
package struct GateField: Sendable, Hashable {
  package var mapping: Name
  /// `address.city`
  package var name: Name

  package init(mapping: Name, name: Name) {
    self.mapping = mapping
    self.name = name
  }
}

/// The values of a field of the target records, counted because a gate asks for them.
package struct GateFieldCount: Sendable, Hashable {
  package var records: Int
  /// Records whose value is neither null nor blank.
  package var present: Int
  package var null: Int
  package var blank: Int
  /// Different values among those that are present; nil: they were not counted.
  package var distinct: Int?
  /// The latest date, RFC 3339; nil: there is none, or it was not looked for.
  package var newest: String?

  package init(records: Int = 0, present: Int = 0, null: Int = 0, blank: Int = 0, distinct: Int? = nil, newest: String? = nil) {
    self.records = records
    self.present = present
    self.null = null
    self.blank = blank
    self.distinct = distinct
    self.newest = newest
  }
}
