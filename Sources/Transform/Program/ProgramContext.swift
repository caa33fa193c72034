package import Core

/// What a program needs besides the mapping: facts about the location that its records come from.
package struct ProgramContext: Sendable {
  /// The location's own zone, for `zone: location` and `timezone: location`; an IANA name.
  package var locationZone: String?
  /// ISO 3166-1 alpha-2; for phones when neither the mapping nor the record says.
  package var locationRegion: String?
  /// Definitions of custom fields: nil where there are none, then `custom.KEY` reads the record's own `custom` object.
  package var customFields: [CustomFieldDefinition]?
  /// The start of the run, RFC 3339: `now` of expressions.
  package var now: String
  /// The tables of lookups over entities, as `EntityLookupLoader` reads them from a snapshot's files.
  package var entityTables: [EntityLookup: LookupTable]
  /// The maximum size in bytes of the values that functions, and expressions, produce from one record. Records have at most
  /// 16 MiB.
  package var valueLimit = 128 << 20

  package init(
    locationZone: String? = nil, locationRegion: String? = nil, customFields: [CustomFieldDefinition]? = nil,
    entityTables: [EntityLookup: LookupTable] = [:], now: String = "1970-01-01T00:00:00Z"
  ) {
    self.entityTables = entityTables
    self.locationZone = locationZone
    self.locationRegion = locationRegion
    self.customFields = customFields
    self.now = now
  }
}
