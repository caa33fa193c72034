/// The state of a file at one moment. Writing to the file, or replacing it, changes its stamp.
package struct FileStamp: Sendable, Hashable, Codable {
  /// In bytes.
  package var size: Int64
  /// When it was last written, in nanoseconds since 1970.
  package var modified: Int64

  package init(size: Int64, modified: Int64) {
    self.size = size
    self.modified = modified
  }
}
