/// What becomes of a record that another journal has, when it is merged into this one.
package enum JournalMerge: String, Sendable, Hashable, CaseIterable {
  /// The key was not known.
  case added
  /// More calls were resolved in the other journal: its record replaces the one here.
  case replaced
  /// Both are equal.
  case same
  /// More calls were resolved here: the record here stays.
  case older
  /// As many calls were resolved in both journals, with different results. Which of them came last cannot be determined, so the
  /// record here stays.
  case conflicting

  /// - Parameter here: nil if the key is not known here.
  package init(_ other: Accepted, into here: Accepted?) {
    guard let here else {
      self = .added
      return
    }
    if other.epoch == here.epoch {
      self = other.withoutRefusal == here.withoutRefusal ? .same : .conflicting
    } else {
      self = other.epoch > here.epoch ? .replaced : .older
    }
  }

  /// The record of the other journal is recorded here.
  package var isWritten: Bool { self == .added || self == .replaced }
}
