/// A random sample of records, source next to target.
package struct SampleSection: PageSection {
  package static let title = "Sample"
  package static let explanation =
    "Records chosen at random. Compare each one with the two systems and tick it. The same seed selects the same records."
  package static let sources = ["samples/MAPPING.ndjson"]

  package struct Record: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var key: String?
    /// In the snapshot's file, from 1.
    package var line: Int?
    /// Of `each`, from 0.
    package var element: Int?
    package var outcomes: [Outcome]
    /// Why it was rejected or failed.
    package var problem: Problem?
    /// The source could not be read back, so its values are not shown.
    package var isUnread = false
    package var fields = PageList<Field>()
  }

  package struct Outcome: Encodable, Sendable, Equatable {
    package var destination: String
    package var outcome: String
  }

  package struct Problem: Encodable, Sendable, Equatable {
    package var code: String
    package var field: String?
    package var message: String?
  }

  package struct Field: Encodable, Sendable, Equatable {
    /// The target's field.
    package var field: String
    package var sources: [Value]
    /// Masked as `pii` says; nil: no value.
    package var target: String?
  }

  package struct Value: Encodable, Sendable, Equatable {
    package var path: String
    /// Masked as `pii` says; nil: no value.
    package var value: String?
  }

  /// From which items the records of a mapping were chosen, and by which seed.
  package struct Origin: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var seed: String
    /// Items that could have been chosen: all but those that were filtered or merged.
    package var of: Int
    /// Items in the file of the sample; the page has the first of them.
    package var chosen: Int
  }

  package var origins: [Origin] = []
  /// In the order of the runs and mappings.
  package var records: [Record] = []
  package var missing: [NotRecorded] = []
}
