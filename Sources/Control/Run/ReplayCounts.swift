/// The open items of a run at one destination, by what a replay does with them: `open` is the sum of the others, except `pending`.
package struct ReplayCounts: Sendable, Hashable, Codable {
  /// Rejected or failed there, and not resolved before.
  package var open: Int
  /// They go through today's mapping.
  package var selected: Int
  /// A later run has read a newer version of the record, and loaded it or has nothing to load.
  package var superseded: Int
  /// A later run has read a newer version of the record, which is open there, or whose load was undone.
  package var newerOpen: Int
  /// They cannot be told apart from other items on their line, or from newer versions, or a later run read an older snapshot: they are not
  /// replayed.
  package var indistinct: Int
  /// Items that are pending: not open, since the next run sends them.
  package var pending: Int
  /// Nil if the records are replayed as they are in the source.
  package var corrections: CorrectionCounts?

  package init(
    open: Int = 0, selected: Int = 0, superseded: Int = 0, newerOpen: Int = 0, indistinct: Int = 0, pending: Int = 0,
    corrections: CorrectionCounts? = nil
  ) {
    self.open = open
    self.selected = selected
    self.superseded = superseded
    self.newerOpen = newerOpen
    self.indistinct = indistinct
    self.pending = pending
    self.corrections = corrections
  }
}
