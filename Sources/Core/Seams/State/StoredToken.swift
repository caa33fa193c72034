/// Which version of a token was read. Greater after each replacement, and never used again for the same name.
package struct TokenVersion: Sendable, Hashable, Comparable {
  package var number: Int64

  package init(_ number: Int64) { self.number = number }

  package static func < (left: TokenVersion, right: TokenVersion) -> Bool { left.number < right.number }
}

/// A secret that changes, such as a pair of OAuth tokens, as its owner stores it: encrypted. Prints without its value.
package struct StoredToken: Sendable, Hashable {
  package var value: [UInt8]
  package var version: TokenVersion

  package init(_ value: [UInt8], version: TokenVersion) {
    self.value = value
    self.version = version
  }
}

extension StoredToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How an attempt to replace a token ended.
package enum TokenReplacement: Sendable, Hashable {
  /// It is stored; its version.
  case replaced(TokenVersion)
  /// Another process was first. What is stored now; nil: it has been removed.
  case stale(StoredToken?)
}
