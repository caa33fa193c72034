import Core

/// What a lane observed in each item of a batch, besides `LaneItems` and in the same order. Which items are let through is decided
/// after the lane has worked on them, so nothing is counted here: `Observations` does that.
package struct LaneObservations: Sendable {
  let plan: ObservationPlan
  private(set) var changes: [ValueChange] = []
  private(set) var pairs = ValuePairs()
  /// One number per item and column of `plan.crosstabs`.
  private(set) var numbers: [UInt32] = []
  private var ends: [Int] = []
  /// With `merge`, second pass: the source values of the columns of `plan.crosstabs`, which came with the record.
  var sources: [Cell] = []

  private let crosstabs: [(column: Int, source: ObservationPlan.Slot)]

  init(_ plan: ObservationPlan) {
    self.plan = plan
    crosstabs = plan.crosstabs
  }

  mutating func removeAll() {
    changes.removeAll(keepingCapacity: true)
    pairs.removeAll()
    numbers.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Nothing was changed, and no pairs are counted: as in most batches of most mappings.
  var isPlain: Bool { changes.isEmpty && crosstabs.isEmpty }

  func changes(ofItem index: Int) -> ArraySlice<ValueChange> { changes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

  func numbers(ofItem index: Int) -> ArraySlice<UInt32> {
    let count = crosstabs.count
    return numbers[index * count..<(index + 1) * count]
  }

  /// The item was not let through.
  mutating func appendNothing() {
    ends.append(changes.count)
    for _ in crosstabs { numbers.append(ValuePairs.none) }
  }

  mutating func append(
    _ changed: [ValueChange], slots: UnsafeMutableBufferPointer<Cell>, itemSlots: UnsafeMutableBufferPointer<Cell>,
    results: UnsafeMutableBufferPointer<Cell>, blankIsNull: Bool
  ) {
    if !changed.isEmpty { changes += changed }
    ends.append(changes.count)
    for (place, crosstab) in crosstabs.enumerated() {
      var source: Cell
      if sources.isEmpty {
        source = crosstab.source.isItem ? itemSlots[crosstab.source.number] : slots[crosstab.source.number]
        if source.isEmpty(blankIsNull: blankIsNull) { source = .null }
      } else {
        source = sources[place]
      }
      numbers.append(pairs.number(place, source, results[crosstab.column]))
    }
  }
}
