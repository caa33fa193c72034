/// What a mapping let through in the last complete run that published it.
package struct LastWritten: Sendable, Hashable {
  /// The run's ID.
  package var run: String
  package var count: Int

  package init(run: String, count: Int) {
    self.run = run
    self.count = count
  }
}
