package import Core

/// A mapping's rules across records: `unique`, `merge`, `references`.

/// `unique: contactId`, or `{fields: [email], severity: warning}`: target fields that no two records let through may share.
///
/// A record with a null (or nothing) in one of the fields takes no part.
package struct UniqueRule: Sendable, Hashable {
  /// Names of target fields.
  package var fields: [String]
  /// `error`: later ones are rejected; `warning`: they pass, and are reported.
  package var severity: Severity
  /// `across: locations`; otherwise within one location.
  package var acrossLocations: Bool
  package var place: SourcePlace

  package init(fields: [String], severity: Severity = .error, acrossLocations: Bool = false, place: SourcePlace) {
    self.fields = fields
    self.severity = severity
    self.acrossLocations = acrossLocations
    self.place = place
  }
}

/// `merge: {by: [email], keep: newest, fields: {phone: filled}}`: records that share the fields of `by` become one.
package struct MergeRule: Sendable, Hashable {
  /// The record that survives: it keeps its keys, and its values unless a rule overrides them.
  package enum Keep: String, Sendable, Hashable, CaseIterable {
    /// By `source.updated_at`; of equals the later one in the input, and a record without a time counts as older than any.
    case newest
    /// By `source.updated_at`; of equals the earlier one in the input, and a record without a time counts as newer than any.
    case oldest
    /// In the order of the input.
    case first, last
  }

  /// Which record's value a field of the survivor takes.
  package enum Preference: String, Sendable, Hashable, CaseIterable {
    /// That record's value, null or not.
    case newest, oldest, first, last
    /// The survivor's, or else that of the next best record, by `keep`, which has one.
    case filled
    /// The one with the most characters, or the most elements.
    case longest
    /// Of dates and date-times.
    case earliest, latest
  }

  package var by: [String]
  package var keep: Keep
  package var fields: [Name: Preference]
  /// Of the fields that `fields` does not name; nil: the survivor's value.
  package var others: Preference?
  package var place: SourcePlace

  package init(
    by: [String], keep: Keep, fields: [Name: Preference] = [:], others: Preference? = nil, place: SourcePlace
  ) {
    self.by = by
    self.keep = keep
    self.fields = fields
    self.others = others
    self.place = place
  }
}

/// `references: MAPPING` of a field.
package struct ReferenceModel: Sendable, Hashable {
  @ByBytes package var mapping: String
  package var place: SourcePlace

  package init(mapping: String, place: SourcePlace) {
    self.mapping = mapping
    self.place = place
  }
}
