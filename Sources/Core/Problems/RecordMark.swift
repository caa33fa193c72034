/// The place of a record in its input.
package struct RecordMark: BitwiseCopyable, Sendable, Hashable {
  /// From 1.
  package var line: Int
  /// Bytes from the beginning of the input.
  package var offset: Int
  /// The place of the fault in bytes from the beginning of its line, for records that cannot be read. -1: unknown, or the
  /// record as a whole.
  package var faultOffset: Int
  /// The element of `each`; -1: the record itself.
  package var element: Int

  package init(line: Int, offset: Int, faultOffset: Int = -1, element: Int = -1) {
    self.line = line
    self.offset = offset
    self.faultOffset = faultOffset
    self.element = element
  }
}
