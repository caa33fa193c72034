/// Whose records an intent or an accepted record belongs to. Keys are unique in a scope. Compared by bytes.
package struct JournalScope: Sendable, Hashable, Comparable {
  @ByBytes package var pipeline: String
  @ByBytes package var destination: String
  @ByBytes package var mapping: String
  @ByBytes package var location: String

  package init(pipeline: String, destination: String, mapping: String, location: String) {
    self.pipeline = pipeline
    self.destination = destination
    self.mapping = mapping
    self.location = location
  }

  private var parts: [Name] { [Name(pipeline), Name(destination), Name(mapping), Name(location)] }

  /// The name of a checkpoint about the scope's records.
  package func checkpoint(_ what: String) -> Name {
    let parts = [pipeline, destination, mapping, location].map { JSONValue.string($0) }
    return Name("\(what) \(JSONValue.array(parts).text)")
  }

  /// The checkpoint with the base URL where the IDs of the scope's records are valid.
  package var baseURL: Name { checkpoint("load address") }

  /// By the parts in their order, each by its bytes.
  package static func < (left: JournalScope, right: JournalScope) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }
}

/// What a journal has of a scope.
package struct JournalScopeSummary: Sendable, Hashable {
  package var scope: JournalScope
  /// Where its records are loaded, as last passed to `Journal.describe`.
  package var address: Name?
  /// Records that are present.
  package var records: Int
  package var openIntents: Int

  package init(scope: JournalScope, address: Name?, records: Int, openIntents: Int) {
    self.scope = scope
    self.address = address
    self.records = records
    self.openIntents = openIntents
  }
}
