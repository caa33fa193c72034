import Core

/// What is wrong with a date pattern, and where in it.
package struct DatePatternFailure: DescribedError, Hashable {
  package let message: String
  /// The fix: `write MM for the month`.
  package let hint: String?
  /// Characters before the place in the pattern, and how many it is about.
  package let offset: Int
  package let length: Int

  package var description: String { hint.map { "\(message) (\($0))" } ?? message }

  init(_ message: String, at offset: Int, length: Int = 1, hint: String? = nil) {
    self.message = message
    self.hint = hint
    self.offset = offset
    self.length = length
  }
}
