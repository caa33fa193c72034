/// What is needed to make the same result, and the same page, again.
package struct ReproductionSection: PageSection {
  package static let title = "Reproduction"
  package static let explanation = "Versions, digests and commands that reproduce this result and this page."
  package static let sources = ["run.json", "facts.ndjson", "the snapshot's manifest.json"]

  package struct Run: Encodable, Sendable, Equatable {
    package var run: String
    /// Repeats the run on the same snapshot.
    package var command: String?
    /// What `now` is in expressions.
    package var moment: String?
    /// The format of the run's folder.
    package var folderVersion: Int?
    /// SHA-256 of the files that the run depends on: `waybill.yaml`, mappings, schemas, lookups.
    package var files: [Digest]
    /// SHA-256 of the snapshot's files.
    package var snapshotFiles: [Digest]
  }

  package struct Digest: Encodable, Sendable, Equatable {
    package var name: String
    package var sha256: String
  }

  /// The version of Waybill that made the page.
  package var version = ""
  /// Makes this page again.
  package var command = ""
  package var runs: [Run] = []
  package var missing: [NotRecorded] = []
}
