package import Extract
package import State

/// How a pipeline's source is read, according to the command line and the environment.
package struct SourceOptions: Sendable {
  package var state: StateFolder
  /// Where secrets are looked up.
  package var environment: [String: String]
  /// Finished target records to load; nothing is extracted or transformed.
  package var load: TargetFile?
  /// A snapshot's id, or `latest`: nothing is extracted.
  package var snapshot: String?
  /// Takes precedence over the pipeline's `location`.
  package var location: String?
  /// IDs or names; takes precedence over the pipeline's `businesses`.
  package var businesses: [String]?
  /// At most this many contacts; for files, and for a snapshot that the pipeline names, at most this many records of each
  /// entity.
  package var limit: Int?
  /// At most this many requests.
  package var requestBudget: Int?
  /// Names of mappings; nil: all.
  package var mappings: [String]?
  /// Names of destinations; nil: all. Mappings that go to none of them are left out.
  package var destinations: [String]?
  /// A location's id, or `files`: the part of the pipeline's source that is read.
  package var shard: String?
  /// The open items of an earlier run, whose snapshot is read; the others are left out. `mappings` then are exactly those that take
  /// part, whether or not a destination takes them: others refer to them.
  package var replay: RunRequest.Replay?
  /// The project folder if the command line names it; nil: found from the pipeline file.
  package var project: String?

  package init(state: StateFolder, environment: [String: String]) {
    self.state = state
    self.environment = environment
  }
}
