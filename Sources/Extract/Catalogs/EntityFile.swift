package import Core
package import Records

/// A file with the records of one entity, as a pipeline names it.
package struct EntityFile: Sendable, Hashable {
  @ByBytes package var entity: String
  package var path: String
  package var reading: FileReading
  /// Where the pipeline names it.
  package var place: SourcePlace

  package init(entity: String, path: String, reading: FileReading, place: SourcePlace) {
    self.entity = entity
    self.path = path
    self.reading = reading
    self.place = place
  }
}
