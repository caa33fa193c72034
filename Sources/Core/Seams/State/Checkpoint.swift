/// A named value that a process continues from: a cursor, a time, a list of what is done.
package struct Checkpoint: Sendable, Hashable {
  package var name: Name
  /// Nil removes it.
  package var value: [UInt8]?

  package init(_ name: Name, _ value: [UInt8]?) {
    self.name = name
    self.value = value
  }
}
