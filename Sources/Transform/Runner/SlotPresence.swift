import Core
import Records

/// Which of the fields that a program reads have not occurred in any record yet: members of the record, and of objects in it.
/// Elements of lists and custom fields are not tracked: a list may well be empty in all records. A field that was seen once
/// is not checked again, so the cost per record is zero once every field has been seen.
struct SlotPresence {
  /// Slots that have been missing in every record.
  private var unseen: [Int]
  private var hasRecords = false
  private(set) var isSettled: Bool

  init(_ paths: [[RecordWalker.Step]]) {
    unseen = paths.indices.filter { slot in
      paths[slot].allSatisfy { step in
        switch step {
        case .member, .memberInAnyCase: true
        case .element, .select, .customField: false
        }
      }
    }
    isSettled = unseen.isEmpty
  }

  mutating func take(_ slots: UnsafeMutableBufferPointer<Cell>) {
    hasRecords = true
    unseen.removeAll { slots[$0].kind != .missing }
    isSettled = unseen.isEmpty
  }

  /// Nil if there was no record at all.
  var absent: Set<Int>? { hasRecords ? Set(unseen) : nil }
}

/// Paths of a program that no record in a stretch of input has: slots of the record, and of the elements of `each`. Nil:
/// the stretch has no records, or no elements.
package struct AbsentPaths: Sendable, Equatable {
  package var record: Set<Int>?
  package var item: Set<Int>?
  /// Of the whole input; empty for a part of it.
  var sample = RecordSample()

  package init(record: Set<Int>? = nil, item: Set<Int>? = nil) {
    self.record = record
    self.item = item
  }

  mutating func formIntersection(_ other: AbsentPaths) {
    record = Self.common(record, other.record)
    item = Self.common(item, other.item)
    if sample.isEmpty { sample = other.sample }
  }

  private static func common(_ left: Set<Int>?, _ right: Set<Int>?) -> Set<Int>? {
    guard let left, let right else { return left ?? right }
    return left.intersection(right)
  }
}
