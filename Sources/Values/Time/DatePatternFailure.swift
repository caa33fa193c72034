/// What is wrong with a date pattern, and where in it.
package struct DatePatternFailure: Error, Sendable, Hashable {
  package let message: String
  /// The mend: `write MM for the month`.
  package let hint: String?
  /// Characters before the place in the pattern, and how many it is about.
  package let offset: Int
  package let length: Int

  init(_ message: String, at offset: Int, length: Int = 1, hint: String? = nil) {
    self.message = message
    self.hint = hint
    self.offset = offset
    self.length = length
  }
}
