import Core

/// What was observed of a column goes with its value.
extension MergeComposer {
  /// - Parameter place: the end of the record's cells.
  mutating func takeObserved(_ entry: MergeEntry, _ record: SpooledRecord, at place: UnsafePointer<UInt8>) {
    guard place < record.bytes + record.size else { return }
    var place = place
    for column in best.indices {
      let size = ObservedColumn.size(place)
      if best[column].entry?.offset == entry.offset {
        best[column].observed.removeAll(keepingCapacity: true)
        best[column].observed.append(contentsOf: UnsafeBufferPointer(start: place, count: size))
      }
      place += size
    }
  }

  func appendObserved(_ survivor: SpooledRecord, at place: UnsafePointer<UInt8>, into arena: inout ByteArena) {
    guard place < survivor.bytes + survivor.size else { return }
    var place = place
    for column in best.indices {
      let size = ObservedColumn.size(place)
      if best[column].entry == nil {
        arena.append(Text(start: place, count: size))
      } else {
        best[column].observed.withUnsafeBufferPointer { bytes in
          if let base = bytes.baseAddress { arena.append(Text(start: base, count: bytes.count)) }
        }
      }
      place += size
    }
  }
}
