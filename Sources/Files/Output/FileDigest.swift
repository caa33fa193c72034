import Core
import Crypto

/// Digests of contents, for later comparison.
package enum FileDigest {
  /// SHA-256, 64 lower-case hexadecimal digits.
  package static func sha256(of bytes: [UInt8]) -> String { Hexadecimal.text(of: SHA256.hash(data: bytes)) }

  package static func sha256(of text: String) -> String { sha256(of: Array(text.utf8)) }
}
