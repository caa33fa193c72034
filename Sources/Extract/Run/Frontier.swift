import Synchronization

/// How many contacts have landed, shared with the tasks that read the next ones.
final class Frontier: Sendable {
  private let count = Atomic(0)

  var landed: Int {
    get { count.load(ordering: .acquiring) }
    set { count.store(newValue, ordering: .releasing) }
  }
}
