import Core
import Transform

extension TransformCounts {
  /// What has become of the items that were read. Those that are written go on to the destinations.
  var outcomes: OutcomeCounts {
    var counts = OutcomeCounts()
    counts[.written] = written
    counts[.filtered] = filtered
    counts[.merged] = merged
    counts[.rejected] = rejected
    return counts
  }
}
