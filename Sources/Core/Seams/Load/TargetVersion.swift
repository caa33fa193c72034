/// The version of a file that a load would replace as a whole.
package struct TargetVersion: Sendable, Hashable, Codable {
  /// A hash of its content.
  package var digest: String
  /// Nil: there is no file.
  package var stamp: FileStamp?

  package init(digest: String, stamp: FileStamp?) {
    self.digest = digest
    self.stamp = stamp
  }
}
