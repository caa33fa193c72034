package import Core

/// One test of a mapping file: a source record and its expected outcome. A table of cases is one test per case.
package struct MappingTest: Sendable {
  package enum Expectation: Sendable {
    /// Let through; the result does not matter.
    case accepted
    /// Target records, in order; only `each` produces more than one from a record.
    case records([Expected], isExact: Bool)
    /// Rejected, with exactly these codes and rules; an empty list accepts any.
    case rejected([Code])
    /// Left out by `where`.
    case filtered
  }

  /// A target record, or a part of one, as the test writes it.
  package struct Expected: Sendable {
    package var record: JSONValue
    package var place: SourcePlace
  }

  /// A slug of the ledger, or the id of a rule under `validate`.
  package struct Code: Sendable, Hashable {
    package var slug: String
    package var place: SourcePlace
  }

  package var name: String
  package var place: SourcePlace
  package var given: JSONValue
  package var expectation: Expectation
  /// Nil: warnings do not matter.
  package var warnings: [Code]?
  package var overrides: MappingOverrides
  /// RFC 3339; nil: the moment at which the tests run.
  package var now: String?
}

/// What a test replaces in the mapping: settings one by one, lookups as a whole.
package struct MappingOverrides: Sendable, Hashable {
  package var settings: YAMLNode?
  package var lookups: YAMLNode?

  package init(settings: YAMLNode? = nil, lookups: YAMLNode? = nil) {
    self.settings = settings
    self.lookups = lookups
  }

  package var isEmpty: Bool { settings == nil && lookups == nil }
}
