import Core

/// Why the rules of a time zone cannot be had.
package struct TimeZoneFailure: DescribedError, Hashable {
  package enum Code: String, Sendable, Hashable {
    /// Not the form of an IANA name, or one that this product does not accept.
    case badName
    case unknownName
    /// No directory with time zone data was found.
    case noDatabase
    /// The file is not a TZif file, is damaged, or counts leap seconds.
    case badFile
  }

  package let code: Code
  package let message: String
  /// The fix: a similar name, or a package to install.
  package let hint: String?

  package var description: String { hint.map { "\(message) (\($0))" } ?? message }

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
