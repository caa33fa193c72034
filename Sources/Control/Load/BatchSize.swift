/// How many records, and how many bytes, go into one request. The bytes shrink when the destination finds a body too large; they
/// do not grow again, since what was too large once will be too large the next time. The number of records stays: a batch of small
/// records is not at fault when one large record made the body too large, and fewer bytes isolate that one.
package struct BatchSize: Sendable, Hashable {
  package let records: Int
  package private(set) var bytes: Int

  /// - Parameters:
  ///   - records: at least 1.
  ///   - bytes: of a whole body, at least 1.
  package init(records: Int, bytes: Int = .max) {
    self.records = max(1, records)
    self.bytes = max(1, bytes)
  }

  /// Whether a body may take one more record. An empty one always may: a single record that is too large is refused by the
  /// destination, not by us.
  package func takes(_ bytes: Int, after records: Int, _ before: Int) -> Bool {
    records == 0 || records < self.records && before + bytes <= self.bytes
  }

  /// The destination refused a body of this size as too large. False: it had one record, which can never be sent.
  package mutating func shrink(records: Int, bytes: Int) -> Bool {
    guard records > 1 else { return false }
    self.bytes = min(self.bytes, max(1, bytes / 2))
    return true
  }
}
