/// Whose records an intent or an accepted record belongs to. Keys are unique in a scope. Compared by bytes.
package struct JournalScope: Sendable, Hashable {
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
}
