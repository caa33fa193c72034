import Core

/// A regular expression that cannot be used, or a replacement that does not fit it: what is wrong, and the byte of the
/// text at which it is.
package struct PatternError: DescribedError, Hashable {
  package let message: String
  package let offset: Int
  /// The text may well be a regular expression: PCRE2, or our translation into its syntax, cannot express it.
  package var isLimit = false

  package var description: String { "\(message) (at byte \(offset + 1))" }
}
