/// A place in a file that lines are appended to: everything before it is on the disk.
///
/// It can be stored. Later, in this process or another one, `DurableFile.reopen` goes on from there.
package struct FileCheckpoint: Sendable, Hashable, Codable {
  /// Bytes before the place.
  package var bytes: Int
  /// Lines before the place.
  package var lines: Int
  /// SHA-256 of the bytes before the place, hexadecimal.
  package var sha256: String

  package init(bytes: Int, lines: Int, sha256: String) {
    self.bytes = bytes
    self.lines = lines
    self.sha256 = sha256
  }
}
