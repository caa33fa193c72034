package import Core
package import Transform

/// What compiling a mapping gives.
package struct MappingCompilation: Sendable {
  /// Nil where an error was reported.
  package var model: MappingModel?
  package var diagnostics: Diagnostics
  /// Per target field, in the order of the file; what could be found out, also where there are errors.
  package var explanation: [FieldExplanation]
  package var reads: SourceReads
  package var tests: [MappingTest] = []
  /// Definitions behind `custom.KEY`: those that were given, or the mapping's own (`source.custom_fields`); nil where there are none.
  package var customFields: [CustomFieldDefinition]?
  /// Where the keys of each lookup stand, in the order of the model's lookups and of their keys.
  package var lookupPlaces: [[SourcePlace]] = []

  /// For a file that is not read at all.
  package static var none: MappingCompilation {
    MappingCompilation(diagnostics: Diagnostics(), explanation: [], reads: SourceReads(entity: "", fields: []))
  }
}

/// What a mapping reads of its source, so that no more is fetched.
package struct SourceReads: Sendable, Hashable {
  package var entity: String
  /// Top-level members; `custom` for custom fields.
  package var fields: Set<Name>
  /// Other entities that lookups in use are made from, with the top-level members that they read: these are fetched, too.
  package var lookups: [String: Set<Name>]

  package init(entity: String, fields: Set<Name>, lookups: [String: Set<Name>] = [:]) {
    self.entity = entity
    self.fields = fields
    self.lookups = lookups
  }
}
