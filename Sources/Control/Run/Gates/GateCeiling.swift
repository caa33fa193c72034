/// The most that a gate allows: a share, a number, or a share with a number for small inputs.
package struct GateCeiling: Sendable, Hashable {
  /// From 0 to 100, unless what is counted can occur several times in a record.
  package var maxPercent: Double?
  /// With fewer records, `max` is judged in place of the share; without `max`, nothing is.
  package var minRecords: Int
  package var max: Int?

  package init(maxPercent: Double? = nil, minRecords: Int = 0, max: Int? = nil) {
    self.maxPercent = maxPercent
    self.minRecords = minRecords
    self.max = max
  }
}
