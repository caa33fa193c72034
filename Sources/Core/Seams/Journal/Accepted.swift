/// What a destination has for a record, according to its results.
package struct Accepted: Sendable, Hashable {
  /// The destination's own ID of the record; nil if it has not given one.
  package var remoteID: Name?
  /// The tag of the version that it accepted last.
  package var entityTag: Name?
  /// The digest of what it accepted last. Nil: the last result is unknown, so nothing may be concluded from an earlier one.
  package var digest: [UInt8]?

  package init(remoteID: Name? = nil, entityTag: Name? = nil, digest: [UInt8]? = nil) {
    self.remoteID = remoteID
    self.entityTag = entityTag
    self.digest = digest
  }
}
