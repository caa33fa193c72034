/// What the page is about: where the records come from and go to, by which mappings, and how the runs were narrowed.
package struct ScopeSection: PageSection {
  package static let title = "Scope"
  package static let explanation =
    "What was read, from where, by which mappings, into what. A narrowed run covers only part of the source."
  package static let sources = ["summary.json", "run.json", "facts.ndjson", "the snapshot's manifest.json"]

  package struct Run: Encodable, Sendable, Equatable {
    package var run: String
    package var pipeline: String
    package var status: String
    package var exitCode: Int?
    /// RFC 3339, UTC.
    package var started: String
    package var finished: String?
    /// The location's ID, or `files`; nil: not recorded.
    package var location: String?
    package var locationName: String?
    /// An IANA name.
    package var timezone: String?
    package var country: String?
    package var snapshot: String?
    /// The time in which the source was read.
    package var windowStart: String?
    package var windowEnd: String?
    /// Whether the source was read to its end; nil: not recorded.
    package var snapshotIsComplete: Bool?
    /// The file that `waybill load` read.
    package var input: String?
    package var shard: String?
    /// How it was narrowed, in words; nil: it has everything that the source has.
    package var narrowed: String?
    package var isDryRun: Bool
    /// The run whose open records it replays.
    package var replayOf: String?
    package var destinations: [String] = []
    package var mappings: [Mapping] = []
    /// The messages and notes of the run's summary.
    package var messages: [String] = []
    package var notes: [String] = []
  }

  package struct Mapping: Encodable, Sendable, Equatable {
    package var name: String
    /// `version` of the mapping file; nil: it has none, or it is not recorded.
    package var version: String?
    package var file: String?
    /// SHA-256 of the file, hexadecimal; nil: not recorded.
    package var digest: String?
  }

  package var runs: [Run] = []
  package var missing: [NotRecorded] = []
}
