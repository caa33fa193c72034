package import Core
package import Records
package import Transform

/// The result of compiling a mapping.
package struct MappingCompilation: Sendable {
  /// Nil if an error was reported.
  package var model: MappingModel?
  package var diagnostics: Diagnostics
  /// Per target field, in the order of the file: what could be determined, even if there are errors.
  package var explanation: [FieldExplanation]
  package var reads: SourceReads
  /// The columns that a CSV file of its records must have, even if there are errors.
  package var columns: [RecordReading.Column] = []
  package var tests: [MappingTest] = []
  /// Definitions for `custom.KEY`: the given ones, or the mapping's own (`source.custom_fields`); nil if there are none.
  package var customFields: [CustomFieldDefinition]?
  /// The places of each lookup's keys, in the order of the model's lookups and of their keys.
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
  /// Other entities that lookups in use read, with the top-level members that they read: these are also fetched.
  package var lookups: [String: Set<Name>]

  package init(entity: String, fields: Set<Name>, lookups: [String: Set<Name>] = [:]) {
    self.entity = entity
    self.fields = fields
    self.lookups = lookups
  }
}
