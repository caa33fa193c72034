/// An item of a run that was rejected or failed, and is no longer open: a replay has loaded it, or another run has read a newer
/// version of its record.
package struct Resolution: Sendable, Hashable {
  /// The run whose item it is: the one that a replay replays.
  @ByBytes package var run: String
  @ByBytes package var mapping: String
  /// Nil: the item as a whole. Nothing is open at any destination.
  package var destination: Name?
  /// As the run's outcomes name the record; nil if it has no key.
  package var record: Name?
  /// The line number in the input, starting at 1.
  package var line: Int
  /// Of `each`, if the item has no key; -1: the record itself, or an item whose key names its element.
  package private(set) var element: Int
  /// The run that resolved it.
  @ByBytes package var resolver: String
  package var outcome: Outcome
  /// RFC 3339, UTC.
  @ByBytes package var time: String

  package init(
    run: String, mapping: String, destination: Name?, record: Name?, line: Int, element: Int = -1, resolver: String,
    outcome: Outcome, time: String
  ) {
    self.run = run
    self.mapping = mapping
    self.destination = destination
    self.record = record
    self.line = line
    self.element = record == nil ? element : -1
    self.resolver = resolver
    self.outcome = outcome
    self.time = time
  }
}
