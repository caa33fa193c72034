/// Size and digest of a file, for later comparison.
package struct FileMark: Sendable, Hashable {
  package var bytes: Int
  /// SHA-256, hexadecimal.
  package var sha256: String

  package init(bytes: Int, sha256: String) {
    self.bytes = bytes
    self.sha256 = sha256
  }
}
